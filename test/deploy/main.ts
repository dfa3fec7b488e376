/**
 * The stack as an owner deploys it, on an emulator of AWS on this machine: `npm run test:deploy`. Ends with 0 if every
 * sentence is true, 1 if not, and 77 where the emulator cannot be had, so that nothing was tested.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cdk } from "./cdk";
import { clientsAt } from "./clients";
import { readDeployment } from "./deployment";
import { detection } from "./detection";
import { applyDropped, switchOnRules } from "./dropped";
import { type Emulator, startEmulator } from "./emulator";
import { freePort } from "./free-port";
import { type Gateway, startGateway } from "./gateway";
import { install, NotHere } from "./install";
import { owner } from "./owner";
import { enforcement, nameCallers, permissions } from "./permissions";
import { drained } from "./queues";
import { CannotGoOn, type Sentences, sentences } from "./sentences";
import { trouble } from "./trouble";
import { upgrade } from "./upgrade";

const SKIPPED = 77;

async function main(): Promise<number> {
  let python: string;
  try {
    python = await install(
      join(__dirname, "requirements.txt"),
      ".ministack",
      "Python 3.11 or later with venv, and PyPI",
    );
  } catch (error) {
    if (!(error instanceof NotHere)) throw error;
    console.log(`SKIPPED: the deployed stack was not tested. ${error.message}`);
    return SKIPPED;
  }
  const told = sentences(console.log);
  const folder = mkdtempSync(join(tmpdir(), "plumbline-deploy-"));
  const port = await freePort();
  const gateway = await startGateway(port);
  let emulator: Emulator | undefined;
  try {
    emulator = await told.say("An emulator of AWS runs on 127.0.0.1", () =>
      startEmulator(python, folder, port, gateway.url),
    );
    await story(told, folder, gateway, emulator);
  } catch (error) {
    if (!(error instanceof CannotGoOn)) throw error;
  } finally {
    await emulator?.stop();
    await gateway.stop();
    if (told.failed === 0) rmSync(folder, { recursive: true, force: true });
    else console.log(`What the emulator and the functions logged is kept: ${join(folder, "emulator.log")}`);
  }
  console.log(`${told.passed} sentences are true, ${told.failed} are not`);
  return told.failed === 0 ? 0 : 1;
}

async function story(told: Sentences, folder: string, gateway: Gateway, emulator: Emulator): Promise<void> {
  const { say, check } = told;
  const now = Math.floor(Date.now() / 60_000) * 60;
  const clients = clientsAt(gateway.url);
  const command = cdk(folder, gateway.url);
  await say("cdk bootstrap prepares the account", command.bootstrap);
  await say("cdk deploy makes the stack of bin/plumbline.ts", command.deploy);
  const deployment = await readDeployment(clients, command.output);
  await say("What the emulator leaves out of the template is set by API", async () => {
    await applyDropped(clients, deployment);
    await switchOnRules(clients, deployment);
  });
  const world = { say, check, cdk: command, clients, gateway, emulator, deployment, now };
  // A function that is changed while it works on a message leaves it hidden for half an hour.
  await say("The event by which S3 tests its queue is taken and done with", () =>
    drained(world, "FlowLogQueue/Queue", 60),
  );
  await say("Each function says in its calls who it is", () => nameCallers(world));
  const detected = await detection(world);
  await owner(world, detected);
  await trouble(world, detected);
  await upgrade(world, detected);
  await permissions(world);
  await enforcement(world);
}

// Whoever ends this ends the emulator with it, which happens at exit.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);

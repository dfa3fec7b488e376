/** Moto's server, on a loopback port, in a virtual environment that is kept from run to run. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { run } from "../deploy/command";
import { eventually } from "../deploy/waiting";

const REQUIREMENTS = join(__dirname, "requirements.txt");
const KEPT_IN = join(__dirname, "../../.moto");

/** What is needed is not on this machine, and cannot be had. */
export class NotHere extends Error {}

export interface Moto {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startMoto(): Promise<Moto> {
  const python = await install();
  const port = await freePort();
  const child = spawn(python, ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)], {
    stdio: "ignore",
  });
  process.once("exit", () => child.kill("SIGKILL"));
  const url = `http://127.0.0.1:${port}`;
  await eventually("a server that answers", 60, async () => {
    if (child.exitCode !== null) throw new Error(`Moto's server ended with ${child.exitCode}`);
    const answer = await fetch(`${url}/moto-api/`).catch(() => null);
    return answer?.ok ? true : null;
  });
  return {
    url,
    async stop() {
      child.kill("SIGKILL");
      await new Promise((resolve) => (child.exitCode === null ? child.once("exit", resolve) : resolve(null)));
    },
  };
}

async function install(): Promise<string> {
  const digest = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex").slice(0, 12);
  const folder = join(KEPT_IN, digest);
  const python = join(folder, "bin", "python");
  const complete = join(folder, "complete");
  if (existsSync(complete)) return python;
  rmSync(KEPT_IN, { recursive: true, force: true });
  try {
    await run("python3", ["-m", "venv", folder], { timeout: 120 });
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    await run(python, [...pip, "--requirement", REQUIREMENTS], { timeout: 300 });
  } catch (cause) {
    throw new NotHere(
      `Moto cannot be installed. It needs Python 3.10 or later with venv, and PyPI.\n${(cause as Error).message}`,
      { cause },
    );
  }
  writeFileSync(complete, "");
  return python;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

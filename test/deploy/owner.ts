/** What the README tells an owner to do with the findings. */
import { join } from "node:path";
import { ExecuteStatementCommand } from "@aws-sdk/client-dynamodb";
import { ownerEnvironment } from "./cdk";
import { run } from "./command";
import type { Detected } from "./detection";
import { equal } from "./equal";
import type { World } from "./world";

const ROOT = join(__dirname, "../..");

export async function owner(
  { say, clients, deployment, gateway }: World,
  { findings }: Detected,
): Promise<void> {
  const plumbline = (...args: string[]) =>
    run(process.execPath, [join(ROOT, "cli/plumbline.cjs"), "findings", ...args], {
      timeout: 60,
      env: { PATH: process.env.PATH, ...ownerEnvironment(gateway.url) },
    });
  await say("plumbline findings list shows them by the stack's outputs", async () => {
    const printed = await plumbline("list");
    equal(
      findings.filter(({ id }) => !printed.includes(id)),
      [],
    );
  });
  await say("plumbline findings resolve settles one", async () => {
    const [first] = findings;
    const printed = await plumbline("resolve", first?.id ?? "");
    equal(printed.trim(), `${first?.title}: resolved`);
  });
  await say("The README's SQL finds those that are open", async () => {
    const Statement = `SELECT id, type FROM "${deployment.of("Tables/Findings")}"."byStatus" WHERE status = 'open'`;
    const { Items = [] } = await clients.dynamoDb.send(new ExecuteStatementCommand({ Statement }));
    equal(Items.length, findings.length - 1);
  });
}

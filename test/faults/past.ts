/** Tables as ten quiet days leave them, made by the deployed functions themselves. */
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { LOOK_BACK } from "../../functions/metrics";
import { T0 } from "../support/flow-log";
import type { Answer, Item } from "./command";
import { Container } from "./container";
import { deploy, NAMES, type Worker } from "./deployment";
import { memoryTables } from "./memory-tables";
import { type Scenario, today } from "./scenario";
import { services } from "./services";

export type Tables = Record<string, Item[]>;

export async function pastOf(scenario: Scenario): Promise<Tables> {
  const tables = memoryTables(NAMES);
  let now = T0;
  const world = {
    ...services(scenario, () => now),
    tables,
    now: () => now,
    threatList: scenario.threatList,
    metricsEvery: LOOK_BACK,
  };
  await invoke("inventory", []);
  const metrics = deployed("metrics");
  now = today(10);
  await invoke("flow-logs", scenario.past.flowLogs);
  await invoke("cloudtrail", scenario.past.trail);
  for (now = T0 + ((today(10) - T0) % LOOK_BACK); now <= today(10); now += LOOK_BACK) await run(metrics, []);
  return everything(tables);

  function deployed(worker: Worker) {
    const container = new Container(worker, 0);
    return { container, handler: deploy(worker, container, world) };
  }

  async function invoke(worker: Worker, bodies: readonly string[]): Promise<void> {
    await run(deployed(worker), bodies);
  }

  async function run(
    { container, handler }: ReturnType<typeof deployed>,
    bodies: readonly string[],
  ): Promise<void> {
    const Records = bodies.map((body, i) => ({ messageId: String(i), body }) as SQSRecord);
    await container.invoke(() => handler({ Records } as SQSEvent));
    for (let [step] = container.steps; step !== undefined; [step] = container.steps)
      await container.goOn(step, { value: await step.perform() });
    const { result } = container;
    if (result !== null && "error" in result) throw result.error;
    const failures =
      (result?.value as { batchItemFailures?: unknown[] } | undefined)?.batchItemFailures ?? [];
    if (failures.length > 0) throw new Error(`The past cannot be told: ${JSON.stringify(failures)}`);
  }
}

/** All that is in the tables. */
export async function everything(tables: Answer): Promise<Tables> {
  const all: Tables = {};
  for (const TableName of Object.values(NAMES)) {
    const { Items = [] } = (await tables({ name: "ScanCommand", input: { TableName } })) as {
      Items?: Item[];
    };
    all[TableName] = Items;
  }
  return all;
}

/** Puts items into tables that are empty. */
export async function fill(tables: Answer, items: Readonly<Tables>): Promise<void> {
  for (const [table, all] of Object.entries(items)) {
    for (let i = 0; i < all.length; i += 25) {
      const some = all.slice(i, i + 25).map((Item) => ({ PutRequest: { Item } }));
      await tables({ name: "BatchWriteCommand", input: { RequestItems: { [table]: some } } });
    }
  }
}

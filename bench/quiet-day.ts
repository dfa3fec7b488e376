/**
 * How often DynamoDB is read and written on a day on which nothing is new. Fourteen days of the sample's account are
 * replayed through the handlers that are deployed; the calls of the last day are counted.
 */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Table from "cli-table3";
import { startEmbeddedDynamoDb } from "../cli/local/embedded-dynamodb";
import { replay } from "../cli/replay";
import { detectionConfig } from "../functions/core/config";
import { generateSample } from "../samples/generate";
import { DAYS } from "../samples/traffic";

const OBJECTS_A_DAY = 288;

/** Calls by kind and table, `Put baselines`, since the count was last begun. */
type Calls = Map<string, number>;

async function callsOfOneDay(dir: string): Promise<Calls> {
  const database = await startEmbeddedDynamoDb();
  const calls: Calls = new Map();
  const { client } = database;
  const counting = Object.create(client) as typeof client;
  counting.send = ((command: { constructor: { name: string }; input: { TableName?: string } }) => {
    const call = `${command.constructor.name.replace("Command", "")} ${command.input.TableName}`;
    calls.set(call, (calls.get(call) ?? 0) + 1);
    return client.send(command as never);
  }) as typeof client.send;
  try {
    const { findings } = await replay({
      dir,
      config: detectionConfig.parse({}),
      database: { ...database, client: counting },
      references: {},
      interrupted: () => false,
      onProgress(done, total) {
        if (done <= total - OBJECTS_A_DAY) calls.clear();
      },
    });
    if (findings.length > 0)
      throw new Error(`The day is not quiet: ${findings.map((one) => one.title).join("; ")}`);
    return calls;
  } finally {
    await database.stop();
  }
}

/** Prints the calls of such a day, by kind and table. */
export async function printQuietDay(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), "plumbline-writes-"));
  try {
    await generateSample(dir);
    await removeLastDay(dir);
    const calls = await callsOfOneDay(dir);
    const table = new Table({ head: ["Calls of one steady day", "Number"], style: { head: [], border: [] } });
    for (const [call, count] of [...calls].sort(([a], [b]) => (a < b ? -1 : 1))) table.push([call, count]);
    const writes = [...calls]
      .filter(([call]) => /^(Put|Delete)/.test(call))
      .reduce((sum, [, n]) => sum + n, 0);
    console.log(table.toString());
    console.log(`${writes} writes for ${OBJECTS_A_DAY} objects of 9 functions and one group.`);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** On the sample's last day there is something to find. */
async function removeLastDay(dir: string): Promise<void> {
  const entries = await readdir(dir, { recursive: true });
  const folders = entries.filter((name) => /vpcflowlogs.\w+-\w+-\d.\d{4}.\d\d.\d\d$/.test(name)).sort();
  if (folders.length !== DAYS)
    throw new Error(`${folders.length} days of flow logs in the sample, not ${DAYS}`);
  await rm(join(dir, folders.at(-1) as string), { recursive: true });
}

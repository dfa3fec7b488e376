/**
 * `npm run bench:writes`: how often DynamoDB is read and written on a day on which nothing is new. Fourteen days of the
 * sample's account are replayed through the handlers that are deployed; the calls of the last day are counted.
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
import { type CountedCalls, countingCalls } from "./counting-calls";

const OBJECTS_A_DAY = 288;

async function callsOfOneDay(dir: string): Promise<CountedCalls> {
  const database = await startEmbeddedDynamoDb();
  const counted = countingCalls(database.client);
  try {
    const { findings } = await replay({
      dir,
      config: detectionConfig.parse({}),
      database: { ...database, client: counted.client },
      references: {},
      everyWrite: true,
      interrupted: () => false,
      onProgress(done, total) {
        if (done <= total - OBJECTS_A_DAY) counted.calls.clear();
      },
    });
    if (findings.length > 0)
      throw new Error(`The day is not quiet: ${findings.map((one) => one.title).join("; ")}`);
    return counted;
  } finally {
    await database.stop();
  }
}

async function main(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), "plumbline-writes-"));
  try {
    await generateSample(dir);
    await removeLastDay(dir);
    const { calls, writes } = await callsOfOneDay(dir);
    const table = new Table({ head: ["Calls of one steady day", "Number"], style: { head: [], border: [] } });
    for (const [call, count] of [...calls].sort(([a], [b]) => (a < b ? -1 : 1))) table.push([call, count]);
    console.log(table.toString());
    console.log(`${writes()} writes for ${OBJECTS_A_DAY} objects of 9 functions and one group.`);
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

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

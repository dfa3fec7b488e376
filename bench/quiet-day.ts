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
import { BEGIN, DAYS } from "../samples/traffic";
import { type CountedCalls, countingCalls } from "./counting-calls";

/** A flow log object for five minutes, a file of CloudTrail for an hour. */
const OBJECTS_A_DAY = 288 + 24;

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

/** Prints the calls of such a day, by kind and table. */
export async function printQuietDay(): Promise<void> {
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
  const lastDay = new Date((BEGIN + (DAYS - 1) * 86_400) * 1000).toISOString().slice(0, 10);
  const days = entries.filter(
    (name) => /\d{4}.\d\d.\d\d$/.test(name) && name.slice(-10).replaceAll(/\D/g, "-") >= lastDay,
  );
  if (days.length === 0) throw new Error(`The sample has no day ${lastDay}`);
  for (const day of [...days, "metrics"]) await rm(join(dir, day), { recursive: true });
}

/**
 * `npm run bench:trail`: how fast CloudTrail events are replayed, and how often DynamoDB is written to for them when nothing
 * is new. 100,000 calls of 50 functions over ten days, as files of a trail, through the handlers that are deployed.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { startEmbeddedDynamoDb } from "../cli/local/embedded-dynamodb";
import { replay } from "../cli/replay";
import { detectionConfig } from "../functions/core/config";
import { countingCalls } from "./counting-calls";
import { CALLS, type Calls, trailRecord } from "./trail-events";

const DAYS = 10;
const OF: Calls = { events: 100_000, functions: 50, seconds: DAYS * 86_400 };
const { events: EVENTS, functions: FUNCTIONS } = OF;
const ACCOUNT = "111122223333";
const RECORDS_PER_FILE = 500;

async function makeTrail(dir: string): Promise<void> {
  for (let from = 0; from < EVENTS; from += RECORDS_PER_FILE) {
    const records = Array.from({ length: RECORDS_PER_FILE }, (_, i) => trailRecord(from + i, OF));
    const { eventTime } = records[0] as { eventTime: string };
    const stamp = eventTime.slice(0, 16).replaceAll(/[-:]/g, "");
    const day = eventTime.slice(0, 10).replaceAll("-", "/");
    const path = join(
      dir,
      `AWSLogs/${ACCOUNT}/CloudTrail/us-east-1/${day}/${ACCOUNT}_CloudTrail_us-east-1_${stamp}Z_${String(from).padStart(8, "0")}.json.gz`,
    );
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, gzipSync(JSON.stringify({ Records: records })));
  }
}

/** Replays all of it: how long it took, and how often was written on the last day. */
async function measured(dir: string, everyWrite: boolean) {
  const database = await startEmbeddedDynamoDb();
  const calls = countingCalls(database.client);
  const began = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  let before = 0;
  try {
    const { findings } = await replay({
      dir,
      config: detectionConfig.parse({}),
      database: { ...database, client: calls.client },
      references: {},
      everyWrite,
      interrupted: () => false,
      onProgress(done, total) {
        if (done <= total * (1 - 1 / DAYS)) before = calls.writes();
      },
    });
    const { user, system } = process.cpuUsage(cpu);
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    return {
      seconds,
      cpu: (user + system) / 1e6,
      writes: calls.writes() - before,
      findings: findings.length,
    };
  } finally {
    await database.stop();
  }
}

async function main(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), "plumbline-trail-"));
  try {
    await makeTrail(dir);
    const { seconds, cpu, findings } = await measured(dir, false);
    const { writes } = await measured(dir, true);
    const number = (value: number) => Math.round(value).toLocaleString("en-US");
    console.log(
      `${number(EVENTS)} events in ${seconds.toFixed(1)} s (${number(EVENTS / seconds)} a second), ${cpu.toFixed(1)} s of CPU, the embedded DynamoDB's included; ${findings} findings.`,
    );
    console.log(
      `${writes} writes on the last day in AWS, for ${number(EVENTS / DAYS)} events of ${FUNCTIONS} functions with ${CALLS.length} calls each.`,
    );
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

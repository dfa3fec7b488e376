/**
 * `npm run bench:trail`: how fast CloudTrail events are replayed, and how often DynamoDB is written to for them when nothing
 * is new. 100,000 calls of 50 functions over ten days, as files of a trail, through the handlers that are deployed.
 */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { startEmbeddedDynamoDb } from "../cli/local/embedded-dynamodb";
import { replay } from "../cli/replay";
import { detectionConfig } from "../functions/core/config";
import { countingCalls } from "./counting-calls";

const EVENTS = 100_000;
const FUNCTIONS = 50;
const DAYS = 10;
const RECORDS_PER_FILE = 500;
const BEGIN = 1_790_812_800;
const ACCOUNT = "111122223333";
const CALLS = [
  "s3 ListBuckets",
  "secretsmanager GetSecretValue",
  "kms Decrypt",
  "sqs GetQueueAttributes",
  "ssm GetParameter",
];
/** So long one environment lives, with one access key, in seconds. */
const KEY_LIFE = 12 * 3600;

function record(i: number): object {
  const at = BEGIN + Math.floor((i * DAYS * 86_400) / EVENTS);
  const name = `function-${(i * 7) % FUNCTIONS}`;
  const [service, eventName] = (CALLS[Math.floor(i / FUNCTIONS) % CALLS.length] as string).split(" ");
  const arn = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${name}`;
  return {
    eventVersion: "1.11",
    userIdentity: {
      type: "AssumedRole",
      principalId: `AROAEXAMPLE:${name}`,
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}-role/${name}`,
      accountId: ACCOUNT,
      accessKeyId: `ASIA${name}${Math.floor(at / KEY_LIFE)}`,
      sessionContext: { sessionIssuer: { type: "Role", arn: `arn:aws:iam::${ACCOUNT}:role/${name}-role` } },
      inScopeOf: { issuerType: "AWS::Lambda::Function", credentialsIssuedTo: arn },
    },
    eventTime: new Date(at * 1000).toISOString(),
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: "us-east-1",
    sourceIPAddress: "203.0.113.10",
    userAgent: "aws-sdk-js/3.1160.0 exec-env/AWS_Lambda_nodejs24.x",
    requestParameters: { name: `thing-${i % 100}` },
    responseElements: null,
    eventID: createHash("md5").update(String(i)).digest("hex"),
    readOnly: true,
    eventType: "AwsApiCall",
    recipientAccountId: ACCOUNT,
  };
}

async function makeTrail(dir: string): Promise<void> {
  for (let from = 0; from < EVENTS; from += RECORDS_PER_FILE) {
    const records = Array.from({ length: RECORDS_PER_FILE }, (_, i) => record(from + i));
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

/**
 * The handlers on an embedded DynamoDB, which is kept over all inputs of a target: each batch has one good message among
 * hostile ones. The good one is used whatever stands beside it; what fails is told, in words that can be printed.
 */
import type { SQSEvent, SQSRecord } from "aws-lambda";
import fc from "fast-check";
import { logger } from "../../functions/adapters/aws/runtime";
import { findingStore } from "../../functions/adapters/dynamodb/finding-store";
import { eachMessage } from "../../functions/adapters/each-message";
import type { TrailReport } from "../../functions/cloudtrail";
import type { Alert } from "../../functions/core/alert";
import { inventoryOf } from "../../functions/core/attribution/inventory";
import { reconcile } from "../../functions/core/attribution/reconcile";
import { parseFunctions, parseInterfaces } from "../../functions/core/attribution/snapshot";
import { readMetricData } from "../../functions/core/telemetry/metric-data";
import { parseS3Notification } from "../../functions/core/telemetry/s3-notification";
import { readTrailDelivery } from "../../functions/core/telemetry/trail-file";
import { metricsHandler } from "../../functions/metrics";
import { DAY, ENI, gz, OWN, T0, V2, v2 } from "../support/flow-log";
import { type Pipeline, startPipeline } from "../support/pipeline";
import { asFunction, trailRecord } from "../support/trail";
import { hostileText, mutatedBytes, mutatedJson, mutatedText } from "./hostile";
import { expectPrintable, expectThat } from "./invariants";
import * as shapes from "./shapes";
import { type Target, target, targetOn } from "./target";

const GOOD = "good";
const MOST = 10_000;

const batch = (bodies: readonly string[], good: string, at: number): SQSEvent => {
  const messages = bodies.map((body, i) => ({ messageId: `hostile-${i}`, body }));
  messages.splice(at % (messages.length + 1), 0, { messageId: GOOD, body: good });
  return { Records: messages as SQSRecord[] };
};
const bodies = (...shape: readonly object[]) =>
  fc.array(fc.oneof({ weight: 5, arbitrary: mutatedJson(...shape) }, hostileText), {
    minLength: 1,
    maxLength: 3,
  });

const notificationOf = (key: string) =>
  JSON.stringify({
    Records: [{ s3: { bucket: { name: "logs" }, object: { key: encodeURIComponent(key) } } }],
  });
const keyOf = (name: string) => `AWSLogs/111122223333/vpcflowlogs/us-east-1/2026/10/01/${name}`;

/** Learned for no day, so that whatever is new is reported. */
async function opened(): Promise<Pipeline> {
  const pipeline = await startPipeline({ learningDays: 0 });
  await pipeline.sync(shapes.FUNCTIONS, shapes.INTERFACES);
  return pipeline;
}

function expectHarmlessAlerts(alerts: Alert[]): void {
  for (const { subject, text, json, attributes } of alerts.splice(0)) {
    expectThat(
      /^\[Plumbline (low|medium|high|critical)\] [\x20-\x7e]*$/.test(subject) && subject.length <= 100,
      `the subject ${subject}`,
    );
    expectPrintable(text, "the mail", true);
    expectPrintable([JSON.parse(json), attributes], "the alert");
    // What a spreadsheet would compute does not stand at the beginning of a line.
    expectThat(!/^[=+@]/m.test(text), `a line of the mail begins with a formula: ${text}`);
    expectThat(json.length < 250_000, `an alert of ${json.length} characters, more than SNS takes`);
  }
}

function expectTold(failures: readonly string[], { errors, warnings }: Pipeline): void {
  expectThat(!failures.includes(GOOD), `the good message failed: ${errors}`);
  expectThat(
    failures.length === errors.length,
    `${failures.length} messages failed, and ${errors.length} are told`,
  );
  expectPrintable([errors, warnings], "the log");
  errors.length = warnings.length = 0;
}

const findingsOf = ({ database: { client, tables } }: Pipeline) => findingStore(client, tables.findings, 365);

/** What the tables hold in the end can be printed, item by item. */
async function expectHarmlessFindings(pipeline: Pipeline): Promise<void> {
  const findings = await findingsOf(pipeline).list({ limit: 1_000 });
  expectPrintable(findings, "the findings table");
}

let serial = 0;

const flowLogs = targetOn(
  "flow-logs handler",
  opened,
  fc.record({
    hostile: bodies(...shapes.S3_NOTIFICATIONS),
    text: mutatedText(...shapes.FLOW_LOG_TEXTS),
    gzip: mutatedBytes(...shapes.FLOW_LOG_OBJECTS),
    parquet: mutatedBytes(...shapes.PARQUET_OBJECTS),
    interfaces: mutatedJson(...shapes.INTERFACE_LISTS),
    at: fc.nat(),
  }),
  async ({ hostile, text, gzip, parquet, interfaces, at }, pipeline) => {
    const named = parseInterfaces(JSON.parse(interfaces)).items;
    expectPrintable(named, "interfaces");
    const good = keyOf(`good-${serial++}.log.gz`);
    pipeline.objects.clear();
    pipeline.objects.set(
      good,
      gz(V2, v2({ eni: ENI, from: OWN, to: "10.0.20.2", at: T0 + (serial % 1000) })),
    );
    pipeline.objects.set(keyOf("a=b c.log.gz"), gzip);
    pipeline.objects.set(keyOf("x.log"), Buffer.from(text));
    pipeline.objects.set(keyOf("x.log.parquet"), parquet);
    const own = ["x.log", "x.log.parquet"].map((name) => notificationOf(keyOf(name)));
    const failures = await pipeline.worker()(batch([...hostile, ...own], notificationOf(good), at));
    expectTold(failures, pipeline);
    const report = pipeline.reports.splice(0).find(({ ref }) => ref === `s3://logs/${good}`);
    expectThat(report?.attributed[0]?.connections.length === 1, "the good object is not used");
    expectHarmlessAlerts(pipeline.alerts);
    if (serial % 100 === 0) await expectHarmlessFindings(pipeline);
  },
  { most: MOST, share: 0.1 },
);

const trail = targetOn(
  "cloudtrail handler",
  opened,
  fc.record({ hostile: bodies(...shapes.TRAIL_EVENTS), at: fc.nat() }),
  async ({ hostile, at }, pipeline) => {
    const good = trailRecord(T0 + DAY, "GetSecretValue", {
      eventSource: "secretsmanager.amazonaws.com",
      userIdentity: asFunction(),
    });
    const reports: TrailReport[] = [];
    const handle = pipeline.trailWorker(undefined, (report) => void reports.push(report));
    const failures = await handle(batch(hostile, JSON.stringify({ detail: good }), at));
    expectTold(failures, pipeline);
    const isUsed = reports.some(
      ({ scan, attributed }) =>
        scan.events.some(({ id }) => id === good.eventID) && attributed.functions.length === 1,
    );
    expectThat(isUsed, "the good event is not used");
    // What is no JSON, or no event of EventBridge, fails; a record that lacks something is dropped at once.
    const unreadable = hostile.filter((body) => readTrailDelivery(body).problem !== null);
    expectThat(
      failures.length === unreadable.length,
      `${failures.length} messages failed of ${unreadable.length} that cannot be read`,
    );
    expectHarmlessAlerts(pipeline.alerts);
    if (serial++ % 100 === 0) await expectHarmlessFindings(pipeline);
  },
  { most: MOST, share: 0.2 },
);

const functions = inventoryOf(
  reconcile([], { functions: parseFunctions(shapes.FUNCTION_LISTS[1]).items, interfaces: [] }, 0),
);
const metrics = targetOn(
  "metrics handler",
  opened,
  fc.tuple(mutatedJson(...shapes.METRICS), fc.nat({ max: 288 })),
  async ([text, slot], pipeline) => {
    const read = readMetricData(JSON.parse(text));
    const handle = metricsHandler({
      source: { usage: async () => read },
      inventory: { current: async () => functions },
      watchEntity: pipeline.watcher(),
      findings: findingsOf(pipeline),
      every: 300,
      clock: () => T0 + slot * 300,
      log: { info() {}, warn: (_, fields) => expectPrintable(fields, "the log"), error() {} },
    });
    expectPrintable((await handle()).findings, "findings");
    expectHarmlessAlerts(pipeline.alerts);
  },
  { most: MOST, share: 0.1 },
);

const inventory = targetOn(
  "inventory handler",
  opened,
  fc.tuple(mutatedJson(...shapes.FUNCTION_LISTS), mutatedJson(...shapes.INTERFACE_LISTS)),
  async ([one, other], pipeline) => {
    const listed = (text: string, field: string) => {
      const list = JSON.parse(text)?.[field];
      return Array.isArray(list) ? list : [];
    };
    await pipeline.sync(listed(one, "Functions"), listed(other, "NetworkInterfaces"), T0 + serial++);
  },
  { most: MOST, share: 0.05 },
);

/** Each message that fails is one line of JSON, whatever is told of it. */
const log = target(
  "log lines",
  fc.array(fc.oneof(hostileText, mutatedJson(...shapes.S3_NOTIFICATIONS)), { minLength: 1, maxLength: 5 }),
  async (messages) => {
    const lines: string[] = [];
    const write = process.stdout.write;
    const keep = (text: string | Uint8Array) => lines.push(String(text)) > 0;
    const streams = [process.stdout, process.stderr];
    const before = streams.map((stream) => stream.write);
    for (const stream of streams) stream.write = keep as typeof write;
    try {
      const handle = eachMessage(async ({ body }) => void parseS3Notification(body), logger());
      await handle(batch(messages, JSON.stringify(shapes.S3_NOTIFICATIONS[0]), 0));
    } finally {
      for (const [i, stream] of streams.entries()) stream.write = before[i] as typeof write;
    }
    for (const line of lines) {
      expectPrintable(line.replace(/\n$/, ""), "a line of the log");
      expectThat(JSON.parse(line).service === "plumbline", `a line of the log that is none: ${line}`);
    }
  },
);

export const HANDLERS: readonly Target[] = [flowLogs, trail, metrics, inventory, log];

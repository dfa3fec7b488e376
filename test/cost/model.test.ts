import { ASSUMED, type Volume } from "../../cost/assumptions";
import { billOf } from "../../cost/bill";
import type { Deployment } from "../../cost/deployment";
import { dollarsFor, PRICES, type PriceName } from "../../cost/prices";
import type { Situation } from "../../cost/quantities";
import type { MeasuredWork } from "../../cost/work";

const NOTHING: Volume = {
  gbPerDay: 0,
  functions: 0,
  eventsPerDay: 0,
  lambdaPercent: 100,
  sendingPercent: 100,
  busyPercent: 100,
  functionEventsPercent: 100,
  findingsPerDay: 0,
};
const worker = { memoryMegabytes: 1024, timeoutSeconds: 300 };
const deployment: Deployment = {
  workers: {
    FlowLogs: worker,
    CloudTrail: worker,
    Metrics: worker,
    Inventory: worker,
    AlertSweep: worker,
  },
  unmodelled: ["Newcomer"],
  queues: 3,
  alarms: 12,
  dashboards: 0,
  keys: 1,
  tables: 3,
  customMetrics: 12,
  metricsMinutes: 5,
  inventoryMinutes: 15,
  sweepMinutes: 5,
  logRetentionDays: 30,
  flowLogRetentionDays: 90,
};
const calls = { reads: 0, writes: 0, readUnits: 0, writeUnits: 0 };
const idle = { ...calls, cpuSeconds: 0, storedBytes: 0 };
const work: MeasuredWork = {
  measuredOn: "2026-01-01",
  machine: "none",
  command: "none",
  scan: { lambda: 8, others: 4, compressed: 0.2 },
  quietFlowLogs: { ...idle, writeUnits: 5 },
  sendingFlowLogs: { ...idle, writeUnits: 1000 },
  trail: { cpuSecondsPer1000Events: 0, functionDay: { ...calls, storedBytes: 0, writeUnits: 8 } },
  metrics: { functionDay: { ...idle, writeUnits: 480 }, runs: 288 },
  inventory: { look: idle, load: idle },
};

const bill = (volume: Partial<Volume>, more: Partial<Situation> = {}) =>
  billOf({ volume: { ...NOTHING, ...volume }, deployment, work, ...more }, PRICES);
const quantity = (of: ReturnType<typeof bill>, price: PriceName, item?: string) =>
  of.lines
    .filter((line) => line.price === price && (item === undefined || line.item === item))
    .reduce((sum, line) => sum + line.quantity, 0);

describe("quantities a month", () => {
  const seldom = { deployment: { ...deployment, metricsMinutes: 15 } };
  test.each<
    [
      title: string,
      volume: Partial<Volume>,
      price: PriceName,
      item: string,
      expected: number,
      more?: Partial<Situation>,
    ]
  >([
    ["flow logs are delivered as text", { gbPerDay: 10 }, "flowLogDelivery", "delivery to S3", 10 * 30],
    ["and kept compressed for 90 days", { gbPerDay: 10 }, "s3Storage", "storage", 10 * 0.2 * 90],
    ["an object comes every five minutes", { gbPerDay: 1 }, "s3Get", "flow log objects", 288 * 30],
    ["or twenty for a gigabyte", { gbPerDay: 1000 }, "s3Get", "flow log objects", 20_000 * 30],
    [
      "an object's message is sent, received and deleted",
      { gbPerDay: 1 },
      "sqsRequest",
      "flow log objects",
      288 * 3 * 30,
    ],
    [
      "events are received and deleted by the ten",
      { eventsPerDay: 1000 },
      "sqsRequest",
      "CloudTrail events",
      1000 * 1.2 * 30,
    ],
    [
      "only events of functions come",
      { eventsPerDay: 1000, functionEventsPercent: 10 },
      "sqsRequest",
      "CloudTrail events",
      100 * 1.2 * 30,
    ],
    ["a few events are a run each", { eventsPerDay: 1000 }, "lambdaRequest", "CloudTrail", 1000 * 30],
    [
      "many are a hundred a run, and one for each poller and window",
      { eventsPerDay: 10_000_000 },
      "lambdaRequest",
      "CloudTrail",
      (100_000 + 8640 * 5) * 30,
    ],
    [
      "a scan takes CPU by whose records it meets: 2 of 8 s and 8 of 4 s, on 1024 of 1769 MB, and S3 and the inventory are waited for",
      { gbPerDay: 10, lambdaPercent: 20 },
      "lambdaSecond",
      "FlowLogs",
      ((2 * 8 + 8 * 4) / (1024 / 1769) + 288 * (0.05 + 0.005)) * 30,
    ],
    [
      "functions that send write more than those that do not",
      { gbPerDay: 1, functions: 10, sendingPercent: 20 },
      "dynamoDbWrite",
      "flow logs",
      (2 * 1000 + 8 * 5) * 30,
    ],
    ["without flow logs nothing is written for them", { functions: 10 }, "dynamoDbWrite", "flow logs", 0],
    [
      "invocations are asked for in each run, the other four every half hour",
      { functions: 100 },
      "getMetricData",
      "metrics",
      864_000 + 576_000,
    ],
    [
      "of functions that are not called, invocations only",
      { functions: 100, busyPercent: 0 },
      "getMetricData",
      "metrics",
      864_000,
    ],
    [
      "a look every quarter of an hour asks for a third of the invocations",
      { functions: 100 },
      "getMetricData",
      "metrics",
      288_000 + 576_000,
      seldom,
    ],
    [
      "usage is written once for each look at a metric",
      { functions: 100 },
      "dynamoDbWrite",
      "metrics",
      100 * 480 * 30,
    ],
    [
      "so less where looks are fewer: 96 and 192 of 480",
      { functions: 100 },
      "dynamoDbWrite",
      "metrics",
      100 * 288 * 30,
      seldom,
    ],
    ["a key, whatever comes", {}, "kmsKey", "keys", 1],
    ["twelve metrics of its own", {}, "customMetric", "Plumbline's own metrics", 12],
    ["twelve alarms", {}, "alarm", "alarms", 12],
    ["queues are polled though they are empty", {}, "sqsRequest", "polling", 3 * 15 * 1440 * 30],
    ["GuardDuty takes every gigabyte", { gbPerDay: 10 }, "guardDutyFlowLogs", "flow logs", 300],
    [
      "and every event, of functions or not",
      { eventsPerDay: 1000, functionEventsPercent: 10 },
      "guardDutyEvents",
      "management events",
      30_000,
    ],
  ])("%s", (_, volume, price, item, expected, more = {}) => {
    expect(quantity(bill(volume, more), price, item)).toBeCloseTo(expected, 6);
  });
});

describe("dollars", () => {
  test.each<[PriceName, number, number]>([
    ["getMetricData", 1_440_000, 14.4],
    ["guardDutyFlowLogs", 0, 0],
    ["guardDutyFlowLogs", 500, 500],
    ["guardDutyFlowLogs", 3_000, 500 + 2_000 * 0.5 + 500 * 0.25],
    ["guardDutyFlowLogs", 30_000, 500 + 1_000 + 7_500 * 0.25 + 20_000 * 0.15],
    ["flowLogDelivery", 30, 7.5],
    ["flowLogDelivery", 30_000, 10_000 * 0.25 + 20_000 * 0.15],
  ])("%s: %d are $%d", (price, units, dollars) => {
    expect(dollarsFor(PRICES[price], units)).toBeCloseTo(dollars, 9);
  });

  test("a bill is the sum of its lines, part by part", () => {
    const { lines, totals } = bill({ gbPerDay: 5, functions: 20, eventsPerDay: 5_000, findingsPerDay: 1 });
    const all = lines.reduce((sum, line) => sum + line.dollars, 0);
    expect(totals.plumbline + totals.telemetry + totals.guardduty).toBeCloseTo(all, 9);
    // 150 GB delivered, and 5 GB a day at a fifth for 90 days.
    expect(totals.telemetry).toBeCloseTo(150 * 0.25 + 90 * 0.023, 9);
    expect(totals.guardduty).toBeCloseTo(150 * 1 + 150_000 * 4e-6, 9);
  });

  test("lines of one price share its tiers", () => {
    const prices = {
      ...PRICES,
      sqsRequest: { ...PRICES.sqsRequest, tiers: [{ upTo: 2_000_000, dollars: 1 }, { dollars: 0 }] },
    };
    const { lines } = billOf({ volume: { ...NOTHING, eventsPerDay: 100_000 }, deployment, work }, prices);
    const sqs = lines.filter(({ price }) => price === "sqsRequest");
    expect(sqs.reduce((sum, { dollars }) => sum + dollars, 0)).toBeCloseTo(2_000_000, 3);
  });
});

test("a function that the model knows nothing of is named", () => {
  expect(bill({}).assumptions).toContain("Runs of the function Newcomer are not in it.");
});

test("what is assumed is told with what was asked for", () => {
  const { assumptions } = bill({ gbPerDay: 12, lambdaPercent: 7 });
  expect(assumptions.join("\n")).toContain(
    "12 GB a day is the text of the flow logs, as AWS bills it; 7 % of it",
  );
  expect(assumptions.join("\n")).toContain(`${ASSUMED.objectsPerGigabyte} objects a GB`);
});

/** How much of what AWS bills a month takes. Pure: volume, deployment and measured work in, quantities out. */
import { ASSUMED, type Volume } from "./assumptions";
import type { Deployment, WorkerName } from "./deployment";
import type { PriceName } from "./prices";
import type { MeasuredWork } from "./work";

/** Who gets the money, and what for. */
export type Part = "telemetry" | "plumbline" | "guardduty";

/** So much of one thing, a month. */
export interface Quantity {
  readonly part: Part;
  readonly service: string;
  readonly item: string;
  readonly price: PriceName;
  readonly quantity: number;
}

export interface Situation {
  readonly volume: Volume;
  readonly deployment: Deployment;
  readonly work: MeasuredWork;
}

const MINUTES_A_DAY = 1440;
const GIGABYTE = 1e9;
const QUERIES_A_CALL = 500;
/** Metrics asked for besides invocations, and how often a day. */
const REST_METRICS = 4;
const REST_LOOKS_A_DAY = 48;
export function quantitiesOf(situation: Situation): Quantity[] {
  return [
    ...telemetry(situation),
    ...flowLogs(situation),
    ...trail(situation),
    ...metrics(situation),
    ...inventory(situation),
    ...sweep(situation),
    ...standing(situation),
    ...guardDuty(situation),
  ];
}

const monthly = (aDay: number) => aDay * ASSUMED.daysAMonth;
const share = (percent: number) => percent / 100;

const own = (service: string, item: string, price: PriceName, aDay: number): Quantity => ({
  part: "plumbline",
  service,
  item,
  price,
  quantity: monthly(aDay),
});

/** What AWS bills for a function's runs: each, the memory for as long as they take, and what they log. */
function runsOf(
  name: WorkerName,
  { deployment }: Situation,
  aDay: { runs: number; cpuSeconds: number; waitSeconds: number },
): Quantity[] {
  const { memoryMegabytes } = deployment.workers[name];
  const processors = memoryMegabytes / ASSUMED.megabytesPerProcessor;
  const seconds = aDay.cpuSeconds / processors + aDay.waitSeconds;
  return [
    own("Lambda", name, "lambdaRequest", aDay.runs),
    own("Lambda", name, "lambdaSecond", (seconds * memoryMegabytes) / 1024),
    own("CloudWatch Logs", name, "logIngestion", (aDay.runs * ASSUMED.logBytesPerRun) / GIGABYTE),
    {
      ...own("CloudWatch Logs", name, "logStorage", 0),
      quantity: (aDay.runs * ASSUMED.logBytesPerRun * deployment.logRetentionDays) / GIGABYTE,
    },
  ];
}

interface TableWork {
  readonly reads: number;
  readonly writes: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

const tableUnits = (item: string, aDay: Pick<TableWork, "readUnits" | "writeUnits">): Quantity[] => [
  own("DynamoDB", item, "dynamoDbRead", aDay.readUnits),
  own("DynamoDB", item, "dynamoDbWrite", aDay.writeUnits),
];
const waiting = ({ reads, writes }: Pick<TableWork, "reads" | "writes">) =>
  (reads + writes) * ASSUMED.dynamoDbSeconds;

const stored = (item: string, bytes: number): Quantity[] =>
  (["dynamoDbStorage", "dynamoDbRecovery"] as const).map((price) => ({
    ...own("DynamoDB", item, price, 0),
    quantity: bytes / GIGABYTE,
  }));

/** A message is sent, received with others, and deleted with them. */
const messages = (
  item: string,
  aDay: number,
  perReceive: number = ASSUMED.messagesPerReceive,
): Quantity[] => [own("SQS", item, "sqsRequest", aDay + (2 * aDay) / perReceive)];

/** Once a minute at most a container asks whether its inventory is still the latest. */
const inventoryChecks = (runs: number) => Math.min(runs, ASSUMED.containers * MINUTES_A_DAY);

export const objectsADay = ({ gbPerDay }: Volume): number =>
  gbPerDay === 0 ? 0 : Math.max(ASSUMED.leastObjectsADay, gbPerDay * ASSUMED.objectsPerGigabyte);

function telemetry({ volume, deployment, work }: Situation): Quantity[] {
  const kept = volume.gbPerDay * work.scan.compressed * deployment.flowLogRetentionDays;
  const line = { part: "telemetry", service: "VPC Flow Logs" } as const;
  return [
    { ...line, item: "delivery to S3", price: "flowLogDelivery", quantity: monthly(volume.gbPerDay) },
    { ...line, item: "storage", price: "s3Storage", quantity: kept },
  ];
}

function flowLogs(situation: Situation): Quantity[] {
  const { volume, work } = situation;
  const objects = objectsADay(volume);
  const sending = objects === 0 ? 0 : volume.functions * share(volume.sendingPercent);
  const quiet = objects === 0 ? 0 : volume.functions - sending;
  const { lambda, others } = work.scan;
  const lambdaShare = share(volume.lambdaPercent);
  const scan = volume.gbPerDay * (lambda * lambdaShare + others * (1 - lambdaShare));
  const of = (kind: keyof typeof work.quietFlowLogs) =>
    quiet * work.quietFlowLogs[kind] + sending * work.sendingFlowLogs[kind];
  const checks = inventoryChecks(objects);
  return [
    own("S3", "flow log objects", "s3Get", objects),
    ...messages("flow log objects", objects, 1),
    ...tableUnits("flow logs", {
      readUnits: of("readUnits") + checks,
      writeUnits: of("writeUnits"),
    }),
    ...stored("flow logs", of("storedBytes")),
    ...runsOf("FlowLogs", situation, {
      runs: objects,
      cpuSeconds: scan + of("cpuSeconds"),
      waitSeconds:
        objects * ASSUMED.s3Seconds + waiting({ reads: of("reads") + checks, writes: of("writes") }),
    }),
  ];
}

function trail(situation: Situation): Quantity[] {
  const { volume, work } = situation;
  const events = volume.eventsPerDay * share(volume.functionEventsPercent);
  const functions = events === 0 ? 0 : volume.functions;
  const { functionDay, cpuSecondsPer1000Events } = work.trail;
  const of = (kind: keyof typeof functionDay) => functions * functionDay[kind];
  // A batch waits for ten seconds; each poller has its own.
  const windows = (86_400 / 10) * ASSUMED.pollers;
  const runs = Math.min(events, events / 100 + windows);
  const checks = inventoryChecks(runs);
  return [
    ...messages("CloudTrail events", events),
    ...tableUnits("CloudTrail", { readUnits: of("readUnits") + checks, writeUnits: of("writeUnits") }),
    ...stored("CloudTrail", of("storedBytes")),
    ...runsOf("CloudTrail", situation, {
      runs,
      cpuSeconds: (events / 1000) * cpuSecondsPer1000Events,
      waitSeconds: waiting({ reads: of("reads") + checks, writes: of("writes") }),
    }),
  ];
}

function metrics(situation: Situation): Quantity[] {
  const { volume, deployment, work } = situation;
  const busy = volume.functions * share(volume.busyPercent);
  const runs = MINUTES_A_DAY / deployment.metricsMinutes;
  const restLooks = Math.min(runs, REST_LOOKS_A_DAY);
  const asked = volume.functions * runs + busy * REST_METRICS * restLooks;
  const day = work.metrics.functionDay;
  // Work follows the looks at a function's metrics, of which there were so many when it was measured.
  const looks = (runs + REST_METRICS * restLooks) / (work.metrics.runs + REST_METRICS * REST_LOOKS_A_DAY);
  const of = (kind: keyof typeof day) => busy * looks * day[kind];
  return [
    own("CloudWatch GetMetricData", "metrics", "getMetricData", asked),
    ...tableUnits("metrics", { readUnits: of("readUnits") + runs, writeUnits: of("writeUnits") }),
    ...stored("metrics", busy * day.storedBytes),
    ...runsOf("Metrics", situation, {
      runs,
      cpuSeconds: of("cpuSeconds"),
      waitSeconds:
        Math.ceil(asked / runs / QUERIES_A_CALL) * runs * ASSUMED.getMetricDataSeconds +
        waiting({ reads: of("reads"), writes: of("writes") }),
    }),
  ];
}

function inventory(situation: Situation): Quantity[] {
  const { volume, deployment, work } = situation;
  const thousands = volume.functions / 1000;
  const changes = volume.functions * ASSUMED.changedADay;
  const looks = MINUTES_A_DAY / deployment.inventoryMinutes + changes;
  const loads = ASSUMED.coldStartsADay + changes * ASSUMED.containers;
  const { look, load } = work.inventory;
  return [
    ...messages("inventory", looks),
    ...tableUnits("inventory", {
      readUnits: thousands * (looks * look.readUnits + loads * load.readUnits),
      writeUnits: changes * 3,
    }),
    ...runsOf("Inventory", situation, {
      runs: looks,
      cpuSeconds: looks * thousands * look.cpuSeconds,
      waitSeconds:
        looks * (Math.ceil(volume.functions / ASSUMED.functionsPerPage) + 1) * ASSUMED.apiPageSeconds +
        waiting({ reads: looks * thousands * look.reads, writes: changes * 3 }),
    }),
  ];
}

function sweep(situation: Situation): Quantity[] {
  const runs = MINUTES_A_DAY / situation.deployment.sweepMinutes;
  return [
    ...tableUnits("alerts", { readUnits: runs, writeUnits: 0 }),
    ...runsOf("AlertSweep", situation, {
      runs,
      cpuSeconds: 0,
      waitSeconds: waiting({ reads: runs, writes: 0 }),
    }),
  ];
}

/** What is there whatever comes. */
function standing({ volume, deployment }: Situation): Quantity[] {
  const each = (service: string, item: string, price: PriceName, quantity: number): Quantity => ({
    part: "plumbline",
    service,
    item,
    price,
    quantity,
  });
  const memory = Math.max(...Object.values(deployment.workers).map((one) => one.memoryMegabytes));
  const workers = Object.keys(deployment.workers).length;
  return [
    each("CloudWatch alarms", "alarms", "alarm", deployment.alarms),
    each("CloudWatch alarms", "dashboards", "dashboard", deployment.dashboards),
    each("CloudWatch metrics", "Plumbline's own metrics", "customMetric", deployment.customMetrics),
    each("KMS", "keys", "kmsKey", deployment.keys),
    own("KMS", "keys of tables", "kmsRequest", workers * deployment.tables * ASSUMED.keyRequestsPerTableADay),
    own("SQS", "polling", "sqsRequest", deployment.queues * ASSUMED.emptyReceivesADay),
    own(
      "Lambda",
      "starts of containers",
      "lambdaSecond",
      (ASSUMED.coldStartsADay * ASSUMED.coldStartSeconds * memory) / 1024,
    ),
    own("SNS", "alerts", "snsPublish", volume.findingsPerDay),
    own("SNS", "mails", "snsMail", volume.findingsPerDay),
  ];
}

function guardDuty({ volume }: Situation): Quantity[] {
  const line = { part: "guardduty", service: "GuardDuty" } as const;
  return [
    { ...line, item: "flow logs", price: "guardDutyFlowLogs", quantity: monthly(volume.gbPerDay) },
    { ...line, item: "management events", price: "guardDutyEvents", quantity: monthly(volume.eventsPerDay) },
  ];
}

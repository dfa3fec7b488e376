/** A small account that is quiet for ten days, and the four hours of the day after in which much happens to it. */
import { gzipSync } from "node:zlib";
import { PERIOD } from "../../functions/core/baseline/usage/parameters";
import { random } from "../../samples/random";
import { lambdaFunction, lambdaInterface, named, networkInterface } from "../support/account";
import { DAY, file, T0, V2, v2 } from "../support/flow-log";
import { anything, asFunction, asUser, call, change, trailRecord } from "../support/trail";

/** The day on which it happens, counted from `T0`. */
export const TODAY = 10;
/** Seconds since 1970 of a time of that day. */
export const today = (hours: number, minutes = 0): number => T0 + TODAY * DAY + hours * 3600 + minutes * 60;

/** A message of a queue, and when it is sent. */
export interface Delivery {
  readonly queue: "flow-logs" | "cloudtrail" | "inventory";
  readonly at: number;
  readonly body: string;
  /** It can never be handled. */
  readonly isPoison: boolean;
}

export interface Scenario {
  /** What the account has at a time. */
  functions(now: number): object[];
  interfaces(now: number): object[];
  readonly threatList: string;
  readonly objects: ReadonlyMap<string, Uint8Array>;
  /** `<FunctionName> <MetricName>` to points by time. */
  readonly metrics: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** Bodies of messages of the days before, in order. */
  readonly past: { readonly flowLogs: readonly string[]; readonly trail: readonly string[] };
  readonly deliveries: readonly Delivery[];
}

const WORKERS = ["Worker1", "Worker2", "Worker3", "Worker4", "Worker5"];
const SHARED_ROLE = { Role: "arn:aws:iam::111122223333:role/workers" };
const FUNCTIONS = [
  lambdaFunction("Alone", ["subnet-a"], ["sg-alone"]),
  lambdaFunction("Left", ["subnet-a"], ["sg-both"]),
  lambdaFunction("Right", ["subnet-a"], ["sg-both"]),
  ...WORKERS.map((name) => lambdaFunction(name, [], [], SHARED_ROLE)),
];
const INTERFACES = [
  lambdaInterface("eni-alone", "10.0.1.1", "sg-alone"),
  lambdaInterface("eni-both", "10.0.1.2", "sg-both"),
  networkInterface("eni-db", "10.0.20.1", { ...named("users-db"), Description: "RDSNetworkInterface" }),
];
/** It comes while the day goes on. */
const CAME_AT = today(10, 38);
const NEWCOMER = lambdaFunction("Newcomer", ["subnet-a"], ["sg-new"]);
const ITS_INTERFACE = lambdaInterface("eni-new", "10.0.1.3", "sg-new");

const OWN = { "eni-alone": "10.0.1.1", "eni-both": "10.0.1.2", "eni-new": "10.0.1.3" };
const talk = (eni: keyof typeof OWN, to: string, at: number, port = 443, more: object = {}) =>
  v2({ eni, from: OWN[eni], to, at, port, sourcePort: 30_000 + (at % 10_000), ...more });

/** Objects of flow logs by their name and the time at which they were delivered. */
const FLOW_LOGS: readonly (readonly [name: string, at: number, body: Uint8Array])[] = [
  [
    "known",
    today(10, 10),
    lines(talk("eni-alone", "10.0.20.1", today(10), 5432), talk("eni-both", "203.0.113.1", today(10, 1))),
  ],
  [
    "new-peers",
    today(10, 20),
    lines(
      talk("eni-alone", "10.0.20.2", today(10, 11), 5432),
      talk("eni-alone", "198.51.100.7", today(10, 12)),
      talk("eni-both", "192.0.2.2", today(10, 12)),
    ),
  ],
  [
    "new-port",
    today(10, 50),
    lines(talk("eni-alone", "10.0.20.1", today(10, 41), 22), talk("eni-both", "192.0.2.2", today(10, 42))),
  ],
  ...[0, 1, 2, 3].map(
    (part) => ["scan-and-volume", today(11, 10 + 5 * part), lines(...scanAndVolume(part))] as const,
  ),
  [
    "again",
    today(12, 30),
    lines(
      talk("eni-alone", "10.0.20.2", today(12, 20), 5432),
      talk("eni-alone", "198.51.100.7", today(12, 21)),
    ),
  ],
  [
    "newcomer",
    today(13),
    lines(talk("eni-new", "192.0.2.2", today(12, 50)), talk("eni-new", "10.0.20.1", today(12, 51), 5432)),
  ],
].map(([name, at, body], i) => [
  `AWSLogs/1/vpcflowlogs/${i}-${name}.log.gz`,
  at as number,
  body as Uint8Array,
]);

/** What only all parts together show: 12 MB in an hour, and a scan of 28 targets. */
function scanAndVolume(part: number): string[] {
  const at = today(11, 1) + part * 300;
  const sent = talk("eni-both", "203.0.113.1", at, 443, { bytes: 3_000_000 });
  const tried = Array.from({ length: 7 }, (_, i) =>
    talk("eni-alone", `10.0.7.${7 * part + i}`, at, 22, { action: "REJECT" }),
  );
  return [sent, ...tried];
}

function lines(...records: string[]): Uint8Array {
  return gzipSync(file(V2, ...records));
}

/** Cut off in the middle of its data. */
const TRUNCATED = "AWSLogs/1/vpcflowlogs/truncated.log.gz";
const truncated = gzipSync(
  file(
    V2,
    ...Array.from({ length: 400 }, (_, i) => talk("eni-alone", "10.0.20.1", today(11, 30) + (i % 60), 5432)),
  ),
).subarray(0, -40);

const mallory = { userIdentity: asUser("mallory"), sourceIPAddress: "198.51.100.66" };
const byAlone = { userIdentity: asFunction("Alone") };
const onAlone = { functionName: "Alone" };
const seconds = (hours: number, minutes: number) => ({ at: hours * 3600 + minutes * 60 });
const trailChange = (at: { at: number }, action: string) =>
  change(TODAY, action, { name: "main" }, { ...mallory, ...at, eventSource: "cloudtrail.amazonaws.com" });

const TRAIL: readonly object[] = [
  change(
    TODAY,
    "AddPermission20150331v2",
    { ...onAlone, statementId: "open", action: "lambda:InvokeFunction", principal: "*" },
    { ...mallory, ...seconds(10, 5) },
  ),
  change(
    TODAY,
    "RemovePermission20150331v2",
    { ...onAlone, statementId: "open" },
    { ...mallory, ...seconds(10, 6) },
  ),
  change(
    TODAY,
    "AddPermission20150331v2",
    { ...onAlone, statementId: "stays", action: "lambda:InvokeFunction", principal: "*" },
    { ...mallory, ...seconds(10, 25) },
  ),
  change(TODAY, "UpdateFunctionCode20150331v2", onAlone, { ...mallory, ...seconds(11, 0) }),
  call(TODAY, "iam", "CreateUser", { ...byAlone, ...seconds(11, 1) }),
  call(TODAY, "dynamodb", "DescribeTable", { ...byAlone, ...seconds(11, 2) }),
  ...Array.from({ length: 12 }, (_, i) =>
    call(TODAY, "ec2", `Describe${["Vpcs", "Images", "Volumes"][i % 3]}`, {
      ...byAlone,
      ...seconds(11, 10 + i),
      errorCode: "Client.UnauthorizedOperation",
    }),
  ),
  change(
    TODAY,
    "PutRolePolicy",
    {
      functionName: undefined,
      roleName: "workers",
      policyName: "all",
      policyDocument: JSON.stringify({ Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] }),
    },
    { ...mallory, ...seconds(11, 30), eventSource: "iam.amazonaws.com" },
  ),
  change(TODAY, "UpdateFunctionCode20150331v2", { functionName: "Worker1" }, seconds(11, 50)),
  call(TODAY, "secretsmanager", "GetSecretValue", {
    userIdentity: asFunction("Worker1"),
    ...seconds(11, 51),
  }),
  call(TODAY, "dynamodb", "DescribeTable", {
    ...byAlone,
    ...seconds(12, 10),
    sourceIPAddress: "192.0.2.99",
    userAgent: "curl/8",
  }),
  trailChange(seconds(12, 20), "StopLogging"),
  trailChange(seconds(12, 22), "StartLogging"),
  call(TODAY, "dynamodb", "DescribeTable", { ...byAlone, ...seconds(13, 0) }),
];

/** Ten days of the same. */
function pastDay(day: number): { flowLog: Uint8Array; trail: object[] } {
  const at = T0 + day * DAY + 3600;
  const deploys = [1, 3, 5, 8].includes(day)
    ? ["Alone", ...WORKERS].map((functionName) =>
        change(day, "UpdateFunctionCode20150331v2", { functionName }),
      )
    : [];
  const calls = ["Alone", ...WORKERS].map((name) =>
    call(day, "dynamodb", "DescribeTable", { userIdentity: asFunction(name) }),
  );
  return {
    flowLog: lines(talk("eni-alone", "10.0.20.1", at, 5432), talk("eni-both", "203.0.113.1", at + 60)),
    trail: [anything(day), ...deploys, ...calls],
  };
}

/** Alone is hammered for forty minutes, Left stops, Right fails for a quarter of an hour. */
function usage(): Map<string, ReadonlyMap<number, number>> {
  const luck = random(7);
  const series = new Map<string, Map<number, number>>();
  const put = (key: string, at: number, value: number) => {
    const points = series.get(key) ?? new Map<number, number>();
    series.set(key, points);
    if (value > 0) points.set(at, value);
  };
  for (let at = T0; at < today(16); at += PERIOD) {
    const is = (from: number, to: number) => at >= from && at < to;
    const calls = () => luck.whole(50, 70);
    put("Alone Invocations", at, calls() * (is(today(11), today(11, 40)) ? 8 : 1));
    put("Left Invocations", at, is(today(10, 30), today(24)) ? 0 : calls());
    const right = calls();
    put("Right Invocations", at, right);
    put("Right Errors", at, is(today(12), today(12, 15)) ? right - 5 : 0);
    put("Right Duration", at, luck.whole(100, 120));
  }
  return series;
}

const s3Message = (key: string) =>
  JSON.stringify({
    Records: [{ s3: { bucket: { name: "logs" }, object: { key: encodeURIComponent(key) } } }],
  });
const event = (detail: object) => JSON.stringify({ "detail-type": "AWS API Call via CloudTrail", detail });
const NO_EVENT = '{"detail-type": "AWS API Call via CloudTrail", "detail": {"eventTime":';

/** The same in every run. */
export function scenario(): Scenario {
  const past = Array.from({ length: TODAY }, (_, day) => pastDay(day));
  const pastKey = (day: number) => `AWSLogs/1/vpcflowlogs/past-${day}.log.gz`;
  const delivery = (queue: Delivery["queue"], at: number, body: string, isPoison = false): Delivery => ({
    queue,
    at,
    body,
    isPoison,
  });
  const told = [
    ...TRAIL,
    trailRecord(CAME_AT, "CreateFunction20150331", {
      eventSource: "lambda.amazonaws.com",
      userIdentity: asUser("auditor"),
      requestParameters: { functionName: "Newcomer" },
    }),
  ];
  return {
    functions: (now) => [...FUNCTIONS, ...(now < CAME_AT ? [] : [NEWCOMER])],
    interfaces: (now) => [...INTERFACES, ...(now < CAME_AT ? [] : [ITS_INTERFACE])],
    threatList: "192.0.2.2\n",
    objects: new Map([
      ...FLOW_LOGS.map(([key, , body]) => [key, body] as const),
      ...past.map(({ flowLog }, day) => [pastKey(day), flowLog] as const),
      [TRUNCATED, truncated],
    ]),
    metrics: usage(),
    past: {
      flowLogs: past.map((_, day) => s3Message(pastKey(day))),
      trail: past.flatMap(({ trail }) => trail.map(event)),
    },
    deliveries: [
      ...FLOW_LOGS.map(([key, at]) => delivery("flow-logs", at, s3Message(key))),
      ...told.map((record) =>
        delivery(
          "cloudtrail",
          Date.parse((record as { eventTime: string }).eventTime) / 1000 + 150,
          event(record),
        ),
      ),
      delivery("inventory", CAME_AT + 60, "a function changed"),
      delivery("flow-logs", today(11, 40), s3Message(TRUNCATED), true),
      delivery("flow-logs", today(11, 41), s3Message("AWSLogs/1/vpcflowlogs/gone.log.gz"), true),
      delivery("cloudtrail", today(11, 20), NO_EVENT, true),
    ].sort((a, b) => a.at - b.at),
  };
}

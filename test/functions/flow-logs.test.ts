import type { SQSEvent } from "aws-lambda";
import { findingStore } from "../../functions/adapters/dynamodb/finding-store";
import { arnOf, lambdaFunction, lambdaInterface, named, networkInterface } from "../support/account";
import { DAY, file, gz, T0, V2, v2 } from "../support/flow-log";
import { type Pipeline, s3Event, startPipeline } from "../support/pipeline";

const LOGGER = "eni-logger";
const SHARED = "eni-shared";
const FUNCTIONS = [
  lambdaFunction("RDSQueryLogger", ["subnet-a"], ["sg-logger"]),
  lambdaFunction("Thumbs", ["subnet-a"], ["sg-shared"]),
  lambdaFunction("Probe", ["subnet-a"], ["sg-shared"]),
];
const database = (n: number, name: string) =>
  networkInterface(`eni-db-${n}`, `10.0.20.${n}`, { ...named(name), Description: "RDSNetworkInterface" });
const INTERFACES = [
  lambdaInterface(LOGGER, "10.0.1.21", "sg-logger"),
  lambdaInterface(SHARED, "10.0.1.22", "sg-shared"),
  lambdaInterface("eni-nobody", "10.0.1.23", "sg-nobody"),
  database(11, "users-db"),
  database(12, "audit-db"),
  database(13, "payroll-db"),
];
const KEY = "AWSLogs/111122223333/vpcflowlogs/us-east-1/2026/10";
const record = (eni: string, own: string, to: string, at: number) => v2({ eni, from: own, to, at });
const logger = (to: string, at: number) => record(LOGGER, "10.0.1.21", to, at);

let pipeline: Pipeline;
beforeEach(async () => {
  pipeline = await startPipeline();
  await pipeline.sync(FUNCTIONS, INTERFACES);
});
afterEach(() => pipeline.stop());

/** Two weeks in which each interface talks to two databases; gives the keys in order. */
function twoWeeks(): string[][] {
  return Array.from({ length: 14 }, (_, day) => {
    const key = `${KEY}/day-${day}.log.gz`;
    const at = T0 + day * DAY;
    const lines = ["10.0.20.11", "10.0.20.12"].flatMap((to) => [
      logger(to, at),
      record(SHARED, "10.0.1.22", to, at),
      record("eni-nobody", "10.0.1.23", to, at),
    ]);
    pipeline.objects.set(key, gz(V2, ...lines));
    return [key];
  });
}

const store = () => findingStore(pipeline.database.client, pipeline.database.tables.findings, 365);

test("RDSQueryLogger is found talking to a third database, by name, and one alert goes out", async () => {
  const handle = pipeline.worker();
  expect(await handle(s3Event(...twoWeeks()))).toEqual([]);
  expect(pipeline.alerts).toEqual([]);

  pipeline.objects.set(`${KEY}/last.log.gz`, gz(V2, logger("10.0.20.13", T0 + 14 * DAY)));
  expect(await handle(s3Event([`${KEY}/last.log.gz`]))).toEqual([]);

  const found = await store().list({ limit: 10 });
  expect(found).toEqual([
    expect.objectContaining({
      type: "NewInternalPeer",
      functionArn: arnOf("RDSQueryLogger"),
      attribution: "certain",
      subject: expect.objectContaining({ peer: "payroll-db (RDS)", address: "10.0.20.13" }),
      evidence: [expect.objectContaining({ ref: `s3://logs/${KEY}/last.log.gz`, line: 2 })],
    }),
  ]);
  expect(found[0]?.alertDue).toBeUndefined();
  expect(pipeline.alerts.map((alert) => JSON.parse(alert.json).id)).toEqual([found[0]?.id]);
});

test("on two functions that share an interface, a new peer is one finding on the group with both named", async () => {
  const handle = pipeline.worker();
  await handle(s3Event(...twoWeeks()));
  pipeline.objects.set(`${KEY}/a.log`, file(V2, record(SHARED, "10.0.1.22", "10.0.20.13", T0 + 14 * DAY)));
  pipeline.objects.set(
    `${KEY}/b.log`,
    file(V2, record(SHARED, "10.0.1.22", "10.0.20.13", T0 + 14 * DAY + 600)),
  );
  await handle(s3Event([`${KEY}/a.log`], [`${KEY}/b.log`]));
  expect(await store().list({ limit: 10 })).toEqual([
    expect.objectContaining({
      entity: "group:vpc-1:sg-shared",
      attribution: "ambiguous",
      functionName: null,
      candidates: [
        { functionArn: arnOf("Probe"), functionName: "Probe", invoked: null },
        { functionArn: arnOf("Thumbs"), functionName: "Thumbs", invoked: null },
      ],
      count: 2,
    }),
  ]);
  expect(pipeline.alerts).toHaveLength(1);
});

test("an interface that no function has is watched too, and said to be nobody's", async () => {
  const handle = pipeline.worker();
  await handle(s3Event(...twoWeeks()));
  pipeline.objects.set(
    `${KEY}/x.log`,
    file(V2, record("eni-nobody", "10.0.1.23", "203.0.113.9", T0 + 14 * DAY)),
  );
  await handle(s3Event([`${KEY}/x.log`]));
  expect(await store().list({ limit: 10 })).toEqual([
    expect.objectContaining({ type: "NewExternalPeer", attribution: "unattributed", candidates: [] }),
  ]);
});

test("an object in steady state writes nothing, and reads nothing in a warm container", async () => {
  let calls = 0;
  const client = Object.create(pipeline.database.client);
  client.send = (command: never) => {
    calls++;
    return pipeline.database.client.send(command);
  };
  const handle = pipeline.worker(client);
  await handle(s3Event(...twoWeeks()));
  const before = await pipeline.tables();
  pipeline.objects.set(`${KEY}/again.log`, file(V2, logger("10.0.20.11", T0 + 13 * DAY + 60)));
  calls = 0;
  await handle(s3Event([`${KEY}/again.log`]));
  expect(calls).toBe(0);
  expect(await pipeline.tables()).toEqual(before);
});

test("a message with several objects, a test event and one twice are all processed", async () => {
  const keys = twoWeeks().flat();
  const event = s3Event(keys, keys.slice(0, 3));
  event.Records.push({ messageId: "test", body: '{"Event":"s3:TestEvent"}' } as never);
  expect(await pipeline.worker()(event)).toEqual([]);
  expect(pipeline.reports.map(({ ref }) => ref)).toHaveLength(17);
});

test("keys with = and spaces are those of the object", async () => {
  const key = "my logs/AWSLogs/aws-account-id=1/aws-service=vpcflowlogs/x+y.log";
  pipeline.objects.set(key, file(V2, logger("10.0.20.11", T0)));
  expect(await pipeline.worker()(s3Event([key]))).toEqual([]);
  expect(pipeline.reports[0]?.scan.coverage.lambdaRecords).toBe(1);
});

test.each<[string, string, Buffer | null, RegExp]>([
  ["that is gone", "vpcflowlogs/a.log.gz", null, /NoSuchKey/],
  [
    "with damaged gzip",
    "AWSLogs/1/vpcflowlogs/a.log.gz",
    Buffer.concat([gz(V2).subarray(0, 12), Buffer.alloc(30, 7)]),
    /gzip data is damaged/,
  ],
  [
    "that is cut off",
    "AWSLogs/1/vpcflowlogs/a.log.gz",
    gz(V2, ...Array(50).fill(logger("10.0.20.11", T0))).subarray(0, 150),
    /damaged/,
  ],
  ["of rubbish", "AWSLogs/1/vpcflowlogs/a.log", Buffer.from([0, 200, 10]), /no flow log header/],
  ["that is empty", "AWSLogs/1/vpcflowlogs/a.log.gz", Buffer.alloc(0), /it is empty/],
  [
    "of damaged Parquet",
    "AWSLogs/1/vpcflowlogs/a.log.parquet",
    Buffer.from("PAR1"),
    /Parquet data is damaged/,
  ],
])("an object %s fails its message alone, with a reason", async (_, key, body, reason) => {
  if (body !== null) pipeline.objects.set(key, body);
  pipeline.objects.set(`${KEY}/good.log`, file(V2, logger("10.0.20.11", T0)));
  expect(await pipeline.worker()(s3Event([key], [`${KEY}/good.log`]))).toEqual(["message-0"]);
  expect(pipeline.errors).toEqual([expect.stringMatching(reason)]);
  expect(pipeline.errors[0]).toContain(key);
  expect(pipeline.reports.at(-1)?.ref).toBe(`s3://logs/${KEY}/good.log`);
});

test("what came before the damage is learned", async () => {
  const lines = Array.from({ length: 4000 }, (_, i) => logger(`10.1.${i >> 8}.${i & 255}`, T0));
  const whole = gz(V2, ...lines);
  pipeline.objects.set(`${KEY}/cut.log.gz`, whole.subarray(0, whole.length >> 1));
  expect(await pipeline.worker()(s3Event([`${KEY}/cut.log.gz`]))).toEqual(["message-0"]);
  expect(pipeline.reports[0]?.scan.flows.length).toBeGreaterThan(100);
  expect((await pipeline.tables())["plumbline-baselines"]?.length).toBeGreaterThan(100);
});

test("objects of other services in the same bucket are passed over", async () => {
  expect(await pipeline.worker()(s3Event(["AWSLogs/1/CloudTrail/us-east-1/2026/10/01/x.json.gz"]))).toEqual(
    [],
  );
  expect(pipeline.reports).toEqual([]);
});

test("a message that is not S3's fails, and the others are processed", async () => {
  pipeline.objects.set(`${KEY}/good.log`, file(V2, logger("10.0.20.11", T0)));
  const event: SQSEvent = s3Event([`${KEY}/good.log`]);
  event.Records.push({ messageId: "strange", body: "<xml/>" } as never);
  expect(await pipeline.worker()(event)).toEqual(["strange"]);
});

test("a transit gateway's object is skipped and no failure", async () => {
  pipeline.objects.set(
    `${KEY}/tgw.log`,
    file("version resource-type tgw-id srcaddr dstaddr start", "6 TransitGateway t 1.1.1.1 2.2.2.2 1"),
  );
  expect(await pipeline.worker()(s3Event([`${KEY}/tgw.log`]))).toEqual([]);
  expect(pipeline.reports[0]?.scan.problem?.kind).toBe("skipped");
});

test("an entity with more peers than are kept is wide: what was learned stays, the rest is not stored", async () => {
  await pipeline.stop();
  pipeline = await startPipeline({ maxPeers: 10 });
  await pipeline.sync(FUNCTIONS, INTERFACES);
  const handle = pipeline.worker();
  await handle(s3Event(...twoWeeks()));
  const flood = Array.from({ length: 30 }, (_, i) => logger(`10.9.0.${i}`, T0 + 20 * DAY));
  pipeline.objects.set(`${KEY}/flood.log`, file(V2, ...flood));
  await handle(s3Event([`${KEY}/flood.log`]));
  const items = (await pipeline.tables())["plumbline-baselines"] as {
    entity: string;
    facet: string;
    wide?: { internal?: number };
  }[];
  const own = items.filter(({ entity }) => entity === arnOf("RDSQueryLogger"));
  expect(own).toHaveLength(11);
  expect(own.map(({ facet }) => facet)).toEqual(
    expect.arrayContaining(["PEER#internal/RDS:eni-db-11", "PEER#internal/RDS:eni-db-12", "PROFILE"]),
  );
  expect(own.find(({ facet }) => facet === "PROFILE")?.wide?.internal).toBeDefined();
  expect(pipeline.alerts).toEqual([]);
});

test("an alert that could not be published stays due; to deliver its object again would not help", async () => {
  const handle = pipeline.worker(undefined, { publish: () => Promise.reject(new Error("SNS is down")) });
  await handle(s3Event(...twoWeeks()));
  pipeline.objects.set(`${KEY}/last.log`, file(V2, logger("10.0.20.13", T0 + 14 * DAY)));
  expect(await handle(s3Event([`${KEY}/last.log`]))).toEqual([]);
  expect(pipeline.warnings).toContain("An alert could not be published; the sweep will");
  expect(await store().due("2100")).toHaveLength(1);
});

/**
 * Deliveries repeat, run side by side and arrive out of order. Whatever they do within a day, the tables, the findings
 * and the alerts are those of a tidy delivery.
 */
import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import fc from "fast-check";
import { lambdaFunction, lambdaInterface, named, networkInterface } from "../support/account";
import { DAY, file, T0, V2, v2 } from "../support/flow-log";
import { type Pipeline, s3Event, startPipeline } from "../support/pipeline";

const FUNCTIONS = [
  lambdaFunction("Alone", ["subnet-a"], ["sg-alone"]),
  lambdaFunction("Left", ["subnet-a"], ["sg-both"]),
  lambdaFunction("Right", ["subnet-a"], ["sg-both"]),
];
const INTERFACES = [
  lambdaInterface("eni-alone", "10.0.1.1", "sg-alone"),
  lambdaInterface("eni-both", "10.0.1.2", "sg-both"),
  networkInterface("eni-db", "10.0.20.1", { ...named("users-db"), Description: "RDSNetworkInterface" }),
];
const OWN = { "eni-alone": "10.0.1.1", "eni-both": "10.0.1.2" };
type Eni = keyof typeof OWN;

const record = (eni: Eni, to: string, at: number, port = 5432) =>
  v2({ eni, from: OWN[eni], to, at, port, sourcePort: 30_000 + (at % 10_000) });

/** Fourteen days of the same, one object each. */
const PAST = Array.from({ length: 14 }, (_, day) =>
  file(
    V2,
    record("eni-alone", "10.0.20.1", T0 + day * DAY),
    record("eni-both", "203.0.113.1", T0 + day * DAY, 443),
  ),
);

/** The objects of the day after: known peers, new ones in several objects, a new port, a late one of the day before. */
const TODAY = [
  file(
    V2,
    record("eni-alone", "10.0.20.1", T0 + 14 * DAY),
    record("eni-alone", "10.0.20.2", T0 + 14 * DAY + 5),
  ),
  file(
    V2,
    record("eni-alone", "10.0.20.2", T0 + 14 * DAY + 300),
    record("eni-both", "192.0.2.2", T0 + 14 * DAY + 310, 443),
  ),
  file(
    V2,
    record("eni-both", "192.0.2.2", T0 + 14 * DAY + 600, 443),
    record("eni-alone", "10.0.20.1", T0 + 14 * DAY + 610, 22),
  ),
  file(
    V2,
    record("eni-both", "203.0.113.1", T0 + 14 * DAY + 900, 443),
    record("eni-alone", "198.51.100.7", T0 + 14 * DAY + 905, 443),
  ),
  file(
    V2,
    record("eni-alone", "10.0.20.2", T0 + 14 * DAY + 80_000),
    record("eni-alone", "10.0.20.1", T0 + 13 * DAY + 86_000),
  ),
]
  .map((body, i) => Buffer.concat([body, Buffer.from(`${partOf(i).join("\n")}\n`)]))
  .map((body, i) => ({ key: `AWSLogs/1/vpcflowlogs/today-${i}.log`, body }));

/** What only all objects of the day together show: 10 MB in an hour, and a scan of 30 targets. */
function partOf(object: number): string[] {
  const at = T0 + 14 * DAY + 7_300 + object * 300;
  const sent = v2({
    eni: "eni-both",
    from: OWN["eni-both"],
    to: "203.0.113.1",
    port: 443,
    bytes: 2_000_000,
    at,
  });
  const scanned = Array.from({ length: 6 }, (_, i) =>
    v2({
      eni: "eni-alone",
      from: OWN["eni-alone"],
      to: `10.0.7.${6 * object + i}`,
      port: 22,
      at,
      action: "REJECT",
    }),
  );
  return [sent, ...scanned];
}

async function outcome(pipeline: Pipeline) {
  const { "plumbline-inventory": _, ...tables } = await pipeline.tables();
  return {
    tables,
    alerts: pipeline.alerts.map(({ subject, json }) => ({ subject, id: JSON.parse(json).id })),
  };
}

const bySubject = ({ tables, alerts }: Awaited<ReturnType<typeof outcome>>) => ({
  tables,
  alerts: [...alerts].sort((a, b) => (a.id < b.id ? -1 : 1)),
});

/** A pipeline that has the past behind it; the past is computed once and copied. */
let past: Record<string, unknown[]> | undefined;
async function withPast(): Promise<Pipeline> {
  const pipeline = await startPipeline();
  pipeline.threatLists.push({ name: "bad.txt", text: "192.0.2.2\n" });
  for (const { key, body } of TODAY) pipeline.objects.set(key, body);
  if (past === undefined) {
    await pipeline.sync(FUNCTIONS, INTERFACES);
    for (const [i, body] of PAST.entries()) pipeline.objects.set(`AWSLogs/1/vpcflowlogs/past-${i}.log`, body);
    expect(
      await pipeline.worker()(s3Event(...PAST.map((_, i) => [`AWSLogs/1/vpcflowlogs/past-${i}.log`]))),
    ).toEqual([]);
    past = await pipeline.tables();
  } else {
    const requests = Object.entries(past).map(([table, items]) => [
      table,
      items.map((Item) => ({ PutRequest: { Item } })),
    ]);
    await pipeline.database.client.send(
      new BatchWriteCommand({ RequestItems: Object.fromEntries(requests.filter(([, all]) => all?.length)) }),
    );
  }
  return pipeline;
}

let tidy: ReturnType<typeof bySubject>;
beforeAll(async () => {
  const pipeline = await withPast();
  await pipeline.worker()(s3Event(...TODAY.map(({ key }) => [key])));
  tidy = bySubject(await outcome(pipeline));
  await pipeline.stop();
});

test("the tidy delivery has something to find", () => {
  expect(tidy.alerts.map(({ subject }) => subject).sort()).toEqual([
    expect.stringContaining("Alone scans its own network: 30 targets in vain"),
    expect.stringContaining("Alone talks to a new external peer: 198.51.100.0/24"),
    expect.stringContaining("Alone talks to a new internal peer: 10.0.20.2"),
    expect.stringContaining("Left or Right talks to 192.0.2.2, which the threat list bad.txt names"),
    expect.stringContaining("Left or Right talks to a new external peer: 192.0.2.0/24"),
    expect.stringContaining("Alone uses a new port of users-db (RDS): 22/tcp"),
    expect.stringContaining("Left or Right sends far more than usual to 203.0.113.0/24: 10.0 MB in an hour"),
  ]);
});

const keys = TODAY.map(({ key }) => key);
/** Every object at least once, some twice, in any order. */
const deliveries = fc
  .subarray(keys)
  .chain((twice) => fc.shuffledSubarray([...keys, ...twice], { minLength: keys.length + twice.length }));

test("any order and repetition of a day's objects ends in the same tables, findings and alerts", async () => {
  await fc.assert(
    fc.asyncProperty(deliveries, async (order) => {
      const pipeline = await withPast();
      try {
        const handle = pipeline.worker();
        for (const key of order) expect(await handle(s3Event([key]))).toEqual([]);
        expect(bySubject(await outcome(pipeline))).toEqual(tidy);
      } finally {
        await pipeline.stop();
      }
    }),
    { numRuns: 7 },
  );
});

test("so does any interleaving of two workers, down to single calls of DynamoDB", async () => {
  await fc.assert(
    fc.asyncProperty(deliveries, deliveries, fc.scheduler(), async (mine, yours, scheduler) => {
      const pipeline = await withPast();
      try {
        const { client } = pipeline.database;
        const scheduled = Object.create(client);
        scheduled.send = scheduler.scheduleFunction((command: never) => client.send(command));
        const work = [mine, yours].map(async (order) => {
          const handle = pipeline.worker(scheduled);
          for (const key of order) expect(await handle(s3Event([key]))).toEqual([]);
        });
        await scheduler.waitFor(Promise.all(work));
        expect(bySubject(await outcome(pipeline))).toEqual(tidy);
      } finally {
        await pipeline.stop();
      }
    }),
    { numRuns: 7 },
  );
});

test("a whole fortnight in any order ends in the same baselines", async () => {
  const all = [...PAST, ...TODAY.map(({ body }) => body)].map((body, i) => ({
    key: `AWSLogs/1/vpcflowlogs/any-${i}.log`,
    body,
  }));
  const baselinesOf = async (order: readonly string[]) => {
    const pipeline = await startPipeline();
    try {
      await pipeline.sync(FUNCTIONS, INTERFACES);
      for (const { key, body } of all) pipeline.objects.set(key, body);
      expect(await pipeline.worker()(s3Event(...order.map((key) => [key])))).toEqual([]);
      const facets = (await pipeline.tables())["plumbline-baselines"] ?? [];
      // Traces are kept for two days, and depend on what was familiar by then.
      return facets.filter((item) => !String((item as { facet: string }).facet).startsWith("AT#"));
    } finally {
      await pipeline.stop();
    }
  };
  const inOrder = all.map(({ key }) => key);
  const expected = await baselinesOf(inOrder);
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(inOrder, { minLength: inOrder.length }), async (order) => {
      expect(await baselinesOf(order)).toEqual(expected);
    }),
    { numRuns: 4 },
  );
});

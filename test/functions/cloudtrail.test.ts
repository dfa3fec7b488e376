import { BatchWriteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import fc from "fast-check";
import type { FindingRecord } from "../../functions/core/finding";
import { arnOf, lambdaFunction, lambdaInterface, networkInterface } from "../support/account";
import { DAY, gz, T0, V2, v2 } from "../support/flow-log";
import { type Pipeline, s3Event, startPipeline, trailEvent } from "../support/pipeline";
import { anything, asFunction, asUser, call, change, onDay, trailRecord } from "../support/trail";

const secret = (day: number) =>
  call(day, "secretsmanager", "GetSecretValue", { userIdentity: asFunction("RDSQueryLogger", `ASIA${day}`) });
const deploy = (day: number) => change(day, "UpdateFunctionCode20150331v2", {}, { at: 1000 });
const PAST = Array.from({ length: 10 }, (_, day) => [
  anything(day),
  secret(day),
  ...(day % 3 === 0 ? [deploy(day)] : []),
]).flat();

const findingsOf = async (pipeline: Pipeline) =>
  ((await pipeline.tables())["plumbline-findings"] ?? []) as FindingRecord[];

let pipeline: Pipeline;
beforeEach(async () => {
  pipeline = await startPipeline();
});
afterEach(() => pipeline.stop());

test("a call that was never made becomes a finding and one alert, however often it is delivered", async () => {
  const handle = pipeline.trailWorker();
  const news = call(10, "sts", "GetCallerIdentity");
  expect(await handle(trailEvent(...PAST, news, news))).toEqual([]);
  expect(await handle(trailEvent(news))).toEqual([]);
  expect(await pipeline.trailWorker()(trailEvent(news))).toEqual([]);
  expect((await findingsOf(pipeline)).map(({ type, count }) => [type, count])).toEqual([
    ["UnusualApiCall", 1],
  ]);
  expect(pipeline.alerts).toHaveLength(1);
});

test("a message that cannot be read fails alone", async () => {
  const handle = pipeline.trailWorker();
  expect(await handle(trailEvent(secret(0), "{", "[]", '{"detail": 17}', secret(1)))).toEqual([
    "message-1",
    "message-2",
  ]);
  expect(pipeline.errors[0]).toMatch(/^The message is no event of CloudTrail: it cannot be read as JSON/);
  expect(pipeline.warnings).toEqual(["An event without time, source or name was left out"]);
});

test("an event of the far future is left out", async () => {
  expect(await pipeline.trailWorker()(trailEvent(secret(5000)))).toEqual([]);
  expect((await pipeline.tables())["plumbline-baselines"]).toEqual([]);
});

test("what a day tells again costs no write", async () => {
  const handle = pipeline.trailWorker();
  await handle(trailEvent(...PAST));
  const before = await pipeline.tables();
  await handle(trailEvent(...PAST.slice(-2), secret(9)));
  expect(await pipeline.tables()).toEqual(before);
});

test("a permission that is taken back is resolved, and open again when it is given again", async () => {
  const handle = pipeline.trailWorker();
  const permission = (at: number) =>
    change(
      0,
      "AddPermission20150331v2",
      { principal: "*", action: "lambda:InvokeFunction", statementId: "s" },
      { at },
    );
  const removal = change(0, "RemovePermission20150331v2", { statementId: "s" }, { at: 2000 });
  const status = async () => (await findingsOf(pipeline)).map((one) => [one.status, one.endedAt]);
  await handle(trailEvent(permission(1000)));
  await handle(trailEvent(removal));
  expect(await status()).toEqual([["resolved", "2026-10-01T00:33:20Z"]]);
  await handle(trailEvent(permission(1000), removal));
  expect(pipeline.alerts).toHaveLength(1);
  await handle(trailEvent(permission(3000)));
  expect((await status())[0]?.[0]).toBe("open");
  expect(pipeline.alerts).toHaveLength(2);
});

describe("two containers", () => {
  const given = change(
    0,
    "AddPermission20150331v2",
    { principal: "*", action: "lambda:InvokeFunction", statementId: "s" },
    { at: 1000 },
  );
  const taken = change(0, "RemovePermission20150331v2", { statementId: "s" }, { at: 2000 });

  /** A worker that lets another one do all its work right before its first call that `isThen`. */
  function overtaken(isThen: (name: string, table: string) => boolean, other: () => Promise<unknown>) {
    const { client } = pipeline.database;
    const slow = Object.create(client);
    let isDone = false;
    slow.send = async (command: { constructor: { name: string }; input: { TableName: string } }) => {
      if (!isDone && isThen(command.constructor.name, command.input.TableName)) {
        isDone = true;
        await other();
      }
      return client.send(command as never);
    };
    return pipeline.trailWorker(slow);
  }

  test("a permission that is taken back while it is being told of is resolved", async () => {
    const handle = overtaken(
      (name, table) => name === "GetCommand" && table.endsWith("findings"),
      () => pipeline.trailWorker()(trailEvent(taken)),
    );
    await handle(trailEvent(given));
    expect((await findingsOf(pipeline)).map(({ status }) => status)).toEqual(["resolved"]);
  });

  test("what came of a change is tied to it, whichever is told first, and if both are told at once", async () => {
    const cause = change(
      10,
      "PutRolePolicy",
      { functionName: undefined, roleName: "RDSQueryLogger" },
      { at: 3000, eventSource: "iam.amazonaws.com", userIdentity: asUser() },
    );
    const effect = call(10, "sts", "GetCallerIdentity");
    for (const order of [[cause, effect], [effect, cause], null]) {
      await pipeline.stop();
      pipeline = await startPipeline();
      await pipeline.sync([lambdaFunction("RDSQueryLogger", [], [])], []);
      await pipeline.trailWorker()(trailEvent(...PAST));
      if (order !== null) await pipeline.trailWorker()(trailEvent(...order));
      else {
        const handle = overtaken(
          (name, table) => name === "GetCommand" && table.endsWith("findings"),
          () => pipeline.trailWorker()(trailEvent(cause)),
        );
        await handle(trailEvent(effect));
      }
      const findings = await findingsOf(pipeline);
      const related = findings.map(({ type, related }) => [
        type,
        related.map((id) => findings.find((one) => one.id === id)?.type),
      ]);
      expect(Object.fromEntries(related)).toEqual({
        RoleChange: ["UnusualApiCall"],
        UnusualApiCall: ["RoleChange"],
      });
    }
  });

  test("what lags behind in a table is no matter to a container that wrote it", async () => {
    const { client } = pipeline.database;
    const lagging = Object.create(client);
    lagging.send = (command: {
      input: { IndexName?: string; TableName: string; ConsistentRead?: boolean };
    }) => {
      const { IndexName, TableName, ConsistentRead } = command.input;
      if (IndexName === "byEntity") return Promise.resolve({ Items: [] });
      const isGet = command.constructor.name === "GetCommand" && TableName.endsWith("findings");
      return isGet && ConsistentRead !== true ? Promise.resolve({}) : client.send(command as never);
    };
    const handle = pipeline.trailWorker(lagging);
    await handle(trailEvent(given, taken));
    expect((await findingsOf(pipeline)).map(({ status }) => status)).toEqual(["resolved"]);
    const stranger = change(10, "UpdateFunctionCode20150331v2", {}, { at: 3000, userIdentity: asUser() });
    await handle(trailEvent(...PAST, stranger, call(10, "sts", "GetCallerIdentity")));
    const today = (await findingsOf(pipeline)).filter(({ firstSeen }) => firstSeen > "2026-10-11");
    expect(today.map(({ related }) => related.length)).toEqual([1, 1]);
  });

  test("a deploy of which another container wrote the baseline only still moves what came after it", async () => {
    const usual = change(10, "UpdateFunctionCode20150331v2", {}, { at: 3000 });
    const { client } = pipeline.database;
    await pipeline.trailWorker()(trailEvent(...PAST, call(10, "sts", "GetCallerIdentity")));
    expect((await findingsOf(pipeline)).map(({ deploys }) => deploys.length)).toEqual([0]);
    const killed = Object.create(client);
    killed.send = (command: { input: { IndexName?: string } }) =>
      command.input.IndexName === "byEntity"
        ? Promise.reject(new Error("killed"))
        : client.send(command as never);
    expect(await pipeline.trailWorker(killed)(trailEvent(usual))).toEqual(["message-0"]);
    const other = pipeline.trailWorker();
    await other(trailEvent(call(10, "sts", "GetCallerIdentity", { at: 3700 })));
    await other(trailEvent(usual));
    expect((await findingsOf(pipeline)).map(({ deploys }) => deploys.length)).toEqual([1]);
  });
});

describe("a new peer after a change by a stranger", () => {
  const FUNCTIONS = [lambdaFunction("RDSQueryLogger", ["subnet-a"], ["sg-1"])];
  const INTERFACES = [
    lambdaInterface("eni-0a00000000000001a", "10.0.1.21", "sg-1"),
    networkInterface("eni-0d00000000000001d", "10.0.20.11"),
  ];
  const key = (day: number) => `AWSLogs/1/vpcflowlogs/${day}.log.gz`;
  const tampering = trailEvent(
    change(10, "UpdateFunctionCode20150331v2", {}, { at: 1000, userIdentity: asUser("mallory") }),
  );
  const traffic = s3Event([key(10)]);

  async function told(...order: ("change" | "traffic")[]) {
    await pipeline.sync(FUNCTIONS, INTERFACES);
    const [flowLogs, trail] = [pipeline.worker(), pipeline.trailWorker()];
    for (let day = 0; day <= 10; day++) {
      const to = day < 10 ? "10.0.20.11" : "10.0.20.12";
      pipeline.objects.set(key(day), gz(V2, v2({ to, at: T0 + day * DAY + 4000 })));
    }
    for (let day = 0; day < 10; day++) expect(await flowLogs(s3Event([key(day)]))).toEqual([]);
    await trail(trailEvent(...PAST));
    for (const one of order)
      expect(await (one === "change" ? trail(tampering) : flowLogs(traffic))).toEqual([]);
    return (await findingsOf(pipeline)).sort((a, b) => (a.type < b.type ? -1 : 1));
  }

  test.each([[["change", "traffic"] as const], [["traffic", "change"] as const]])(
    "is a step graver, and tied to it, told in the order %p",
    async (order) => {
      const [changed, peer] = await told(...order);
      expect(changed).toMatchObject({ type: "CodeChange", related: [peer?.id] });
      expect(peer).toMatchObject({ type: "NewInternalPeer", severity: "high", related: [changed?.id] });
      expect(peer?.explanation).toMatch(
        /It came 50 minutes after UpdateFunctionCode by user mallory .* one step higher/,
      );
    },
  );

  const KEPT = { entity: arnOf("RDSQueryLogger"), facet: "TRAIL" };

  /** A client through which `act` is done to its end just before the first item that is put into a table, or the first such item. */
  function interrupted(table: string, act: () => Promise<unknown>, item: Record<string, unknown> = {}) {
    let done = false;
    const { client } = pipeline.database;
    const send = async (command: PutCommand) => {
      const { TableName, Item = {} } = command.input;
      const isMeant =
        TableName === table && Object.entries(item).every(([key, value]) => Item[key] === value);
      if (command instanceof PutCommand && isMeant && !done) {
        done = true;
        await act();
      }
      return client.send(command);
    };
    return Object.assign(Object.create(client), { send }) as typeof client;
  }

  test.each<[string, (at: Pipeline) => Promise<unknown>]>([
    [
      "the change is told while the traffic is being judged",
      ({ database, worker, trailWorker }) =>
        worker(interrupted(database.tables.findings, () => trailWorker()(tampering)))(traffic),
    ],
    [
      "the traffic is told before the change is kept",
      ({ database, worker, trailWorker }) =>
        trailWorker(interrupted(database.tables.baselines, () => worker()(traffic), KEPT))(tampering),
    ],
  ])("is tied to it where %s", async (_, tell) => {
    await told();
    await tell(pipeline);
    const [changed, peer] = (await findingsOf(pipeline)).sort((a, b) => (a.type < b.type ? -1 : 1));
    expect(changed).toMatchObject({ type: "CodeChange", related: [peer?.id] });
    expect(peer).toMatchObject({ type: "NewInternalPeer", severity: "high", related: [changed?.id] });
  });
});

const TODAY = [
  secret(10),
  anything(10),
  call(10, "sts", "GetCallerIdentity", { at: 5000 }),
  call(10, "sts", "AssumeRole", { at: 5100, userIdentity: asFunction("RDSQueryLogger", "ASIA10") }),
  change(10, "UpdateFunctionCode20150331v2", {}, { at: 4000, userIdentity: asUser("mallory") }),
  change(
    10,
    "AddPermission20150331v2",
    { principal: "*", action: "lambda:InvokeFunction", statementId: "s" },
    { at: 6000 },
  ),
  ...Array.from({ length: 12 }, (_, i) =>
    call(10, "iam", "ListUsers", { errorCode: "AccessDenied", at: 7000 + i }),
  ),
  trailRecord(onDay(10, 8000), "StopLogging", {
    eventSource: "cloudtrail.amazonaws.com",
    userIdentity: asUser("mallory"),
    requestParameters: { name: "main" },
  }),
];

test("any order, repetition and interleaving of a day's events ends in the same tables, findings and alerts", async () => {
  await pipeline.trailWorker()(trailEvent(...PAST));
  const past = await pipeline.tables();
  const outcome = async (work: (fresh: Pipeline) => Promise<void>) => {
    const fresh = await startPipeline();
    try {
      const requests = Object.entries(past).flatMap(([table, items]) =>
        items.length === 0 ? [] : [[table, items.map((Item) => ({ PutRequest: { Item } }))]],
      );
      await fresh.database.client.send(new BatchWriteCommand({ RequestItems: Object.fromEntries(requests) }));
      await work(fresh);
      return {
        tables: await fresh.tables(),
        alerts: fresh.alerts.map(({ json }) => JSON.parse(json).id).sort(),
      };
    } finally {
      await fresh.stop();
    }
  };
  const tidy = await outcome(async (fresh) => void (await fresh.trailWorker()(trailEvent(...TODAY))));
  expect(tidy.alerts).toHaveLength(5);
  const deliveries = fc
    .subarray(TODAY)
    .chain((twice) => fc.shuffledSubarray([...TODAY, ...twice], { minLength: TODAY.length + twice.length }));
  await fc.assert(
    fc.asyncProperty(deliveries, deliveries, fc.scheduler(), async (mine, yours, scheduler) => {
      const mixed = await outcome(async (fresh) => {
        const { client } = fresh.database;
        const scheduled = Object.create(client);
        scheduled.send = scheduler.scheduleFunction((command: never) => client.send(command));
        const work = [mine, yours].map(async (order) => {
          const handle = fresh.trailWorker(scheduled);
          for (const record of order) expect(await handle(trailEvent(record))).toEqual([]);
        });
        await scheduler.waitFor(Promise.all(work));
      });
      expect(mixed).toEqual(tidy);
    }),
    { numRuns: 6 },
  );
});

test("the function of a call is known by its ARN, with or without an inventory", async () => {
  await pipeline.trailWorker()(trailEvent(secret(0)));
  const entities = ((await pipeline.tables())["plumbline-baselines"] ?? []).map(
    (item) => (item as { entity: string }).entity,
  );
  expect(new Set(entities)).toEqual(new Set([arnOf("RDSQueryLogger"), "account:111122223333:us-east-1"]));
});

test("which function of a group was invoked is told by data events, where there are such", async () => {
  const eni = "eni-0a00000000000001a";
  const functions = ["A", "B"].map((name) => lambdaFunction(name, ["subnet-a"], ["sg-1"]));
  await pipeline.sync(functions, [lambdaInterface(eni, "10.0.1.21", "sg-1")]);
  const invoked = trailRecord(onDay(10, 4000), "Invoke", {
    eventSource: "lambda.amazonaws.com",
    requestParameters: { functionName: "A" },
    additionalEventData: { customerEniId: eni },
  });
  await pipeline.trailWorker()(trailEvent(invoked));
  const handle = pipeline.worker();
  for (let day = 0; day <= 10; day++) {
    pipeline.objects.set(
      `AWSLogs/1/vpcflowlogs/${day}.log.gz`,
      gz(V2, v2({ to: day < 10 ? "10.0.20.11" : "10.0.20.12", at: onDay(day, 4100) })),
    );
    expect(await handle(s3Event([`AWSLogs/1/vpcflowlogs/${day}.log.gz`]))).toEqual([]);
  }
  expect((await findingsOf(pipeline)).map(({ candidates }) => candidates.map((one) => one.invoked))).toEqual([
    [true, false],
  ]);
});

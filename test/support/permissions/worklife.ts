/** Everything that the deployed functions do, once: on an embedded DynamoDB, with the other services stubbed at the SDK. */
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { Context, SQSEvent } from "aws-lambda";
import { type EmbeddedDynamoDb, startEmbeddedDynamoDb } from "../../../cli/local/embedded-dynamodb";
import { tables } from "../../../functions/adapters/aws/runtime";
import { handler as alerts } from "../../../functions/alerts";
import { handler as cloudTrail } from "../../../functions/cloudtrail";
import type { FindingRecord } from "../../../functions/core/finding";
import { handler as flowLogs } from "../../../functions/flow-logs";
import { handler as inventory } from "../../../functions/inventory";
import { handler as metrics } from "../../../functions/metrics";
import { lambdaFunction, lambdaInterface } from "../account";
import { DAY, gz, V2 } from "../flow-log";
import { eightDaysOfUsage, eventsOfThePast, leaveAlertBehind } from "../past";
import { s3Event, trailEvent } from "../pipeline";
import { FUNCTIONS, INTERFACES, plainPath, talk } from "../story";
import { anything, asFunction, asUser, call, change, onDay, trailRecord } from "../trail";
import { recordCalls, type SdkCall } from "./sdk-recorder";
import type { StackRole } from "./stack-roles";
import { stubServices } from "./stubbed-services";

export interface Worklife {
  /** What each function called, by its description. */
  readonly calls: Readonly<Record<string, readonly SdkCall[]>>;
  /** Types of the findings that came of it. */
  readonly findings: readonly string[];
}

const CONTEXT = { functionName: "Plumbline", getRemainingTimeInMillis: () => 300_000 } as Context;
const HANDLERS: Readonly<Record<string, (event: SQSEvent, context: Context) => Promise<unknown>>> = {
  "reads flow logs": flowLogs,
  "keeps which interface": inventory,
  "publishes alerts": alerts,
  "asks whether telemetry still comes": metrics,
  "watches what functions call": cloudTrail,
};
const TODAY = 10;
const noon = onDay(TODAY, DAY / 2);

/** Lets the functions of a stack work as `roles` tell them. What they log is not printed. */
export async function worklife(roles: readonly StackRole[]): Promise<Worklife> {
  const database = await startEmbeddedDynamoDb();
  const environment = { ...process.env };
  try {
    return await live(roles, database);
  } finally {
    process.env = environment;
    tables().destroy();
    await database.stop();
  }
}

async function live(roles: readonly StackRole[], database: EmbeddedDynamoDb): Promise<Worklife> {
  await useDatabase(database);
  const services = stubServices(
    [...FUNCTIONS.Functions, lambdaFunction("Busy", ["subnet-a"], ["sg-2"])],
    [...INTERFACES.NetworkInterfaces, lambdaInterface("eni-2", "10.0.1.22", "sg-2")],
  );
  const recorder = recordCalls(tables(), database.client);
  const calls: Record<string, SdkCall[]> = {};
  const clock = jest.spyOn(Date, "now");

  /** Runs the one whose description begins so, in its own environment, at a time. */
  async function run(beginning: string, at: number, event: SQSEvent = { Records: [] }): Promise<void> {
    const role = roles.find(({ description }) => description.startsWith(beginning));
    const handler = HANDLERS[beginning];
    if (role === undefined || handler === undefined) throw new Error(`No function that ${beginning}`);
    for (const name of Object.keys(process.env)) if (name.startsWith("PLUMBLINE_")) delete process.env[name];
    Object.assign(process.env, role.environment);
    clock.mockReturnValue(at * 1000);
    recorder.calls.length = 0;
    const answer = await handler(event, CONTEXT);
    const failures = (answer as { batchItemFailures?: unknown[] } | undefined)?.batchItemFailures ?? [];
    if (failures.length > 0)
      throw new Error(`The function that ${beginning} failed: ${recorder.calls.length} calls`);
    const known = calls[role.description] ?? [];
    calls[role.description] = [...known, ...recorder.calls, ...services.taken()];
  }
  const deliver = (eni: string, from: string, peers: readonly [string, number][]) =>
    s3Event(
      ...peers.map(([to, at]) => {
        const key = plainPath(at).replace("fl-1", `fl-${eni}-${to}`);
        services.objects.set(key, gz(V2, talk(to, at, eni, from)));
        return [key];
      }),
    );

  try {
    await run("keeps which interface", onDay(TODAY - 2));
    // A day later AWS publishes other ranges: those of before go.
    await run("keeps which interface", onDay(TODAY - 1) + 60);

    const past = Array.from({ length: TODAY }, (_, day) => day);
    await eventsOfThePast(
      database,
      past.flatMap((day) => [anything(day), change(day, "UpdateFunctionCode20150331v2", {})]),
    );
    await run(
      "reads flow logs",
      noon,
      deliver(
        "eni-1",
        "10.0.1.21",
        past.map((day) => ["10.0.20.11", onDay(day)]),
      ),
    );

    recorder.raceIn(database.tables.baselines);
    await run(
      "watches what functions call",
      noon,
      trailEvent(
        change(TODAY, "UpdateFunctionCode20150331v2", {}, { userIdentity: asUser("mallory") }),
        change(TODAY, "AddPermission20150331v2", {
          principal: "*",
          action: "lambda:InvokeFunction",
          statementId: "s",
        }),
        invocation("eni-1"),
      ),
    );
    recorder.raceIn(database.tables.baselines);
    await run("reads flow logs", noon, deliver("eni-1", "10.0.1.21", [["10.0.20.13", onDay(TODAY, 7200)]]));

    await eightDaysOfUsage(database, "RDSQueryLogger", noon - 3600);
    services.invocations(noon - 3600, [...Array(6).fill(20), ...Array(6).fill(3000)]);
    recorder.raceIn(database.tables.baselines);
    await run("asks whether telemetry still comes", noon);

    // A function that knows as many peers and services as are kept, and then one that it met before them.
    const many: [string, number][] = Array.from({ length: 10 }, (_, i) => [
      `10.0.30.${i + 1}`,
      onDay(TODAY, i),
    ]);
    await run("reads flow logs", noon, deliver("eni-2", "10.0.1.22", many));
    await run("reads flow logs", noon, deliver("eni-2", "10.0.1.22", [["10.0.30.99", onDay(TODAY - 1)]]));
    const busy = { userIdentity: asFunction("Busy") };
    await eventsOfThePast(
      database,
      Array.from({ length: 400 }, (_, i) => call(TODAY, `service${i}`, "Look", busy)),
    );
    await run("watches what functions call", noon, trailEvent(call(TODAY - 1, "earlier", "Look", busy)));

    const { Items = [] } = await database.client.send(
      new ScanCommand({ TableName: database.tables.findings }),
    );
    const findings = Items as FindingRecord[];
    await leaveAlertBehind(database, findings[0]?.id ?? "", noon - 3600);
    await run("publishes alerts", noon);
    return { calls, findings: findings.map(({ type }) => type).sort() };
  } finally {
    clock.mockRestore();
    services.restore();
  }
}

const invocation = (customerEniId: string) =>
  trailRecord(onDay(TODAY), "Invoke", {
    eventSource: "lambda.amazonaws.com",
    managementEvent: false,
    requestParameters: { functionName: "RDSQueryLogger" },
    additionalEventData: { customerEniId },
  });

/** The functions make their clients themselves: the SDK takes all this from the environment. */
async function useDatabase({ client }: EmbeddedDynamoDb): Promise<void> {
  const { hostname, port } = (await client.config.endpoint?.()) ?? {};
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: `http://${hostname}:${port}`,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "embedded",
    AWS_SECRET_ACCESS_KEY: "embedded",
    POWERTOOLS_LOG_LEVEL: "SILENT",
    POWERTOOLS_METRICS_DISABLED: "true",
  });
}

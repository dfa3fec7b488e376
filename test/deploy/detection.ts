/** Telemetry in, findings and alerts out. */
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { Finding } from "../../functions/core/finding";
import { eightDaysOfUsage } from "../support/past";
import { asFunction, trailRecord } from "../support/trail";
import { type Subscriber, subscribe } from "./alerts";
import { equal } from "./equal";
import { DEAD_LETTERS, drained, messagesIn } from "./queues";
import { deliverEvents, deliverFlowLog, deliverInvocations, functionChange } from "./telemetry";
import { eventually } from "./waiting";
import { FUNCTION, makeAccount } from "./watched-account";
import { tablesOf, type World } from "./world";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

export interface Detected {
  readonly findings: readonly Finding[];
  readonly everything: Subscriber;
}

export async function detection(world: World): Promise<Detected> {
  const { say, clients, deployment, now } = world;
  const topic = deployment.of("Alerts/Topic");
  const bucket = deployment.of("FlowLogSource/Bucket");

  const everything = await say("A queue subscribes to the topic", () =>
    subscribe(clients, topic, "everything"),
  );
  const grave = await say("Another one subscribes to critical alerts only", () =>
    subscribe(clients, topic, "grave", { severity: ["critical"] }),
  );

  // Before the inventory knows the function: from then on the schedule may ask for its metrics.
  const settled = Math.floor((now - 20 * MINUTE) / 300) * 300;
  await say("Eight usual days of invocations are known, and an hour of them ends in a flood", async () => {
    await eightDaysOfUsage(tablesOf(world), FUNCTION, settled - HOUR / 2);
    await deliverInvocations(clients, settled - HOUR, [...Array(9).fill(20), ...Array(9).fill(3000)]);
  });

  const account = await say("The account has a function in a VPC, its interface and two databases", () =>
    makeAccount(clients),
  );
  await say("The inventory ties the interface to the function once CloudTrail tells of it", async () => {
    await deliverEvents(clients, functionChange("CreateFunction20150331", now - DAY, {}));
    await eventually(`an item of ${account.ofFunction.id} with ${FUNCTION}`, 90, async () => {
      const { Items = [] } = await clients.dynamoDb.send(
        new ScanCommand({ TableName: deployment.of("Tables/Inventory") }),
      );
      const item = Items.find(({ interfaceId }) => interfaceId === account.ofFunction.id);
      return JSON.stringify(item ?? "").includes(`:function:${FUNCTION}`) ? true : null;
    });
  });

  const flow = (at: number, to = account.usersDb) =>
    deliverFlowLog(clients, bucket, { from: account.ofFunction, to, at });
  await say("Ten days of flow logs with one database raise nothing", async () => {
    for (let day = 10; day > 0; day--) await flow(now - day * DAY);
    await drained(world, "FlowLogQueue/Queue", 60);
    equal(
      (await findingsIn(world)).map(({ type }) => type),
      [],
    );
  });

  const found = (type: string, seconds: number) =>
    eventually(`a finding ${type}`, seconds, async () => {
      const findings = await findingsIn(world);
      return findings.find((finding) => finding.type === type) ?? null;
    });
  await say("A first connection to another database is a NewInternalPeer with its name", async () => {
    await flow(now - HOUR, account.payrollDb);
    const { functionName, title, severity } = await found("NewInternalPeer", 60);
    equal(
      { functionName, title, severity },
      {
        functionName: FUNCTION,
        title: `${FUNCTION} talks to a new internal peer: payroll-db (RDS)`,
        severity: "medium",
      },
    );
  });
  await say("A permission for everybody is a PublicInvokePermission", async () => {
    const permission = { statementId: "debug", action: "lambda:InvokeFunction", principal: "*" };
    await deliverEvents(
      clients,
      functionChange("AddPermission20150331v2", now - 30 * MINUTE, permission),
      invoked(now - 30 * MINUTE, account.ofFunction.id),
    );
    equal((await found("PublicInvokePermission", 60)).severity, "critical");
  });
  await say("The flood of invocations is an InvocationSpike once the metrics are looked at", async () => {
    await invoke(world, "Metrics/Function");
    equal((await found("InvocationSpike", 30)).functionName, FUNCTION);
  });

  const findings = await findingsIn(world);
  await say("There is no finding beside these", () => equal(findings.map(({ type }) => type).sort(), TYPES));
  await say("Each was told to the subscriber once, as JSON", async () => {
    const arrived = await arrivedAt(everything, TYPES.length);
    equal(arrived.map(({ id }) => id).sort(), findings.map(({ id }) => id).sort());
  });
  await say("The one that asked for critical alerts got only those", async () => {
    equal(
      (await arrivedAt(grave, 1)).map(({ type }) => type),
      ["PublicInvokePermission"],
    );
  });
  await say("The dead-letter queues are empty", async () => {
    equal(await Promise.all(DEAD_LETTERS.map((path) => messagesIn(world, path))), [0, 0, 0, 0]);
  });
  return { findings, everything };
}

const TYPES = ["InvocationSpike", "NewInternalPeer", "PublicInvokePermission"];

/** A data event of Lambda that names the interface, as a call of the function itself. */
const invoked = (at: number, customerEniId: string) =>
  trailRecord(at, "Invoke", {
    eventSource: "lambda.amazonaws.com",
    userIdentity: asFunction(),
    managementEvent: false,
    requestParameters: { functionName: FUNCTION },
    additionalEventData: { customerEniId },
  });

/** Runs a function of the stack as its schedule would. Throws with its error where it fails. */
export async function invoke({ clients, deployment }: World, path: string): Promise<void> {
  const { FunctionError, Payload } = await clients.lambda.send(
    new InvokeCommand({ FunctionName: deployment.of(path), Payload: "{}" }),
  );
  if (FunctionError !== undefined) throw new Error(`${path}: ${Payload?.transformToString()}`);
}

export async function findingsIn({ clients, deployment }: World): Promise<Finding[]> {
  const TableName = deployment.of("Tables/Findings");
  const { Items = [] } = await clients.dynamoDb.send(new ScanCommand({ TableName }));
  return Items as Finding[];
}

/** What arrives until there are `count`, and what came beyond them. */
export async function arrivedAt(subscriber: Subscriber, count: number): Promise<Finding[]> {
  const all: Finding[] = [];
  await eventually(`${count} alerts`, 30, async () => {
    all.push(...(await subscriber.arrived()));
    return all.length >= count ? true : null;
  });
  return all;
}

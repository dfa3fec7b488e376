/** Telemetry in, findings and alerts out. */
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { Finding } from "../../functions/core/finding";
import { eightDaysOfUsage } from "../support/past";
import { asFunction, asUser, trailRecord } from "../support/trail";
import { type Subscriber, subscribe } from "./alerts";
import { equal } from "./equal";
import { arrivedAt, findingsIn, idsOf, invoke, learned } from "./outcome";
import { DEAD_LETTERS, messagesIn } from "./queues";
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
    await deliverEvents(clients, functionChange("CreateFunction20150331", now - 11 * DAY));
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
  const history = Array.from({ length: 10 }, (_, i) => now - (10 - i) * DAY);
  // A day is dealt with before the next one comes: workers that run at once would take the last day for the first.
  const dayByDay = async (queue: string, deliver: (at: number) => Promise<void>) => {
    for (const at of history) await learned(world, queue, () => deliver(at));
  };
  const raiseNothing = async () =>
    equal(
      (await findingsIn(world)).map(({ type }) => type),
      [],
    );
  await say("Ten days of flow logs with one database raise nothing", async () => {
    await dayByDay("FlowLogQueue/Queue", (at) => flow(at));
    await raiseNothing();
  });
  await say("Ten days on which a pipeline deploys it, and it reads a secret, raise nothing", async () => {
    await dayByDay("TrailQueue/Queue", (at) =>
      deliverEvents(
        clients,
        functionChange("UpdateFunctionCode20150331v2", at),
        called(at, "secretsmanager", "GetSecretValue"),
      ),
    );
    await raiseNothing();
  });

  const found = (type: string) =>
    eventually(`a finding ${type}`, 90, async () => {
      const findings = await findingsIn(world);
      return findings.find((finding) => finding.type === type) ?? null;
    });
  const stranger = asUser("mallory");
  await say("New code by somebody who never deployed it is a CodeChange", async () => {
    await deliverEvents(
      clients,
      functionChange("UpdateFunctionCode20150331v2", now - 2 * HOUR, {}, stranger),
    );
    equal((await found("CodeChange")).functionName, FUNCTION);
  });
  await say(
    "A first connection to another database is a NewInternalPeer, graver for the change before",
    async () => {
      await flow(now - HOUR, account.payrollDb);
      const { functionName, title, severity, explanation } = await found("NewInternalPeer");
      equal(
        [functionName, title, severity],
        [FUNCTION, `${FUNCTION} talks to a new internal peer: payroll-db (RDS)`, "high"],
      );
      equal(explanation.includes("after UpdateFunctionCode by user mallory"), true);
    },
  );
  await say("A call that it never made is an UnusualApiCall", async () => {
    await deliverEvents(clients, called(now - HOUR, "iam", "CreateUser"));
    equal((await found("UnusualApiCall")).severity, "critical");
  });
  await say("A permission for everybody is a PublicInvokePermission", async () => {
    const permission = { statementId: "debug", action: "lambda:InvokeFunction", principal: "*" };
    await deliverEvents(
      clients,
      functionChange("AddPermission20150331v2", now - 30 * MINUTE, permission, stranger),
      invoked(now - 30 * MINUTE, account.ofFunction.id),
    );
    equal((await found("PublicInvokePermission")).severity, "critical");
  });
  await say("The flood of invocations is an InvocationSpike once the metrics are looked at", async () => {
    await invoke(world, "Metrics/Function");
    equal((await found("InvocationSpike")).functionName, FUNCTION);
  });

  const findings = await findingsIn(world);
  await say("There is no finding beside these", () => equal(findings.map(({ type }) => type).sort(), TYPES));
  await say("Each was told to the subscriber once, as JSON", async () => {
    const arrived = await arrivedAt(everything, TYPES.length);
    equal(arrived.map(({ id }) => id).sort(), findings.map(({ id }) => id).sort());
  });
  await say("The one that asked for critical alerts got only those", async () => {
    const critical = findings.filter(({ severity }) => severity === "critical");
    equal(idsOf(await arrivedAt(grave, critical.length)), idsOf(critical));
  });
  await say("The dead-letter queues are empty", async () => {
    equal(await Promise.all(DEAD_LETTERS.map((path) => messagesIn(world, path))), [0, 0, 0, 0]);
  });
  return { findings, everything };
}

const TYPES = [
  "CodeChange",
  "InvocationSpike",
  "NewInternalPeer",
  "PublicInvokePermission",
  "UnusualApiCall",
];

/** A call by the function itself. */
const called = (at: number, service: string, action: string) =>
  trailRecord(at, action, { eventSource: `${service}.amazonaws.com`, userIdentity: asFunction() });

/** A data event of Lambda that names the interface. */
const invoked = (at: number, customerEniId: string) =>
  trailRecord(at, "Invoke", {
    eventSource: "lambda.amazonaws.com",
    userIdentity: { type: "AWSService", invokedBy: "apigateway.amazonaws.com" },
    managementEvent: false,
    requestParameters: { functionName: FUNCTION },
    additionalEventData: { customerEniId },
  });

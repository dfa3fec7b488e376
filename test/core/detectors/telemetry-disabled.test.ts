import { iso } from "../../../functions/core/time";
import { ACCOUNT_ID, asRole, asUser, onDay, tellDays, trailRecord } from "../../support/trail";

const done = (service: string, action: string, requestParameters: unknown, fields = {}) =>
  trailRecord(onDay(0), action, {
    eventSource: `${service}.amazonaws.com`,
    userIdentity: asUser("mallory"),
    requestParameters,
    ...fields,
  });
const found = (...records: unknown[]) =>
  [...tellDays([records]).findings.values()].flat().filter(({ type }) => type === "TelemetryDisabled");
const QUEUE = "https://sqs.us-east-1.amazonaws.com/111122223333/";

const BY_CLOUDFORMATION = {
  userIdentity: { ...asRole("cdk-exec"), invokedBy: "cloudformation.amazonaws.com" },
};

test.each<[string, unknown, string, number]>([
  [
    "a flow log, by its id",
    done("ec2", "DeleteFlowLogs", { FlowLogId: "fl-0123456789abcdef0" }),
    "flow log fl-0123456789abcdef0",
    8,
  ],
  [
    "a flow log, as EC2's XML",
    done("ec2", "DeleteFlowLogs", { DeleteFlowLogsRequest: { FlowLogId: { tag: 1, content: "fl-0a" } } }),
    "flow log fl-0a",
    8,
  ],
  ["a trail that stops", done("cloudtrail", "StopLogging", { name: "main" }), "trail main", 9],
  [
    "a trail that is deleted by its ARN",
    done("cloudtrail", "DeleteTrail", { name: "arn:aws:cloudtrail:us-east-1:111122223333:trail/main" }),
    "trail main",
    9,
  ],
  [
    "a trail of one Region",
    done("cloudtrail", "UpdateTrail", { name: "main", isMultiRegionTrail: false }),
    "trail main",
    5,
  ],
  [
    "selectors without management events",
    done("cloudtrail", "PutEventSelectors", {
      trailName: "main",
      eventSelectors: [{ includeManagementEvents: false }],
    }),
    "trail main",
    8,
  ],
  [
    "selectors of writes only",
    done("cloudtrail", "PutEventSelectors", {
      trailName: "main",
      eventSelectors: [{ readWriteType: "WriteOnly" }],
    }),
    "trail main",
    5,
  ],
  [
    "advanced selectors of data only",
    done("cloudtrail", "PutEventSelectors", {
      trailName: "main",
      advancedEventSelectors: [{ fieldSelectors: [{ field: "eventCategory", equals: ["Data"] }] }],
    }),
    "trail main",
    8,
  ],
  [
    "a rule of Plumbline's",
    done("events", "DisableRule", { name: "Plumbline-Calls1234" }),
    "rule Plumbline-Calls1234",
    8,
  ],
  [
    "a queue of Plumbline's",
    done("sqs", "DeleteQueue", { queueUrl: `${QUEUE}Plumbline-Trail` }),
    "queue Plumbline-Trail",
    8,
  ],
  [
    "a table of Plumbline's",
    done("dynamodb", "DeleteTable", { tableName: "Plumbline-Findings" }),
    "table Plumbline-Findings",
    8,
  ],
  [
    "a topic of Plumbline's",
    done("sns", "DeleteTopic", { topicArn: "arn:aws:sns:us-east-1:111122223333:Plumbline-Alerts" }),
    "topic Plumbline-Alerts",
    8,
  ],
  [
    "a subscription of Plumbline's",
    done("sns", "Unsubscribe", {
      subscriptionArn: "arn:aws:sns:us-east-1:111122223333:Plumbline-Alerts:0a1b",
    }),
    "topic Plumbline-Alerts",
    8,
  ],
  [
    "the notifications of its bucket",
    done("s3", "PutBucketNotification", { bucketName: "plumbline-flowlogs-1a2b" }),
    "bucket plumbline-flowlogs-1a2b",
    8,
  ],
  [
    "a function of Plumbline's",
    done("lambda", "DeleteFunction20150331", { functionName: "Plumbline-FlowLogs" }),
    "function Plumbline-FlowLogs",
    8,
  ],
  [
    "a role of Plumbline's",
    done("iam", "DeleteRolePolicy", { roleName: "Plumbline-Role" }),
    "role Plumbline-Role",
    8,
  ],
  [
    "a function of Plumbline's, named with its account",
    done("lambda", "DeleteFunction20150331", { functionName: `${ACCOUNT_ID}:Plumbline-FlowLogs` }),
    "function Plumbline-FlowLogs",
    8,
  ],
  [
    "a function of Plumbline's that may run no more",
    done("lambda", "PutFunctionConcurrency20171031", {
      functionName: "arn:aws:lambda:us-east-1:111122223333:function:Plumbline-FlowLogs:1",
      reservedConcurrentExecutions: 0,
    }),
    "function Plumbline-FlowLogs",
    8,
  ],
  [
    "the event source of a function of Plumbline's, switched off",
    done(
      "lambda",
      "UpdateEventSourceMapping20150331",
      { uUID: "0a1b", enabled: false },
      {
        responseElements: {
          functionArn: "arn:aws:lambda:us-east-1:111122223333:function:Plumbline-FlowLogs",
        },
      },
    ),
    "function Plumbline-FlowLogs",
    8,
  ],
  [
    "a queue of Plumbline's that is emptied",
    done("sqs", "PurgeQueue", { queueUrl: `${QUEUE}Plumbline-Trail` }),
    "queue Plumbline-Trail",
    7,
  ],
  [
    "the targets of a rule of Plumbline's",
    done("events", "RemoveTargets", { rule: "Plumbline-Calls1234", ids: ["Target0"] }),
    "rule Plumbline-Calls1234",
    8,
  ],
  [
    "another pattern for a rule of Plumbline's",
    done("events", "PutRule", { name: "Plumbline-Calls1234", eventPattern: "{}" }),
    "rule Plumbline-Calls1234",
    8,
  ],
  [
    "Plumbline's stack",
    done("cloudformation", "DeleteStack", { stackName: "Plumbline" }),
    "stack Plumbline",
    8,
  ],
])("%s fires", (_, record, thing, score) => {
  const [finding, ...others] = found(record);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    entity: "account:111122223333:us-east-1",
    functionArn: null,
    functionName: null,
    candidates: [],
    score,
    subject: { actor: "user mallory", detail: expect.stringContaining(thing) },
  });
});

test.each<[string, unknown]>([
  [
    "the deployment of Plumbline itself",
    done("lambda", "UpdateFunctionCode20150331v2", { functionName: "Plumbline-FlowLogs" }, BY_CLOUDFORMATION),
  ],
  ["queues of others", done("sqs", "DeleteQueue", { queueUrl: `${QUEUE}orders` })],
  [
    "a stack whose name only begins alike",
    done("cloudformation", "DeleteStack", { stackName: "PlumblineTwo" }),
  ],
  ["a queue whose name only begins alike", done("sqs", "DeleteQueue", { queueUrl: `${QUEUE}Plumblines` })],
  [
    "selectors of everything",
    done("cloudtrail", "PutEventSelectors", {
      trailName: "main",
      eventSelectors: [{ readWriteType: "All", includeManagementEvents: true }],
    }),
  ],
  ["a trail that is renamed nothing", done("cloudtrail", "UpdateTrail", { name: "main", s3BucketName: "b" })],
  [
    "a function of Plumbline's with a limit of its own",
    done("lambda", "PutFunctionConcurrency20171031", {
      functionName: "Plumbline-FlowLogs",
      reservedConcurrentExecutions: 5,
    }),
  ],
  [
    "the event source of a function of Plumbline's with another batch size",
    done("lambda", "UpdateEventSourceMapping20150331", { functionName: "Plumbline-FlowLogs", batchSize: 5 }),
  ],
  [
    "notifications as CDK sets them while Plumbline is deployed",
    done(
      "s3",
      "PutBucketNotification",
      { bucketName: "plumbline-flowlogs-1a2b" },
      { userIdentity: asRole("Plumbline-BucketNotificationsHandler050a0587b754454-1a2b3c") },
    ),
  ],
  ["rules of others", done("events", "DeleteRule", { name: "nightly" })],
  ["what failed", done("cloudtrail", "StopLogging", { name: "main" }, { errorCode: "AccessDenied" })],
  ["what only reads", done("cloudtrail", "DescribeTrails", {})],
])("is quiet about %s", (_, record) => {
  expect(found(record)).toEqual([]);
});

test("the deployment may not delete the stack, and not everybody sets notifications", () => {
  const byArn = { stackName: "arn:aws:cloudformation:us-east-1:111122223333:stack/Plumbline/0a1b" };
  const handler = { userIdentity: asRole("BucketNotificationsHandler") };
  const records = [
    done("cloudformation", "DeleteStack", byArn, BY_CLOUDFORMATION),
    done("s3", "PutBucketNotification", { bucketName: "plumbline-flowlogs-1a2b" }, handler),
  ];
  expect(found(...records).map(({ title }) => title)).toEqual([
    "DeleteStack by role cdk-exec: stack Plumbline",
    "PutBucketNotification by role BucketNotificationsHandler: bucket plumbline-flowlogs-1a2b",
  ]);
});

type Selectors = Record<string, unknown>;
const advanced = (...fields: [field: string, operator: string, ...values: string[]][]): Selectors => ({
  name: "Management",
  fieldSelectors: fields.map(([field, operator, ...values]) => ({ field, [operator]: values })),
});
const MANAGEMENT: [string, string, string] = ["eventCategory", "equals", "Management"];

test.each<[string, Selectors, number | null]>([
  ["those that only read", { eventSelectors: [{ readWriteType: "ReadOnly" }] }, 8],
  [
    "those that read in one selector and those that write in another",
    { eventSelectors: [{ readWriteType: "ReadOnly" }, { readWriteType: "WriteOnly" }] },
    null,
  ],
  ["none, as text", { eventSelectors: [{ includeManagementEvents: "false" }] }, 8],
  [
    "none, by a selector that is only called so",
    { advancedEventSelectors: [advanced(["eventCategory", "equals", "Data"])] },
    8,
  ],
  ["all, by an advanced selector", { advancedEventSelectors: [advanced(MANAGEMENT)] }, null],
  [
    "those that write, by an advanced selector",
    { advancedEventSelectors: [advanced(MANAGEMENT, ["readOnly", "equals", "false"])] },
    5,
  ],
  [
    "those that read, by an advanced selector",
    { advancedEventSelectors: [advanced(MANAGEMENT, ["readOnly", "equals", "true"])] },
    8,
  ],
  [
    "those of one service",
    { advancedEventSelectors: [advanced(MANAGEMENT, ["eventSource", "equals", "s3.amazonaws.com"])] },
    8,
  ],
  [
    "all but those of KMS",
    { advancedEventSelectors: [advanced(MANAGEMENT, ["eventSource", "notEquals", "kms.amazonaws.com"])] },
    null,
  ],
  ["nothing that can be read", { eventSelectors: [null, 17], advancedEventSelectors: "x" }, null],
])("selectors that keep %s", (_, selectors, score) => {
  const findings = found(done("cloudtrail", "PutEventSelectors", { trailName: "main", ...selectors }));
  expect(findings.map((finding) => finding.score)).toEqual(score === null ? [] : [score]);
});

test("selectors nested without end do not break it", () => {
  const deep = JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`);
  const selectors = { trailName: "main", advancedEventSelectors: [{ fieldSelectors: deep }] };
  expect(found({ ...done("cloudtrail", "PutEventSelectors", selectors) })).toHaveLength(1);
});

test("a graver loss of the same thing is a finding of its own, and tells of itself", () => {
  const findings = found(
    done("cloudtrail", "UpdateTrail", { name: "main", isMultiRegionTrail: false }),
    done("cloudtrail", "PutEventSelectors", {
      trailName: "main",
      eventSelectors: [{ readWriteType: "WriteOnly" }],
    }),
    done("cloudtrail", "StopLogging", { name: "main" }),
    done("cloudtrail", "DeleteTrail", { name: "main" }),
  );
  expect(findings.map(({ score }) => score)).toEqual([5, 5, 9, 9]);
});

test.each<[string, unknown, unknown]>([
  [
    "a trail that is told to log again still has its selectors",
    done("cloudtrail", "PutEventSelectors", {
      trailName: "main",
      eventSelectors: [{ includeManagementEvents: false }],
    }),
    done("cloudtrail", "StartLogging", { name: "main" }),
  ],
  [
    "a rule that is switched on still has no targets",
    done("events", "RemoveTargets", { rule: "Plumbline-Calls1234", ids: ["Target0"] }),
    done("events", "EnableRule", { name: "Plumbline-Calls1234" }),
  ],
])("%s", (_, loss, on) => {
  const { findings, endings } = tellDays([
    [loss],
    [{ ...(on as object), eventTime: "2026-10-02T05:00:00Z" }],
  ]);
  const [finding] = [...findings.values()].flat();
  expect(finding).toBeDefined();
  expect(endings.map(({ id }) => id)).not.toContain(finding?.id);
});

test("a rule that was switched off and on again has ended, whichever is told first", () => {
  const off = done("events", "PutRule", { name: "Plumbline-Calls1234", state: "DISABLED" });
  const on = {
    ...done("events", "EnableRule", { name: "Plumbline-Calls1234" }),
    eventTime: iso(onDay(0, 7200)),
  };
  const inOrder = tellDays([[off], [on]]);
  expect(inOrder.endings.map(({ id }) => id)).toEqual(
    [...inOrder.findings.values()].flat().map(({ id }) => id),
  );
  const [finding] = [...tellDays([[on], [off]]).findings.values()].flat();
  expect(finding?.endedAt).toBe(iso(onDay(0, 7200)));
});

test("several flow logs are several findings", () => {
  expect(
    found(done("ec2", "DeleteFlowLogs", { FlowLogId: ["fl-0a", "fl-0b"] })).map(({ title }) => title),
  ).toEqual([
    "DeleteFlowLogs by user mallory: flow log fl-0a",
    "DeleteFlowLogs by user mallory: flow log fl-0b",
  ]);
});

test("a trail that logs again ends it", () => {
  const stop = done("cloudtrail", "StopLogging", { name: "main" });
  const start = {
    ...done("cloudtrail", "StartLogging", { name: "main" }),
    eventTime: "2026-10-01T05:00:00Z",
  };
  const { findings, endings } = tellDays([[stop], [start]]);
  expect(endings.map(({ id }) => id)).toEqual([...findings.values()].flat().map(({ id }) => id));
});

test.each([
  [null],
  [17],
  [[]],
  [{ FlowLogId: {} }],
  [{ FlowLogId: "DROP TABLE" }],
  [{ name: {}, queueUrl: [], eventSelectors: "x" }],
])("hostile parameters %j do not break it, and are quiet or told without a name", (request) => {
  const names = [
    ["ec2", "DeleteFlowLogs"],
    ["cloudtrail", "PutEventSelectors"],
    ["sqs", "DeleteQueue"],
    ["cloudtrail", "StopLogging"],
  ] as const;
  const records = names.map(([service, action]) =>
    done(service, action, request, { userIdentity: undefined }),
  );
  expect(found(...records).map(({ subject }) => (subject as { detail: string }).detail)).toEqual([
    "DeleteFlowLogs of a flow log that the record does not name",
    "StopLogging of trail unknown",
  ]);
});

test("a flow log that AWS says it did not delete is still there: quiet", () => {
  const response = {
    unsuccessful: { item: { resourceId: "fl-0b", error: { code: "InvalidFlowLogId.NotFound" } } },
  };
  const asked = { FlowLogId: ["fl-0a", "fl-0b"] };
  expect(
    found(done("ec2", "DeleteFlowLogs", asked, { responseElements: response })).map(({ title }) => title),
  ).toEqual(["DeleteFlowLogs by user mallory: flow log fl-0a"]);
});

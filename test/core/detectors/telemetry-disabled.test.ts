import { asRole, asUser, onDay, tellDays, trailRecord } from "../../support/trail";

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

const BY_CLOUDFORMATION = {
  userIdentity: { ...asRole("cdk-exec"), invokedBy: "cloudformation.amazonaws.com" },
};

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
  ["what failed", done("cloudtrail", "StopLogging", { name: "main" }, { errorCode: "AccessDenied" })],
  ["what only reads", done("cloudtrail", "DescribeTrails", {})],
])("is quiet about %s", (_, record) => {
  expect(found(record)).toEqual([]);
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
    "StopLogging of trail unknown",
  ]);
});

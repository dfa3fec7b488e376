/** `plumbline doctor` on a deployed stack: the SDK's clients are mocked, all else runs. */
import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStackResourcesCommand,
} from "@aws-sdk/client-cloudformation";
import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
} from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeFlowLogsCommand, DescribeNetworkInterfacesCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListRuleNamesByTargetCommand,
  ListTargetsByRuleCommand,
} from "@aws-sdk/client-eventbridge";
import { GetFunctionConfigurationCommand, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { ListSubscriptionsByTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { lambdaFunction, lambdaInterface, VPC } from "../../support/account";
import { jsonLines, plumbline } from "../../support/folder";

const aws = {
  cloudFormation: mockClient(CloudFormationClient),
  cloudTrail: mockClient(CloudTrailClient),
  cloudWatch: mockClient(CloudWatchClient),
  tables: mockClient(DynamoDBDocumentClient),
  ec2: mockClient(EC2Client),
  events: mockClient(EventBridgeClient),
  lambda: mockClient(LambdaClient),
  s3: mockClient(S3Client),
  sns: mockClient(SNSClient),
  sqs: mockClient(SQSClient),
};

const REGION = "eu-central-1";
const GLOBAL_QUEUE = "https://sqs.us-east-1.amazonaws.com/111122223333/Global-Dead";
const TOPIC = `arn:aws:sns:${REGION}:111122223333:Own-Topic`;
const FORMAT =
  "version interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags pkt-dst-aws-service";
const FLOW_LOG = {
  FlowLogId: "fl-1",
  FlowLogStatus: "ACTIVE",
  DeliverLogsStatus: "SUCCESS",
  ResourceId: VPC,
  TrafficType: "ALL",
  LogDestinationType: "s3",
  LogDestination: "arn:aws:s3:::own-logs/network/",
  LogFormat: FORMAT.split(" ")
    .map((field) => `\${${field}}`)
    .join(" "),
  MaxAggregationInterval: 60,
} as const;
const PARTS = [
  [
    "AWS::SQS::Queue",
    "OwnFlowLogQueueDeadLettersBB82",
    `https://sqs.${REGION}.amazonaws.com/111122223333/Own-Dead`,
  ],
  ["AWS::SQS::Queue", "OwnFlowLogQueueB965", `https://sqs.${REGION}.amazonaws.com/111122223333/Own-Queue`],
  ["AWS::Events::Rule", "OwnTrailSourceFunctionCalls3173", "Own-FunctionCalls"],
  ["AWS::Events::Rule", "OwnInventorySchedule5F6F", "Own-Schedule"],
  ["AWS::DynamoDB::Table", "OwnTablesInventoryC8F1", "Own-Inventory"],
  ["AWS::DynamoDB::Table", "OwnTablesFindingsCE67", "Own-Findings"],
  ["AWS::Lambda::Function", "OwnFlowLogsFunction7C23", "Own-FlowLogs"],
  ["AWS::CloudWatch::Alarm", "OwnErrorsAlarm1", "Own-Errors"],
] as const;

/** All is well, in a Region that is not us-east-1. */
beforeEach(() => {
  for (const client of Object.values(aws)) client.reset();
  aws.cloudFormation.on(DescribeStacksCommand).resolves({
    Stacks: [
      {
        StackName: "Own",
        StackId: `arn:aws:cloudformation:${REGION}:111122223333:stack/Own/1`,
        CreationTime: new Date(0),
        StackStatus: "CREATE_COMPLETE",
        Outputs: [
          { OutputKey: "OwnFlowLogBucket77E6", OutputValue: "own-logs" },
          { OutputKey: "OwnAlertTopic9817", OutputValue: TOPIC },
        ],
      },
    ],
  });
  aws.cloudFormation.on(ListStackResourcesCommand).resolves({
    StackResourceSummaries: PARTS.map(([ResourceType, LogicalResourceId, PhysicalResourceId]) => ({
      ResourceType,
      LogicalResourceId,
      PhysicalResourceId,
      LastUpdatedTimestamp: new Date(0),
      ResourceStatus: "CREATE_COMPLETE",
    })),
  });
  aws.lambda
    .on(ListFunctionsCommand)
    .resolves({ Functions: [lambdaFunction("OrderApi", ["subnet-a"], ["sg-1"])] })
    .on(GetFunctionConfigurationCommand, { FunctionName: "Own-FlowLogs" })
    .resolves({ Environment: { Variables: { PLUMBLINE_THREAT_LISTS: "s3://lists/threats" } } });
  aws.ec2
    .on(DescribeNetworkInterfacesCommand)
    .resolves({ NetworkInterfaces: [lambdaInterface("eni-1", "10.0.1.21", "sg-1")] as never })
    .on(DescribeFlowLogsCommand)
    .resolves({ FlowLogs: [FLOW_LOG, { ...FLOW_LOG, FlowLogId: "fl-0", FlowLogStatus: "DELETED" }] });
  aws.cloudTrail
    .on(DescribeTrailsCommand)
    .resolves({ trailList: [{ Name: "main", TrailARN: "arn:trail" }] })
    .on(GetTrailStatusCommand, { Name: "arn:trail" })
    .resolves({ IsLogging: true })
    .on(GetEventSelectorsCommand, { TrailName: "arn:trail" })
    .resolves({
      AdvancedEventSelectors: [{ FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }] }],
    });
  aws.events
    .on(DescribeRuleCommand, { Name: "Own-FunctionCalls" })
    .resolves({
      State: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
      Description: "Plumbline: a function called an API",
    })
    .on(DescribeRuleCommand, { Name: "Own-Schedule" })
    .resolves({ State: "ENABLED", Description: "Plumbline: looks at functions" })
    .on(ListRuleNamesByTargetCommand, {
      TargetArn: `arn:aws:events:${REGION}:111122223333:event-bus/default`,
    })
    .resolves({ RuleNames: ["Global-GlobalCalls-1"] })
    .on(DescribeRuleCommand, { Name: "Global-GlobalCalls-1" })
    .resolves({
      State: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
      Description: "Plumbline: a function called a global service",
    })
    .on(ListTargetsByRuleCommand, { Rule: "Global-GlobalCalls-1" })
    .resolves({
      Targets: [
        {
          Id: "1",
          Arn: "arn:bus",
          DeadLetterConfig: { Arn: "arn:aws:sqs:us-east-1:111122223333:Global-Dead" },
        },
      ],
    });
  aws.sqs.on(GetQueueUrlCommand, { QueueName: "Global-Dead" }).resolves({ QueueUrl: GLOBAL_QUEUE });
  const interfaceItem = {
    kind: "interface",
    interfaceId: "eni-1",
    key: "eni-1@1",
    validFrom: 1,
    validTo: null,
  };
  const asked = (kind: string) => ({
    TableName: "Own-Inventory",
    ExpressionAttributeValues: { ":kind": kind },
  });
  aws.tables
    .on(QueryCommand)
    .resolves({ Items: [] })
    .on(QueryCommand, asked("interface"))
    .resolves({ Items: [interfaceItem] })
    .on(QueryCommand, asked("sync"))
    .resolves({ Items: [{ kind: "sync", key: "aws-ranges", syncToken: "1", checkedAt: Date.now() / 1000 }] });
  aws.s3.on(ListObjectsV2Command, { Bucket: "lists", Prefix: "threats/" }).resolves({ KeyCount: 2 });
  aws.s3
    .on(ListObjectsV2Command, { Bucket: "own-logs" })
    .resolves({ Contents: [{ Key: "a_fl-1_b.log.gz" }] });
  const newest = { Timestamps: [new Date(Date.now() - 600_000)], Values: [1] };
  aws.cloudWatch
    .on(GetMetricDataCommand)
    .resolves({ MetricDataResults: ["m0", "m1", "m2"].map((Id) => ({ Id, ...newest })) })
    .on(DescribeAlarmsCommand, { AlarmNames: ["Own-Errors"] })
    .resolves({ MetricAlarms: [{ AlarmName: "Own-Errors", StateValue: "OK", ActionsEnabled: true }] });
  aws.sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { ApproximateNumberOfMessages: "0" } });
  aws.sns
    .on(ListSubscriptionsByTopicCommand, { TopicArn: TOPIC })
    .resolves({ Subscriptions: [{ Protocol: "email", SubscriptionArn: `${TOPIC}:1` }] });
});

const doctor = (...args: string[]) => plumbline("doctor", "--stack", "Own", "--region", REGION, ...args);
/** Marks by check, of those that are not in order. */
async function remarks() {
  const run = await doctor("--json");
  const lines = jsonLines(run).filter(({ mark }) => mark !== "ok");
  return { status: run.status, marks: Object.fromEntries(lines.map(({ id, mark }) => [id, mark])), lines };
}

test("a stack that is well is looked at whole, and found well", async () => {
  const { status, stdout } = await doctor();
  expect(stdout).toContain("\n0 problems, 0 warnings, 0 not looked at and 21 in order.\n");
  expect(status).toBe(0);
  const [
    {
      args: [metrics],
    } = { args: [] },
  ] = aws.cloudWatch.commandCalls(GetMetricDataCommand);
  expect(JSON.stringify(metrics?.input)).toContain('"Dimensions":[{"Name":"service","Value":"Own"}]');
});

test("only the queues of what was set aside are asked, and only what reads is asked at all", async () => {
  await doctor();
  const queues = aws.sqs.commandCalls(GetQueueAttributesCommand).map((call) => call.args[0].input.QueueUrl);
  expect(queues.map((url) => url?.split("/").at(-1)).sort()).toEqual(["Global-Dead", "Own-Dead"]);
  const sent = Object.values(aws).flatMap((client) =>
    client.calls().map((call) => call.args[0].constructor.name),
  );
  expect(sent.length).toBeGreaterThan(15);
  expect(sent.filter((name) => !/^(Describe|Get|List|Query)/.test(name))).toEqual([]);
});

test("in us-east-1 nobody has to hand events on", async () => {
  aws.cloudFormation.on(DescribeStacksCommand).resolves({
    Stacks: [
      {
        StackName: "Own",
        StackId: "arn:aws:cloudformation:us-east-1:111122223333:stack/Own/1",
        CreationTime: new Date(0),
        StackStatus: "CREATE_COMPLETE",
        Outputs: [
          { OutputKey: "FlowLogBucket", OutputValue: "own-logs" },
          { OutputKey: "AlertTopic", OutputValue: TOPIC },
        ],
      },
    ],
  });
  const { stdout } = await doctor();
  expect(stdout).toContain("19 in order");
  expect(aws.events.commandCalls(ListRuleNamesByTargetCommand)).toEqual([]);
});

test("what is wrong is said in words, with what to do, and the status is 3", async () => {
  aws.ec2.on(DescribeFlowLogsCommand).resolves({
    FlowLogs: [
      { ...FLOW_LOG, LogDestinationType: "cloud-watch-logs", LogDestination: "", LogGroupName: "/vpc" },
    ],
  });
  aws.cloudTrail
    .on(GetEventSelectorsCommand)
    .resolves({ EventSelectors: [{ ReadWriteType: "WriteOnly", IncludeManagementEvents: true }] });
  aws.sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { ApproximateNumberOfMessages: "7" } });
  aws.sns
    .on(ListSubscriptionsByTopicCommand)
    .resolves({ Subscriptions: [{ Protocol: "email", SubscriptionArn: "PendingConfirmation" }] });
  aws.cloudWatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [] });
  const { status, marks } = await remarks();
  expect(status).toBe(3);
  expect(marks).toEqual({
    "flow-logs": "problem",
    trail: "warning",
    "set-aside": "problem",
    "set-aside-globally": "problem",
    subscriptions: "problem",
    "stalled-sources": "warning",
  });
  const { stdout } = await doctor();
  expect(stdout).toContain("vpc-1 has a flow log (fl-1) that goes to cloud-watch-logs /vpc");
  expect(stdout).toMatch(/problem +set-aside: 7 messages in Own-Dead: they were not processed\.\n +-> Look/);
});

test("warnings alone leave the status at 0", async () => {
  aws.ec2.on(DescribeFlowLogsCommand).resolves({ FlowLogs: [{ ...FLOW_LOG, MaxAggregationInterval: 600 }] });
  expect(await remarks()).toMatchObject({ status: 0, marks: { "flow-log-interval": "warning" } });
});

test("a function whose role may not make its interface is told by Lambda's own words", async () => {
  aws.lambda
    .on(ListFunctionsCommand)
    .resolves({
      Functions: [
        lambdaFunction("OrderApi", ["subnet-a"], ["sg-1"]),
        lambdaFunction("Mailer", ["subnet-a"], ["sg-2"]),
      ] as never,
    })
    .on(GetFunctionConfigurationCommand, { FunctionName: lambdaFunction("Mailer", [], []).FunctionArn })
    .resolves({ State: "Inactive", StateReasonCode: "InsufficientRolePermissions", StateReason: "may not" });
  const { lines } = await remarks();
  expect(lines).toEqual([
    {
      id: "interface-permissions",
      mark: "warning",
      says: expect.stringContaining("it is Inactive (InsufficientRolePermissions: may not)"),
      fix: expect.stringContaining("ec2:CreateNetworkInterface"),
    },
  ]);
});

const denied = Object.assign(new Error("no"), { name: "AccessDeniedException" });

test("what may not be asked is named with the permission it takes, the rest is looked at, and the status is 4", async () => {
  aws.cloudTrail.on(DescribeTrailsCommand).rejects(denied);
  aws.ec2
    .on(DescribeFlowLogsCommand)
    .rejects(Object.assign(new Error("no"), { name: "UnauthorizedOperation" }));
  const { status, lines } = await remarks();
  expect(status).toBe(4);
  expect(lines.map(({ id, mark, says }) => [id, mark, says])).toEqual([
    ...[
      "flow-logs",
      "flow-log-delivery",
      "flow-log-objects",
      "flow-log-traffic",
      "flow-log-interval",
      "flow-log-fields",
    ].map((id) => [id, "unknown", "Could not look: it takes the permission ec2:DescribeFlowLogs."]),
    [
      "trail",
      "unknown",
      "Could not look: it takes the permission cloudtrail:DescribeTrails and cloudtrail:GetTrailStatus.",
    ],
  ]);
});

test("where nothing but the stack may be read, every check says so, and none throws", async () => {
  const { cloudFormation, ...others } = aws;
  cloudFormation.on(ListStackResourcesCommand).rejects(denied);
  for (const client of Object.values(others) as (typeof aws)["sqs"][]) {
    client.reset();
    client.onAnyCommand().rejects(denied);
  }
  const { status, marks } = await remarks();
  expect(status).toBe(4);
  expect(Object.values(marks)).toEqual(Array(21).fill("unknown"));
});

test("an error that is no refusal is told as it is", async () => {
  aws.sns
    .on(ListSubscriptionsByTopicCommand)
    .rejects(Object.assign(new Error("slow down"), { name: "Throttling" }));
  const { lines } = await remarks();
  expect(lines).toEqual([
    expect.objectContaining({
      id: "subscriptions",
      says: "Could not look: sns:ListSubscriptionsByTopic failed (Throttling: slow down).",
    }),
  ]);
});

test.each<[string, () => void, RegExp]>([
  [
    "a stack that is not there",
    () =>
      void aws.cloudFormation
        .on(DescribeStacksCommand)
        .rejects(new Error("Stack with id Own does not exist")),
    /The stack Own cannot be read \(Stack with id Own does not exist\)/,
  ],
  [
    "a stack that is somebody else's",
    () => void aws.cloudFormation.on(DescribeStacksCommand).resolves({ Stacks: [] }),
    /The stack Own has no output FlowLogBucket: is it Plumbline's\?/,
  ],
])("%s cannot be looked at, and the status is 1", async (_, change, message) => {
  change();
  const { status, stdout, stderr } = await doctor();
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(message);
});

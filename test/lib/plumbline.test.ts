import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { OWN_METRICS } from "../../functions/adapters/aws/own-metrics";
import type { PlumblineProps } from "../../lib/config";
import { Plumbline } from "../../lib/plumbline";
import { PlumblineStack } from "../../lib/stack";

const NO_BUNDLING = { "aws:cdk:bundling-stacks": [] };
const env = { account: "111122223333", region: "us-east-1" };

function template(props: PlumblineProps = {}): Template {
  const stack = new Stack(new App({ context: NO_BUNDLING }), "Own", { env });
  new Plumbline(stack, "Plumbline", props);
  return Template.fromStack(stack);
}

const fromContext = (context: Record<string, unknown>) =>
  Template.fromStack(
    new PlumblineStack(new App({ context: { ...NO_BUNDLING, ...context } }), "Plumbline", { env }),
  );

type Resource = { Properties: Record<string, unknown>; DeletionPolicy?: string };
const all = (of: Template, type: string) => Object.values(of.findResources(type)) as Resource[];

const whole = template({ vpcIds: ["vpc-0123456789abcdef0"], alertEmails: ["owner@example.com"] });

/** The statements of the role of one function, by the words of its description. */
function statementsOf(of: Template, description: RegExp): { Action: string | string[]; Resource: unknown }[] {
  const [role] = Object.entries(of.findResources("AWS::IAM::Role")).find(([, { Properties }]) =>
    description.test(Properties.Description ?? ""),
  ) as [string, unknown];
  return all(of, "AWS::IAM::Policy")
    .filter(({ Properties }) => JSON.stringify(Properties.Roles).includes(role))
    .flatMap(({ Properties }) => (Properties.PolicyDocument as { Statement: never[] }).Statement);
}
const actionsOf = (description: RegExp) =>
  statementsOf(whole, description)
    .flatMap(({ Action }) => Action)
    .sort();

describe("tables", () => {
  test("are on demand, encrypted, recoverable, with a time to live, and stay when the stack goes", () => {
    const tables = all(whole, "AWS::DynamoDB::Table");
    expect(tables).toHaveLength(3);
    for (const table of tables) {
      expect(table.DeletionPolicy).toBe("Retain");
      expect(table.Properties).toMatchObject({
        BillingMode: "PAY_PER_REQUEST",
        SSESpecification: { SSEEnabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
      });
    }
  });

  test("findings are found by entity and by status, newest first, and by the alert that is due", () => {
    const indexes = all(whole, "AWS::DynamoDB::Table").flatMap(
      ({ Properties }) =>
        (Properties.GlobalSecondaryIndexes ?? []) as { IndexName: string; KeySchema: unknown[] }[],
    );
    expect(indexes.map(({ IndexName, KeySchema }) => [IndexName, KeySchema.length])).toEqual([
      ["byEntity", 2],
      ["byStatus", 2],
      ["alertDue", 1],
    ]);
  });
});

describe("queues", () => {
  test("are encrypted, refuse plain HTTP, and set aside what fails five times", () => {
    const queues = all(whole, "AWS::SQS::Queue");
    expect(queues).toHaveLength(7);
    for (const { Properties } of queues) expect(Properties.SqsManagedSseEnabled).toBe(true);
    const work = queues.filter(({ Properties }) => Properties.RedrivePolicy !== undefined);
    expect(
      work.map(({ Properties }) => (Properties.RedrivePolicy as { maxReceiveCount: number }).maxReceiveCount),
    ).toEqual([5, 5, 5]);
    for (const { Properties } of all(whole, "AWS::SQS::QueuePolicy")) {
      expect(JSON.stringify(Properties)).toContain('"aws:SecureTransport":"false"');
    }
  });

  test("hide a message for six times the function's timeout, and keep what was set aside longer", () => {
    const work = all(whole, "AWS::SQS::Queue").filter(({ Properties }) => Properties.RedrivePolicy);
    expect(work.map(({ Properties }) => Properties.VisibilityTimeout)).toEqual([6 * 300, 6 * 300, 6 * 120]);
    const dead = all(whole, "AWS::SQS::Queue").filter(({ Properties }) => !Properties.RedrivePolicy);
    for (const { Properties } of dead) expect(Properties.MessageRetentionPeriod).toBe(14 * 86_400);
  });

  test("of flow logs reports failures message by message and runs few at once", () => {
    whole.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      BatchSize: 5,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 5 },
    });
  });

  test("of flow logs runs more at once where the owner says so", () => {
    template({ flowLogConcurrency: 20 }).hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      BatchSize: 5,
      ScalingConfig: { MaximumConcurrency: 20 },
    });
  });

  test("take S3's messages from this account only", () => {
    whole.hasResourceProperties("AWS::SQS::QueuePolicy", {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: "s3.amazonaws.com" },
            Action: "sqs:SendMessage",
            Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
          }),
        ]),
      },
    });
  });
});

describe("functions", () => {
  const functions = all(whole, "AWS::Lambda::Function");

  test("run on Node 24 and arm64, with a log group of their own that ends", () => {
    expect(functions).toHaveLength(5);
    for (const { Properties } of functions) {
      expect(Properties).toMatchObject({
        Runtime: "nodejs24.x",
        Architectures: ["arm64"],
        LoggingConfig: { LogGroup: { Ref: expect.any(String) } },
      });
    }
    const logs = all(whole, "AWS::Logs::LogGroup");
    expect(logs.map(({ Properties }) => Properties.RetentionInDays)).toEqual([30, 30, 30, 30, 30]);
  });

  test("know where their tables are and how to detect", () => {
    whole.hasResourceProperties("AWS::Lambda::Function", {
      Environment: {
        Variables: {
          PLUMBLINE_INVENTORY_TABLE: Match.anyValue(),
          PLUMBLINE_BASELINES_TABLE: Match.anyValue(),
          PLUMBLINE_FINDINGS_TABLE: Match.anyValue(),
          PLUMBLINE_ALERT_TOPIC: Match.anyValue(),
          PLUMBLINE_CONFIG: Match.stringLikeRegexp('"learningDays":7'),
        },
      },
    });
  });

  test("have no managed policy, and no action is a wildcard", () => {
    for (const { Properties } of all(whole, "AWS::IAM::Role"))
      expect(Properties.ManagedPolicyArns).toBeUndefined();
    const actions = all(whole, "AWS::IAM::Policy").flatMap(({ Properties }) =>
      (Properties.PolicyDocument as { Statement: { Action: string | string[] }[] }).Statement.flatMap(
        ({ Action }) => Action,
      ),
    );
    expect(actions.filter((action) => action.includes("*"))).toEqual([]);
  });

  const queue = [
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:ReceiveMessage",
  ];
  const logs = ["logs:CreateLogStream", "logs:PutLogEvents"];
  const alerts = ["kms:Decrypt", "kms:GenerateDataKey", "sns:Publish"];
  const inventory = ["dynamodb:GetItem", "dynamodb:Query"];
  const baselines = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"];
  const forgetting = "dynamodb:DeleteItem";
  const findings = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"];
  test.each([
    [
      /reads flow logs/,
      [...queue, ...logs, ...alerts, "s3:GetObject", ...inventory, ...baselines, forgetting, ...findings],
    ],
    [
      /watches what functions call/,
      [...queue, ...logs, ...alerts, ...inventory, "dynamodb:PutItem", ...baselines, forgetting, ...findings],
    ],
    [
      /keeps which interface/,
      [
        ...queue,
        ...logs,
        "lambda:ListFunctions",
        "ec2:DescribeNetworkInterfaces",
        "dynamodb:DeleteItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
      ],
    ],
    [/are used/, [...logs, ...alerts, "cloudwatch:GetMetricData", ...inventory, ...baselines, ...findings]],
    [/left behind/, [...logs, ...alerts, "dynamodb:Scan", "dynamodb:GetItem", "dynamodb:PutItem"]],
  ])("the one that %s may do this and nothing else", (description, expected) => {
    expect(actionsOf(description)).toEqual([...expected].sort());
  });

  test("that watch may look findings up by their entity, and by nothing else", () => {
    for (const description of [/reads flow logs/, /watches what functions call/]) {
      const indexes = statementsOf(whole, description).filter(({ Resource }) =>
        JSON.stringify(Resource).includes("/index/"),
      );
      expect(indexes).toHaveLength(1);
      expect(JSON.stringify(indexes[0]?.Resource)).toContain('"/index/byEntity"');
    }
  });

  test("may read only the delivered objects", () => {
    const read = statementsOf(whole, /reads flow logs/).find(({ Action }) => Action === "s3:GetObject");
    expect(JSON.stringify(read?.Resource)).toContain("/AWSLogs/*");
  });
});

test("the inventory deletes nothing but AWS's ranges", () => {
  const statements = statementsOf(whole, /keeps which interface/) as {
    Action: unknown;
    Condition?: unknown;
  }[];
  expect(statements.filter(({ Action }) => JSON.stringify(Action).includes("DeleteItem"))).toEqual([
    expect.objectContaining({
      Action: "dynamodb:DeleteItem",
      Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["aws-ranges"] } },
    }),
  ]);
});

describe("what names and condemns addresses", () => {
  test("are databases in a layer of the two functions that need them", () => {
    whole.resourceCountIs("AWS::Lambda::LayerVersion", 1);
    const layered = functionsWith("Layers");
    expect(layered).toHaveLength(2);
    for (const { Properties } of layered)
      expect(JSON.stringify(Properties.Environment)).toContain('"PLUMBLINE_NETWORKS":"/opt/networks"');
  });

  test("are lists that may be listed and read below their prefix, and nothing else of the bucket", () => {
    const listed = template({
      threatLists: "s3://lists/threats",
      threatListsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/2",
    });
    const text = JSON.stringify(statementsOf(listed, /reads flow logs/));
    expect(text).toContain(":s3:::lists/threats/*");
    expect(text).toContain('{"Action":"s3:ListBucket","Condition":{"StringEquals":{"s3:prefix":"threats/"}}');
    expect(text).toContain('"arn:aws:kms:us-east-1:111122223333:key/2"');
    listed.hasResourceProperties("AWS::Lambda::Function", {
      Environment: { Variables: Match.objectLike({ PLUMBLINE_THREAT_LISTS: "s3://lists/threats" }) },
    });
  });

  test("are a database of one's own that is another layer, and is read before anything is made", () => {
    const file = join(mkdtempSync(join(tmpdir(), "plumbline-own-")), "own.mmdb");
    const layerOf = (of: Template) =>
      JSON.stringify(all(of, "AWS::Lambda::LayerVersion")[0]?.Properties.Content);
    writeFileSync(file, "one");
    const one = layerOf(template({ networkDatabase: file }));
    writeFileSync(file, "two");
    expect(layerOf(template({ networkDatabase: file }))).not.toBe(one);
    expect(() => template({ networkDatabase: "nowhere.mmdb" })).toThrow(
      /networkDatabase nowhere\.mmdb cannot be read/,
    );
  });
});

const functionsWith = (property: string) =>
  all(whole, "AWS::Lambda::Function").filter(({ Properties }) => Properties[property] !== undefined);

describe("alerts", () => {
  test("go to a topic that is encrypted with its own key and refuses plain HTTP", () => {
    whole.hasResourceProperties("AWS::SNS::Topic", { KmsMasterKeyId: Match.anyValue() });
    whole.hasResourceProperties("AWS::KMS::Key", { EnableKeyRotation: true });
    whole.hasResourceProperties("AWS::SNS::Subscription", {
      Protocol: "email",
      Endpoint: "owner@example.com",
    });
    expect(JSON.stringify(all(whole, "AWS::SNS::TopicPolicy"))).toContain('"aws:SecureTransport":"false"');
  });

  test("come from alarms too, which need the key and the topic", () => {
    const alarms = {
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
    };
    whole.hasResourceProperties("AWS::KMS::Key", {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({ ...alarms, Action: ["kms:Decrypt", "kms:GenerateDataKey*"] }),
        ]),
      },
    });
    whole.hasResourceProperties("AWS::SNS::TopicPolicy", {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ ...alarms, Action: "sns:Publish" })]),
      },
    });
  });

  test("tell of set-aside messages, of a lag and of errors, for every queue and function, and of schedules that are off", () => {
    const alarms = all(whole, "AWS::CloudWatch::Alarm");
    expect(alarms.map(({ Properties }) => Properties.MetricName).sort()).toEqual([
      ...Array(3).fill("ApproximateAgeOfOldestMessage"),
      ...Array(4).fill("ApproximateNumberOfMessagesVisible"),
      ...Array(5).fill("Errors"),
      "FlowLogLag",
      ...Array(3).fill("Invocations"),
      "UnattributedShare",
    ]);
    for (const { Properties } of alarms) expect(Properties.AlarmActions).toHaveLength(1);
  });

  test.each([
    [15, 1],
    [60, 4],
    [1440, 96],
  ])(
    "wait for four runs of the inventory, every %d minutes, or an hour: %d hours",
    (inventoryMinutes, hours) => {
      const alarms = all(template({ inventoryMinutes }), "AWS::CloudWatch::Alarm").filter(({ Properties }) =>
        String(Properties.AlarmDescription).includes("does not run: keeps which interface"),
      );
      expect(alarms.map(({ Properties }) => Properties)).toEqual([
        expect.objectContaining({
          Period: 3600,
          EvaluationPeriods: hours,
          Threshold: 1,
          ComparisonOperator: "LessThanThreshold",
          TreatMissingData: "breaching",
        }),
      ]);
    },
  );

  test("that are on Plumbline's own metrics look at those of this stack, and are silent where nothing is sent", () => {
    for (const name of ["FlowLogLag", "UnattributedShare"]) {
      whole.hasResourceProperties("AWS::CloudWatch::Alarm", {
        Namespace: "Plumbline",
        MetricName: name,
        Dimensions: [{ Name: "service", Value: "Own" }],
        TreatMissingData: "notBreaching",
      });
    }
  });
});

describe("the dashboard", () => {
  interface Widget {
    type: string;
    properties: { title: string; metrics?: unknown[][]; alarms?: unknown[] };
  }
  /** Its widgets; what CloudFormation puts in is `?`. */
  function widgets(of: Template): Widget[] {
    const [dashboard] = all(of, "AWS::CloudWatch::Dashboard") as [Resource];
    const [separator, parts] = (dashboard.Properties.DashboardBody as { "Fn::Join": [string, unknown[]] })[
      "Fn::Join"
    ];
    return JSON.parse(parts.map((part) => (typeof part === "string" ? part : "?")).join(separator)).widgets;
  }

  test("shows every alarm, every queue of what was set aside, and every metric that Plumbline sends", () => {
    const shown = widgets(whole);
    expect(shown.find(({ type }) => type === "alarm")?.properties.alarms).toHaveLength(17);
    const text = JSON.stringify(shown);
    for (const metric of Object.keys(OWN_METRICS))
      expect(text).toContain(`"Plumbline","${metric}","service","Own"`);
    expect(text.match(/ApproximateNumberOfMessagesVisible/g)).toHaveLength(4);
    for (const metric of ["Invocations", "Errors", "Throttles"])
      expect(text.split(`"AWS/Lambda","${metric}"`)).toHaveLength(1 + 5);
  });

  test.each<[string, PlumblineProps, number]>([
    ["everything", {}, 17],
    ["containment, too", { containment: { mode: "dryRun" } }, 21],
  ])("of %s has no more metrics than one that CloudWatch gives away may have", (_, props, alarms) => {
    const shown = widgets(template(props));
    const metrics = shown.flatMap(({ properties }) => properties.metrics ?? []);
    expect(metrics.length).toBeGreaterThan(30);
    expect(metrics.length).toBeLessThanOrEqual(50);
    expect(shown.find(({ type }) => type === "alarm")?.properties.alarms).toHaveLength(alarms);
  });

  test.each([
    [true, 1],
    ["true", 1],
    [false, 0],
    ["false", 0],
  ] as const)("with dashboard = %p: %d", (dashboard, count) => {
    template({ dashboard }).resourceCountIs("AWS::CloudWatch::Dashboard", count);
  });
});

describe("flow logs", () => {
  test("are made for the named VPCs, every minute, with the fields that tell services and directions", () => {
    whole.hasResourceProperties("AWS::EC2::FlowLog", {
      ResourceId: "vpc-0123456789abcdef0",
      TrafficType: "ALL",
      LogDestinationType: "s3",
      MaxAggregationInterval: 60,
      LogFormat: Match.stringLikeRegexp("tcp-flags.*flow-direction.*pkt-dst-aws-service.*reject-reason"),
    });
  });

  test("go to a bucket that is private, encrypted, TLS only, kept, and emptied in time", () => {
    const [bucket] = all(whole, "AWS::S3::Bucket");
    expect(bucket?.DeletionPolicy).toBe("Retain");
    expect(bucket?.Properties).toMatchObject({
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 90, Status: "Enabled" }] },
      NotificationConfiguration: { QueueConfigurations: [{ Event: "s3:ObjectCreated:*" }] },
    });
    const policy = JSON.stringify(all(whole, "AWS::S3::BucketPolicy"));
    expect(policy).toContain('"aws:SecureTransport":"false"');
    expect(policy).toContain('"Service":"delivery.logs.amazonaws.com"');
    expect(policy).toContain('"aws:SourceAccount":"111122223333"');
  });

  test("that are delivered already are read from the bucket they are in", () => {
    const existing = template({
      bucketName: "the-logs",
      prefix: "net/",
      bucketKeyArn: "arn:aws:kms:us-east-1:111122223333:key/1",
    });
    existing.resourceCountIs("AWS::S3::Bucket", 0);
    existing.resourceCountIs("AWS::EC2::FlowLog", 0);
    existing.hasResourceProperties("Custom::S3BucketNotifications", {
      BucketName: "the-logs",
      NotificationConfiguration: {
        QueueConfigurations: [
          Match.objectLike({ Filter: { Key: { FilterRules: [{ Name: "prefix", Value: "net/AWSLogs/" }] } } }),
        ],
      },
    });
    const statements = JSON.stringify(statementsOf(existing, /reads flow logs/));
    expect(statements).toContain(":s3:::the-logs/net/AWSLogs/*");
    expect(statements).toContain(
      '"Action":"kms:Decrypt","Effect":"Allow","Resource":"arn:aws:kms:us-east-1:111122223333:key/1"',
    );
  });
});

test("the inventory is looked at on a schedule and when functions or interfaces change", () => {
  whole.hasResourceProperties("AWS::Events::Rule", { ScheduleExpression: "rate(15 minutes)" });
  whole.hasResourceProperties("AWS::Events::Rule", {
    EventPattern: {
      source: ["aws.lambda"],
      detail: {
        eventName: Match.arrayWith([{ prefix: "CreateFunction" }, { prefix: "UpdateFunctionConfiguration" }]),
      },
    },
  });
  whole.hasResourceProperties("AWS::Events::Rule", {
    EventPattern: { source: ["aws.ec2"], detail: { eventName: Match.arrayWith(["CreateNetworkInterface"]) } },
  });
});

describe("configuration", () => {
  test("comes from the object in cdk.json, single values going first", () => {
    const of = fromContext({
      plumbline: { vpcIds: ["vpc-1111"], logRetentionDays: 7, detection: { learningDays: 3 } },
      vpcIds: "vpc-aaaa, vpc-bbbb",
      alertEmails: "a@example.com,b@example.com",
      maxPeers: "50",
    });
    expect(all(of, "AWS::EC2::FlowLog").map(({ Properties }) => Properties.ResourceId)).toEqual([
      "vpc-aaaa",
      "vpc-bbbb",
    ]);
    of.resourceCountIs("AWS::SNS::Subscription", 2);
    expect(all(of, "AWS::Logs::LogGroup")[0]?.Properties.RetentionInDays).toBe(7);
    of.hasResourceProperties("AWS::Lambda::Function", {
      Environment: {
        Variables: { PLUMBLINE_CONFIG: Match.stringLikeRegexp('"learningDays":3,"maxPeers":50') },
      },
    });
  });

  test.each<[string, object, RegExp]>([
    ["a VPC that is none", { vpcIds: ["sg-1"] }, /vpcIds\.0: must be VPC ids/],
    ["a mail address that is none", { alertEmails: "nobody" }, /alertEmails\.0: must be mail addresses/],
    ["an unknown setting", { vpcs: ["vpc-1"] }, /Unrecognized key: "vpcs"/],
    [
      "a retention that CloudWatch Logs lacks",
      { logRetentionDays: 8 },
      /logRetentionDays: must be a retention/,
    ],
    ["a bucket as a URL", { bucketName: "s3://logs" }, /bucketName: must be the name of a bucket/],
    ["a prefix without its slash", { prefix: "logs" }, /prefix: must end in \//],
    ["AWS's own prefix", { prefix: "AWSLogs/" }, /prefix: must not hold AWSLogs/],
    [
      "a key without a bucket",
      { bucketKeyArn: "arn:aws:kms:us-east-1:111122223333:key/1" },
      /bucketKeyArn: .*no bucketName/,
    ],
    ["threat lists that are no place in S3", { threatLists: "lists/threats" }, /threatLists: must be s3:/],
    [
      "a key without threat lists",
      { threatListsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/2" },
      /threatListsKeyArn: .*no threatLists/,
    ],
    ["a Region that is none", { globalEventsTo: "Frankfurt" }, /globalEventsTo: must be a Region/],
    [
      "the Region that has global events itself",
      { globalEventsTo: "us-east-1" },
      /nothing need be handed on/,
    ],
    ["days of learning beyond the limit", { detection: { learningDays: 90 } }, /detection\.learningDays/],
  ])("with %s is refused by name", (_, settings, message) => {
    expect(() => template(settings as PlumblineProps)).toThrow(message);
  });

  test("names every problem at once", () => {
    expect(() => template({ vpcIds: ["x"], alertEmails: ["y"] })).toThrow(/vpcIds(.|\n)*alertEmails/);
  });

  test("that is text instead of an object is refused with what to do", () => {
    expect(() => fromContext({ plumbline: "vpc-1" })).toThrow(/must be an object in cdk\.json/);
    expect(() => fromContext({ plumbline: ["vpc-1"] })).toThrow(/must be an object in cdk\.json, not a list/);
  });

  test("whose numbers are something else is refused by name", () => {
    expect(() => fromContext({ learningDays: { valueOf: 1, toString: 1 } })).toThrow(
      /detection\.learningDays: .*expected number/,
    );
  });
});

test("the one that watches CloudTrail writes nothing into the inventory but invocations", () => {
  const writes = statementsOf(whole, /watches what functions call/).filter(
    ({ Action }) => Action === "dynamodb:PutItem",
  );
  expect(writes).toEqual([
    expect.objectContaining({
      Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["invocation"] } },
    }),
  ]);
});

test.each([
  [{}, "rate(5 minutes)", "5"],
  [{ metricsMinutes: 30 }, "rate(30 minutes)", "30"],
])("metrics are looked at on a schedule that the function knows: %j", (props, schedule, minutes) => {
  const stack = template(props);
  stack.hasResourceProperties("AWS::Events::Rule", {
    ScheduleExpression: schedule,
    Description: "Plumbline: looks at how functions are used",
  });
  stack.hasResourceProperties("AWS::Lambda::Function", {
    Description: Match.stringLikeRegexp("are used"),
    Environment: { Variables: { PLUMBLINE_METRICS_MINUTES: minutes } },
  });
});

test("a number of minutes that does not divide the hour is refused", () => {
  expect(() => template({ metricsMinutes: 7 })).toThrow("metricsMinutes: must be 5, 10, 15, 20, 30 or 60");
});

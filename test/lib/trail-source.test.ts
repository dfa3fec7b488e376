import { App, Stack } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { GlobalEventsStack } from "../../lib/global-events";
import { Plumbline } from "../../lib/plumbline";
import { arnOf } from "../support/account";
import { type EventRule, matches, roleArn, trailRules } from "../support/event-pattern";
import { T0 } from "../support/flow-log";
import { asFunction, asRole, asUser, trailRecord } from "../support/trail";

const env = { account: "111122223333", region: "eu-central-1" };
const app = () => new App({ context: { "aws:cdk:bundling-stacks": [] } });

function plumbline(): Template {
  const stack = new Stack(app(), "Own", { env });
  new Plumbline(stack, "Plumbline");
  return Template.fromStack(stack);
}

const whole = plumbline();
const rules = trailRules(whole);
const ownRoles = Object.entries(whole.findResources("AWS::IAM::Role"))
  .filter(([, { Properties }]) => String(Properties.Description).startsWith("Plumbline: "))
  .map(([logicalId]) => logicalId);

const forwarder = Template.fromStack(
  new GlobalEventsStack(app(), "PlumblineGlobalEvents", { to: env.region }),
);
const forwarding = trailRules(forwarder);

/** Names of the rules that an event goes through. */
const through = (some: readonly EventRule[], record: object, type = "AWS API Call via CloudTrail") =>
  some
    .filter(({ pattern }) => matches(pattern, { "detail-type": type, detail: record }))
    .map(({ name }) => name);

type Fields = Parameters<typeof trailRecord>[2];
const record = (service: string, eventName: string, fields: Fields) =>
  trailRecord(T0, eventName, { eventSource: `${service}.amazonaws.com`, ...fields });

const { inScopeOf: _, ...older } = asFunction();
const ofRole = (arn: string): Record<string, unknown> => ({
  ...asFunction(),
  sessionContext: { sessionIssuer: { type: "Role", arn } },
});

describe("rules", () => {
  test("let through calls that only read where functions call, and are on where something is changed", () => {
    expect(Object.fromEntries(rules.map(({ name, state }) => [name, state]))).toEqual({
      FunctionCalls: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
      OlderFunctionCalls: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
      FunctionChanges: "ENABLED",
      Invocations: "ENABLED",
      TelemetryChanges: "ENABLED",
    });
  });

  test("have the patterns that EventBridge is to match", () => {
    const caller = {
      type: ["AssumedRole"],
      invokedBy: [{ exists: false }],
      sessionContext: { sessionIssuer: { arn: [{ "anything-but": Match.anyValue() }] } },
    };
    const pattern = (detail: object) => ({
      EventPattern: {
        "detail-type": ["AWS API Call via CloudTrail", "AWS Console Action via CloudTrail"],
        detail,
      },
    });
    whole.hasResourceProperties(
      "AWS::Events::Rule",
      pattern({ userIdentity: { ...caller, inScopeOf: { issuerType: ["AWS::Lambda::Function"] } } }),
    );
    whole.hasResourceProperties(
      "AWS::Events::Rule",
      pattern({
        userIdentity: { ...caller, inScopeOf: { issuerType: [{ exists: false }] } },
        userAgent: [{ wildcard: "*exec-env/AWS_Lambda*" }],
      }),
    );
  });

  test("are within EventBridge's limit of 2,048 characters, with the longest names that roles can have", () => {
    for (const { pattern } of [...rules, ...forwarding])
      expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2048);
  });

  test.each<[string, object, string[]]>([
    [
      "a function that reads",
      record("s3", "ListBuckets", { userIdentity: asFunction(), readOnly: true }),
      ["FunctionCalls"],
    ],
    [
      "a function's credentials in other hands",
      record("sts", "GetCallerIdentity", { userIdentity: asFunction(), userAgent: "curl/8.5.0" }),
      ["FunctionCalls"],
    ],
    [
      "a denial",
      record("iam", "CreateUser", { userIdentity: asFunction(), errorCode: "AccessDenied" }),
      ["FunctionCalls"],
    ],
    [
      "a function, in an event that does not name it",
      record("s3", "ListBuckets", { userIdentity: older }),
      ["OlderFunctionCalls"],
    ],
    [
      "a role that does not run in Lambda",
      record("s3", "ListBuckets", { userIdentity: asRole(), userAgent: "aws-cli/2.34.0" }),
      [],
    ],
    [
      "credentials of an instance",
      record("s3", "ListBuckets", {
        userIdentity: { ...asFunction(), inScopeOf: { issuerType: "AWS::EC2::Instance" } },
      }),
      [],
    ],
    [
      "Lambda in a function's name",
      record("ec2", "CreateNetworkInterface", {
        userIdentity: { ...asFunction(), invokedBy: "lambda.amazonaws.com" },
      }),
      [],
    ],
    ["a person who reads", record("ec2", "DescribeInstances", { userIdentity: asUser() }), []],
    [
      "new code, by its name of 2015",
      record("lambda", "UpdateFunctionCode20150331v2", { userIdentity: asUser() }),
      ["FunctionChanges"],
    ],
    [
      "new code by a function",
      record("lambda", "UpdateFunctionCode20150331v2", { userIdentity: asFunction() }),
      ["FunctionCalls", "FunctionChanges"],
    ],
    [
      "a change that failed",
      record("lambda", "AddPermission20150331v2", { userIdentity: asUser(), errorCode: "AccessDenied" }),
      [],
    ],
    [
      "a role that gains a policy",
      record("iam", "AttachRolePolicy", { userIdentity: { type: "Root" } }),
      ["FunctionChanges"],
    ],
    [
      "a trail that is stopped",
      record("cloudtrail", "StopLogging", { userIdentity: asUser() }),
      ["TelemetryChanges"],
    ],
    [
      "flow logs deleted by nobody who is named",
      record("ec2", "DeleteFlowLogs", { userIdentity: undefined }),
      ["TelemetryChanges"],
    ],
    [
      "a queue that is deleted",
      record("sqs", "DeleteQueue", { userIdentity: asRole(), userAgent: "Boto3/1.43.1" }),
      ["TelemetryChanges"],
    ],
    [
      "an invocation that names its interface",
      record("lambda", "Invoke", {
        managementEvent: false,
        userIdentity: asFunction(),
        additionalEventData: { customerEniId: "eni-0a" },
      }),
      ["Invocations"],
    ],
    [
      "an object that a function reads, where the trail records data events",
      record("s3", "GetObject", { managementEvent: false, userIdentity: asFunction() }),
      [],
    ],
  ])("let through what is theirs: %s", (_, event, expected) => {
    expect(through(rules, event)).toEqual(expected);
  });

  test("see what is done in the console, and no sign-ins", () => {
    const event = record("lambda", "UpdateFunctionCode", { userIdentity: asUser() });
    expect(through(rules, event, "AWS Console Action via CloudTrail")).toEqual(["FunctionChanges"]);
    expect(through(rules, event, "AWS Console Sign In via CloudTrail")).toEqual([]);
  });
});

describe("Plumbline's own calls", () => {
  test("are of every function that is deployed", () => {
    expect(ownRoles).toHaveLength(Object.keys(whole.findResources("AWS::Lambda::Function")).length);
  });

  test.each(ownRoles)("of %s do not come back to it", (logicalId) => {
    const identity = ofRole(roleArn(logicalId));
    const { inScopeOf: _, ...olderIdentity } = identity;
    for (const userIdentity of [identity, olderIdentity]) {
      expect(through(rules, record("lambda", "ListFunctions20150331", { userIdentity }))).toEqual([]);
    }
  });
});

describe("the queue of CloudTrail's events", () => {
  const [queue, rulesOwn] = [/TrailQueue/, /TrailSourceUndelivered/].map(
    (name) => Object.keys(whole.findResources("AWS::SQS::Queue")).filter((id) => name.test(id)) as string[],
  ) as [string[], string[]];
  const work = queue.find((id) => !id.includes("DeadLetters")) as string;
  const statementsOf = (logicalId: string) =>
    Object.values(whole.findResources("AWS::SQS::QueuePolicy"))
      .filter(({ Properties }) => JSON.stringify(Properties.Queues).includes(`"${logicalId}"`))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[])
      .filter(({ Effect }) => Effect === "Allow");

  test("gets them from every rule; what cannot be delivered is set aside, and so is what cannot be processed", () => {
    for (const { targets } of rules) {
      expect(targets).toEqual([
        expect.objectContaining({
          Arn: { "Fn::GetAtt": [work, "Arn"] },
          DeadLetterConfig: { Arn: { "Fn::GetAtt": [rulesOwn[0], "Arn"] } },
        }),
      ]);
    }
    const { Properties } = whole.findResources("AWS::SQS::Queue")[work] as { Properties: Redrive };
    expect(Properties.RedrivePolicy.deadLetterTargetArn).toEqual({
      "Fn::GetAtt": [queue.find((id) => id.includes("DeadLetters")), "Arn"],
    });
  });

  test.each([
    ["the queue", work],
    ["what was not delivered", rulesOwn[0] as string],
  ])("takes messages from the four rules and nobody else: %s", (_, logicalId) => {
    const statements = statementsOf(logicalId);
    expect(statements).toHaveLength(rules.length);
    for (const { Principal, Action, Condition } of statements) {
      expect(Principal).toEqual({ Service: "events.amazonaws.com" });
      expect(
        [Action].flat().every((action) => /^sqs:(SendMessage|GetQueue(Attributes|Url))$/.test(action)),
      ).toBe(true);
      expect(Condition).toEqual({
        ArnEquals: { "aws:SourceArn": { "Fn::GetAtt": [expect.stringMatching(/TrailSource/), "Arn"] } },
      });
    }
    expect(new Set(statements.map(({ Condition }) => JSON.stringify(Condition))).size).toBe(rules.length);
  });

  test("raises an alarm where something was not delivered", () => {
    whole.hasResourceProperties("AWS::CloudWatch::Alarm", {
      MetricName: "ApproximateNumberOfMessagesVisible",
      Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": [rulesOwn[0], "QueueName"] } }],
      AlarmActions: Match.anyValue(),
    });
  });

  test("is read in batches, of which single messages fail", () => {
    whole.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      EventSourceArn: { "Fn::GetAtt": [work, "Arn"] },
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 10,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
  });
});

test("functions know the name of the stack whose parts are their own", () => {
  for (const { Properties } of Object.values(whole.findResources("AWS::Lambda::Function")))
    expect(JSON.parse(Properties.Environment.Variables.PLUMBLINE_CONFIG).stackName).toBe("Own");
});

describe("events of global services", () => {
  const called = (functionArn: string) => ({
    ...asFunction(),
    inScopeOf: { ...(asFunction().inScopeOf as object), credentialsIssuedTo: functionArn },
  });
  const near = called(arnOf("RDSQueryLogger", env.account, env.region));

  test.each<[string, object, string[]]>([
    ["a call of IAM", record("iam", "ListUsers", { userIdentity: near }), ["GlobalCalls"]],
    [
      "a call of STS's global endpoint",
      record("sts", "GetCallerIdentity", { userIdentity: near }),
      ["GlobalCalls"],
    ],
    ["a call in that Region itself", record("s3", "ListBuckets", { userIdentity: near }), []],
    [
      "a call by a function of another Region",
      record("iam", "ListUsers", { userIdentity: asFunction() }),
      [],
    ],
    [
      "a role that gains a policy",
      record("iam", "PutRolePolicy", { userIdentity: asUser() }),
      ["GlobalChanges"],
    ],
    [
      "a trail whose home is there",
      record("cloudtrail", "DeleteTrail", { userIdentity: asUser() }),
      ["GlobalChanges"],
    ],
    [
      "a function that is changed there",
      record("lambda", "UpdateFunctionCode20150331v2", { userIdentity: asUser() }),
      [],
    ],
  ])("are handed on or not: %s", (_, event, expected) => {
    expect(through(forwarding, event)).toEqual(expected);
  });

  test("are matched by the rules of Plumbline's Region as they arrive", () => {
    expect(through(rules, record("iam", "ListUsers", { userIdentity: near }))).toEqual(["FunctionCalls"]);
    expect(through(rules, record("iam", "PutRolePolicy", { userIdentity: asUser() }))).toEqual([
      "FunctionChanges",
    ]);
    expect(through(rules, record("cloudtrail", "DeleteTrail", { userIdentity: asUser() }))).toEqual([
      "TelemetryChanges",
    ]);
  });

  test("come from us-east-1, those that only read too, and are set aside where they cannot be delivered", () => {
    const stack = new GlobalEventsStack(app(), "PlumblineGlobalEvents", { to: env.region });
    expect(stack.region).toBe("us-east-1");
    expect(Object.fromEntries(forwarding.map(({ name, state }) => [name, state]))).toEqual({
      GlobalCalls: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
      GlobalChanges: "ENABLED",
    });
    const [undelivered] = Object.keys(forwarder.findResources("AWS::SQS::Queue"));
    for (const { targets } of forwarding)
      expect(targets[0]?.DeadLetterConfig?.Arn).toEqual({ "Fn::GetAtt": [undelivered, "Arn"] });
  });

  test("go to one bus, and the roles may do nothing else", () => {
    const statements = Object.values(forwarder.findResources("AWS::IAM::Policy")).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement as Statement[],
    );
    expect(statements).toHaveLength(2);
    for (const { Action, Resource } of statements) {
      expect(Action).toBe("events:PutEvents");
      expect(JSON.stringify(Resource)).toContain(":events:eu-central-1:");
      expect(JSON.stringify(Resource)).toContain(":event-bus/default");
    }
  });
});

interface Statement {
  readonly Effect: string;
  readonly Principal: unknown;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition: unknown;
}

interface Redrive {
  readonly RedrivePolicy: { readonly deadLetterTargetArn: unknown };
}

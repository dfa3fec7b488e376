/** Who may reach what is deployed: nobody from outside, nothing without TLS, and no service for somebody else. */
import { App, type Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { GlobalEventsStack } from "../../lib/global-events";
import { PlumblineStack } from "../../lib/stack";
import { ACCOUNT } from "../support/account";
import { type CfnResource, resolver } from "../support/cfn-references";

interface Statement {
  readonly Effect: string;
  readonly Principal: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Action: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Where a resource of each type has its policy, and who it is for. */
const POLICIES: Readonly<Record<string, { of: string; document: string }>> = {
  "AWS::SQS::QueuePolicy": { of: "Queues", document: "PolicyDocument" },
  "AWS::SNS::TopicPolicy": { of: "Topics", document: "PolicyDocument" },
  "AWS::S3::BucketPolicy": { of: "Bucket", document: "PolicyDocument" },
  "AWS::KMS::Key": { of: "", document: "KeyPolicy" },
};

const ENCRYPTED: Readonly<Record<string, object>> = {
  "AWS::SQS::Queue": { SqsManagedSseEnabled: true },
  "AWS::SNS::Topic": { KmsMasterKeyId: expect.anything() },
  "AWS::DynamoDB::Table": { SSESpecification: { SSEEnabled: true } },
  "AWS::S3::Bucket": {
    BucketEncryption: { ServerSideEncryptionConfiguration: [expect.anything()] },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
  },
};

const app = new App({
  context: { "aws:cdk:bundling-stacks": [], plumbline: { vpcIds: ["vpc-0123456789abcdef0"] } },
});
const env = { account: ACCOUNT, region: "eu-central-1" };
const STACKS: [string, Stack][] = [
  ["Plumbline", new PlumblineStack(app, "Plumbline", { env })],
  [
    "the stack for global events",
    new GlobalEventsStack(app, "PlumblineGlobalEvents", { to: env.region, env }),
  ],
];

describe.each(STACKS)("in %s", (_, stack) => {
  const resources: Record<string, CfnResource> = Template.fromStack(stack).toJSON().Resources;
  const resolve = resolver(resources, { ...env, stack: stack.stackName, name: (logicalId) => logicalId });
  const ofType = (type: string) => Object.entries(resources).filter(([, { Type }]) => Type === type);

  const statements = Object.entries(POLICIES).flatMap(([type, { document }]) =>
    ofType(type).flatMap(([logicalId, { Properties }]) =>
      (resolve((Properties[document] as { Statement: unknown }).Statement) as Statement[]).map(
        (statement) => [logicalId, statement] as const,
      ),
    ),
  );
  const allowed = statements.filter(([, { Effect }]) => Effect === "Allow");

  test("everything that keeps something is encrypted, and the bucket can not be made public", () => {
    for (const [type, properties] of Object.entries(ENCRYPTED))
      for (const [, { Properties }] of ofType(type)) expect(Properties).toMatchObject(properties);
  });

  test("every queue, topic and bucket refuses whoever comes without TLS", () => {
    const refusing = Object.entries(POLICIES).flatMap(([type, { of }]) =>
      ofType(type)
        .filter(([logicalId]) => statements.some(([id, one]) => id === logicalId && refusesPlain(one)))
        .flatMap(([, { Properties }]) => targetsOf(Properties[of])),
    );
    const all = ["AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::S3::Bucket"].flatMap(ofType).map(([id]) => id);
    expect(refusing.sort()).toEqual(all.sort());
  });

  test("only services, and the owner of a key, are let in by a policy", () => {
    for (const [logicalId, { Principal }] of allowed) {
      const [[kind, who] = []] =
        typeof Principal === "string" ? [["everybody", Principal]] : Object.entries(Principal);
      expect([logicalId, kind === "Service" ? "Service" : who]).toEqual([
        logicalId,
        kind === "Service" ? "Service" : `arn:aws:iam::${ACCOUNT}:root`,
      ]);
    }
  });

  test("a service is let in for this account, or one thing in it, and not for whoever else it works for", () => {
    const services = allowed.filter(
      ([, { Principal }]) => typeof Principal === "object" && "Service" in Principal,
    );
    expect(services.length).toBeGreaterThan(0);
    for (const [logicalId, statement] of services)
      expect([logicalId, statement.Principal, isForThisAccount(statement)]).toEqual([
        logicalId,
        statement.Principal,
        true,
      ]);
  });

  test("functions are run by rules of the stack, each named", () => {
    for (const [, { Properties }] of ofType("AWS::Lambda::Permission"))
      expect(Properties).toMatchObject({
        Principal: "events.amazonaws.com",
        SourceArn: { "Fn::GetAtt": [expect.any(String), "Arn"] },
      });
  });

  test("roles are taken on by Lambda and EventBridge only", () => {
    const principals = ofType("AWS::IAM::Role").map(([, { Properties }]) =>
      (Properties.AssumeRolePolicyDocument as { Statement: Statement[] }).Statement.map(
        ({ Principal }) => Principal,
      ),
    );
    for (const principal of principals.flat())
      expect([{ Service: "lambda.amazonaws.com" }, { Service: "events.amazonaws.com" }]).toContainEqual(
        principal,
      );
  });
});

const refusesPlain = ({ Effect, Principal, Condition }: Statement) =>
  Effect === "Deny" &&
  ["*", '{"AWS":"*"}'].includes(typeof Principal === "string" ? Principal : JSON.stringify(Principal)) &&
  Condition?.Bool?.["aws:SecureTransport"] === "false";

/** Confused deputy: docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html */
const isForThisAccount = ({ Condition = {} }: Statement) =>
  Object.values(Condition).some(
    (keys) =>
      keys["aws:SourceAccount"] === ACCOUNT ||
      (keys["aws:SourceArn"] !== undefined && !keys["aws:SourceArn"].includes("*")),
  );

const targetsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((one: { Ref?: string } | undefined) => one?.Ref ?? []);

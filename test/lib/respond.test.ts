import { App, Stack } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import type { PlumblineProps } from "../../lib/config";
import { Plumbline } from "../../lib/plumbline";

function template(containment?: PlumblineProps["containment"]): Template {
  const app = new App({ context: { "aws:cdk:bundling-stacks": [] } });
  const stack = new Stack(app, "Own", { env: { account: "111122223333", region: "us-east-1" } });
  new Plumbline(stack, "Plumbline", containment === undefined ? {} : { containment });
  return Template.fromStack(stack);
}

type Statement = { Action: string | string[]; Resource: unknown; Condition?: unknown };

function statementsOf(of: Template): Statement[] {
  const roles = Object.entries(of.findResources("AWS::IAM::Role"));
  const [role] = roles.find(([, { Properties }]) => /blocks remote/.test(Properties.Description ?? "")) ?? [];
  return Object.values(of.findResources("AWS::IAM::Policy"))
    .filter(({ Properties }) => JSON.stringify(Properties.Roles).includes(String(role)))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}
const acting = (of: Template) =>
  statementsOf(of)
    .flatMap(({ Action }) => Action)
    .filter((action) => !/^(dynamodb|sns|kms|logs|sqs):/.test(action))
    .sort();

const LOOKING = ["ec2:DescribeNetworkAcls", "ec2:DescribeVpcPeeringConnections", "ec2:DescribeVpcs"];
const ALL = {
  mode: "enforce" as const,
  types: {
    Beaconing: { action: "networkAcl" as const },
    CredentialsOutsideLambda: { action: "ipSet" as const, minimumSeverity: "critical" as const },
    UnusualApiCall: { action: "stopFunction" as const },
  },
  stoppable: ["ImageResizer"],
};

test("off by default: no function, no table, no permission", () => {
  const off = template();
  off.resourceCountIs("AWS::DynamoDB::Table", 3);
  off.resourceCountIs("AWS::WAFv2::IPSet", 0);
  expect(statementsOf(off)).toEqual([]);
});

test("a dry run may look, and change nothing", () => {
  expect(acting(template("dryRun"))).toEqual(LOOKING);
  expect(acting(template({ ...ALL, mode: "dryRun" }))).toEqual([
    ...LOOKING,
    "lambda:GetFunctionConcurrency",
    "wafv2:GetIPSet",
  ]);
});

test("enforcing may change network ACLs with the tag, its own IP sets, and the functions that are named", () => {
  const statements = statementsOf(template(ALL));
  const about = (action: string) => statements.filter(({ Action }) => [Action].flat().includes(action));
  expect(about("ec2:CreateNetworkAclEntry")).toEqual([
    expect.objectContaining({
      Action: ["ec2:CreateNetworkAclEntry", "ec2:DeleteNetworkAclEntry"],
      Condition: { StringEquals: { "aws:ResourceTag/plumbline:contain": "true" } },
    }),
  ]);
  expect(JSON.stringify(about("wafv2:UpdateIPSet"))).toMatch(/BlockedIPV4.*BlockedIPV6/);
  expect(JSON.stringify(about("lambda:PutFunctionConcurrency"))).toMatch(
    /lambda:us-east-1:111122223333:function:ImageResizer/,
  );
});

test("one type in earnest is enough to need the permissions", () => {
  const types = { Beaconing: { action: "networkAcl" as const, mode: "enforce" as const } };
  expect(acting(template({ types }))).toContain("ec2:CreateNetworkAclEntry");
});

test("it hears of the alerts that a rule is about, and not of its own", () => {
  template(ALL).hasResourceProperties("AWS::SNS::Subscription", {
    Protocol: "sqs",
    RawMessageDelivery: true,
    FilterPolicy: {
      type: ["Beaconing", "CredentialsOutsideLambda", "UnusualApiCall"],
      severity: ["high", "critical"],
      containment: [{ exists: false }],
    },
  });
});

test("blocks end by a schedule", () => {
  template("dryRun").hasResourceProperties("AWS::Events::Rule", {
    ScheduleExpression: "rate(5 minutes)",
    Description: Match.stringLikeRegexp("ends blocks that are over"),
  });
});

test("its own calls are left out of what CloudTrail is asked for", () => {
  const dry = template("dryRun");
  const [role] = Object.keys(
    dry.findResources("AWS::IAM::Role", {
      Properties: { Description: Match.stringLikeRegexp("blocks remote") },
    }),
  );
  const rules = Object.values(dry.findResources("AWS::Events::Rule"));
  const calls = rules.filter(({ Properties }) => /called an API/.test(Properties.Description ?? ""));
  expect(calls).toHaveLength(2);
  for (const rule of calls) expect(JSON.stringify(rule)).toContain(role);
});

test.each<[string, object, RegExp]>([
  ["a type that is none", { types: { Beacon: { action: "networkAcl" } } }, /containment\.types/],
  [
    "an action that is none",
    { types: { Beaconing: { action: "nacl" } } },
    /containment\.types\.Beaconing\.action/,
  ],
  ["a time to live of no time", { ttlHours: 0 }, /containment\.ttlHours/],
  [
    "rule numbers that end before they begin",
    { ruleNumbers: { first: 9, last: 1 } },
    /containment\.ruleNumbers/,
  ],
  [
    "an allow-list with a name in it",
    { allowList: ["example.com"] },
    /allowList\.0: must be addresses or CIDR/,
  ],
])("%s is refused by name", (_, containment, message) => {
  expect(() => template(containment as never)).toThrow(message);
});

/**
 * What a deployment keeps must be the same thing after an upgrade. CloudFormation makes a new, empty one where the logical
 * id or a key changes, and deletes the old one or leaves it where nobody looks. So these ids are never changed.
 */
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { PlumblineStack } from "../../lib/stack";
import { ACCOUNT, REGION } from "../support/account";
import type { CfnResource, CfnTemplate } from "../support/cfn-references";

const STATEFUL = {
  PlumblineTablesInventoryC8F184E7: "AWS::DynamoDB::Table",
  PlumblineTablesBaselines58AF5D0E: "AWS::DynamoDB::Table",
  PlumblineTablesFindingsCE67CD2A: "AWS::DynamoDB::Table",
  PlumblineFlowLogSourceBucket161CE923: "AWS::S3::Bucket",
  PlumblineAlertsTopic0917C4DB: "AWS::SNS::Topic",
  PlumblineAlertsKey2A7A2BA2: "AWS::KMS::Key",
};

const KEYS = {
  PlumblineTablesInventoryC8F184E7: "kind HASH, key RANGE",
  PlumblineTablesBaselines58AF5D0E: "entity HASH, facet RANGE",
  PlumblineTablesFindingsCE67CD2A: "id HASH",
};

function resourcesWith(plumbline: object): CfnTemplate["Resources"] {
  const app = new App({ context: { "aws:cdk:bundling-stacks": [], plumbline } });
  const env = { account: ACCOUNT, region: REGION };
  return Template.fromStack(new PlumblineStack(app, "Plumbline", { env })).toJSON().Resources;
}

const SETTINGS: [string, object][] = [
  ["the default settings", {}],
  [
    "every setting",
    {
      vpcIds: ["vpc-0123456789abcdef0"],
      alertEmails: ["owner@example.com"],
      threatLists: "s3://lists/threats",
      inventoryMinutes: 5,
      metricsMinutes: 30,
      logRetentionDays: 7,
      flowLogRetentionDays: 14,
      detection: { learningDays: 3, retentionDays: 60, findingRetentionDays: 30, maxPeers: 50 },
    },
  ],
];

describe.each(SETTINGS)("with %s", (_, plumbline) => {
  const resources = resourcesWith(plumbline);
  const ofKinds = (kinds: readonly string[]) =>
    Object.entries(resources).filter(([, { Type }]) => kinds.includes(Type));

  test("tables, bucket, topic and key are those of every deployment before", () => {
    const found = ofKinds([...new Set(Object.values(STATEFUL))]).map(([id, { Type }]) => [id, Type]);
    expect(Object.fromEntries(found)).toEqual(STATEFUL);
  });

  test("the tables have the keys of every deployment before", () => {
    const found = ofKinds(["AWS::DynamoDB::Table"]).map(([id, { Properties }]) => [id, keysOf(Properties)]);
    expect(Object.fromEntries(found)).toEqual(KEYS);
  });

  test("none of them has a name of its own, which would stand in the way of a second deployment", () => {
    for (const [id, { Properties }] of ofKinds(Object.values(STATEFUL)))
      expect([id, Properties.TableName ?? Properties.BucketName ?? Properties.TopicName]).toEqual([
        id,
        undefined,
      ]);
  });

  test("the tables and the bucket stay when the stack is destroyed, and nothing else does", () => {
    const stays = ({ DeletionPolicy, UpdateReplacePolicy }: CfnResource) =>
      [DeletionPolicy, UpdateReplacePolicy].includes("Retain");
    const found = Object.entries(resources).filter(([, resource]) => stays(resource));
    expect(found.map(([id]) => id).sort()).toEqual(
      [...Object.keys(KEYS), "PlumblineFlowLogSourceBucket161CE923"].sort(),
    );
    for (const [, { DeletionPolicy, UpdateReplacePolicy }] of found)
      expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(["Retain", "Retain"]);
  });
});

const keysOf = ({ KeySchema }: CfnResource["Properties"]) =>
  (KeySchema as { AttributeName: string; KeyType: string }[])
    .map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`)
    .join(", ");

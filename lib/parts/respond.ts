import { ArnFormat, CfnOutput, Duration, Stack, Token, Validations } from "aws-cdk-lib";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import * as sns from "aws-cdk-lib/aws-sns";
import { SqsSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import * as wafv2 from "aws-cdk-lib/aws-wafv2";
import { ACL_TAG, type ContainmentPolicy, mayEnforce } from "../../functions/core/containment/policy";
import { SEVERITIES } from "../../functions/core/severity";
import type { Base } from "../base";
import type { Worker } from "../worker";

/** Alerts -> SQS -> respond, and a schedule. What changes something is allowed only where the owner lets it be enforced. */
export function respond(base: Base, policy: ContainmentPolicy): void {
  const { scope, alerts, networks, tables } = base;
  const timeout = Duration.minutes(2);
  const queue = base.queue("RespondQueue", timeout, Duration.minutes(15));
  alerts.topic.addSubscription(
    new SqsSubscription(queue, { rawMessageDelivery: true, filterPolicy: alertsThatAsk(policy) }),
  );
  const blocks = tables.blocks();
  const sets = ipSetsOf(base, policy);
  const worker = base.worker("Respond", {
    entry: "respond",
    description: "blocks remote destinations and stops functions",
    timeout,
    memorySize: 512,
    layers: [networks.layer],
    environment: {
      networks: networks.folder,
      containment: JSON.stringify(policy),
      inventoryTable: tables.inventory.tableName,
      baselinesTable: tables.baselines.tableName,
      findingsTable: tables.findings.tableName,
      blocksTable: blocks.tableName,
      alertTopic: alerts.topic.topicArn,
      ...(sets.length > 0 && { ipSets: sets.join(",") }),
    },
  });
  worker.function.addEventSource(
    new SqsEventSource(queue, { batchSize: 10, maxConcurrency: 2, reportBatchItemFailures: true }),
  );
  worker.runEvery("RespondSchedule", Duration.minutes(5), "ends blocks that are over, and repairs");

  worker.allow(["dynamodb:GetItem", "dynamodb:Query"], [tables.inventory.tableArn]);
  worker.allow(["dynamodb:BatchGetItem"], [tables.baselines.tableArn]);
  worker.allow(["dynamodb:GetItem", "dynamodb:PutItem"], [tables.findings.tableArn]);
  worker.allow(
    ["dynamodb:Scan", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"],
    [blocks.tableArn],
  );
  alerts.allowPublishing(worker);
  allowLooking(worker, policy, sets);
  if (mayEnforce(policy)) allowActing(worker, policy, sets);
  new CfnOutput(scope, "RespondFunction", { value: worker.function.functionName });
}

/** Alerts of the types and severities that some rule is about; those that tell of containment ask for none. */
function alertsThatAsk({
  types,
  minimumSeverity,
}: ContainmentPolicy): Record<string, sns.SubscriptionFilter> {
  const rules = Object.values(types).filter((rule) => rule !== undefined);
  const least = Math.min(...rules.map((rule) => SEVERITIES.indexOf(rule.minimumSeverity ?? minimumSeverity)));
  return {
    type: sns.SubscriptionFilter.stringFilter({ allowlist: Object.keys(types) }),
    severity: sns.SubscriptionFilter.stringFilter({ allowlist: SEVERITIES.slice(least) }),
    containment: new sns.SubscriptionFilter([{ exists: false }]),
  };
}

/** Where a rule is to block callers: two sets, for the rules of the owner's web ACL to name. */
function ipSetsOf({ scope }: Base, { types }: ContainmentPolicy): string[] {
  if (!Object.values(types).some((rule) => rule?.action === "ipSet")) return [];
  return (["IPV4", "IPV6"] as const).map((ipAddressVersion) => {
    const set = new wafv2.CfnIPSet(scope, `Blocked${ipAddressVersion}`, {
      addresses: [],
      ipAddressVersion,
      scope: "REGIONAL",
      description: "Callers that Plumbline blocks",
    });
    new CfnOutput(scope, `BlockedSet${ipAddressVersion}`, { value: set.attrArn });
    return set.attrArn;
  });
}

const functionArns = (worker: Worker, { stoppable }: ContainmentPolicy) =>
  stoppable.map((functionName) =>
    Stack.of(worker).formatArn({
      service: "lambda",
      resource: "function",
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      resourceName: functionName,
    }),
  );

function allowLooking(worker: Worker, policy: ContainmentPolicy, sets: readonly string[]): void {
  worker.allow(["ec2:DescribeNetworkAcls", "ec2:DescribeVpcs", "ec2:DescribeVpcPeeringConnections"], ["*"]);
  Validations.of(worker).acknowledge({
    id: "AwsSolutions-IAM5[Resource::*]",
    reason: "Describing network ACLs, VPCs and peerings has no resource-level permissions.",
  });
  if (sets.length > 0) worker.allow(["wafv2:GetIPSet"], [...sets]);
  if (policy.stoppable.length > 0)
    worker.allow(["lambda:GetFunctionConcurrency"], functionArns(worker, policy));
}

function allowActing(worker: Worker, policy: ContainmentPolicy, sets: readonly string[]): void {
  const { region, account } = Stack.of(worker);
  const acls = Stack.of(worker).formatArn({ service: "ec2", resource: "network-acl", resourceName: "*" });
  // As cdk-nag writes what is known at deployment only.
  const named = (value: string, name: string) => (Token.isUnresolved(value) ? `<AWS::${name}>` : value);
  const place = `${named(region, "Region")}:${named(account, "AccountId")}`;
  worker.allow(["ec2:CreateNetworkAclEntry", "ec2:DeleteNetworkAclEntry"], [acls], {
    StringEquals: { [`aws:ResourceTag/${ACL_TAG.key}`]: ACL_TAG.value },
  });
  Validations.of(worker).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:${place}:network-acl/*]`,
    reason: "Which network ACLs may be changed is said by their tag.",
  });
  if (sets.length > 0) worker.allow(["wafv2:UpdateIPSet"], [...sets]);
  if (policy.stoppable.length > 0)
    worker.allow(
      ["lambda:PutFunctionConcurrency", "lambda:DeleteFunctionConcurrency"],
      functionArns(worker, policy),
    );
}

/** Facts of a deployed stack. Every question only reads, and each may be refused by itself. */
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { awsAccount } from "../../../functions/adapters/aws/aws-account";
import { inventoryStore } from "../../../functions/adapters/dynamodb/inventory-store";
import { detectionConfig } from "../../../functions/core/config";
import {
  type DeployedStack,
  deployedStack,
  type StackFlags,
  type StackPart,
  stackParts,
} from "../../deployed-stack";
import { accountOf, withoutInterface } from "../account";
import { derived, type Gathered } from "../facts";
import { recentlyDelivered } from "./deliveries";
import { look, lookFrom } from "./look";
import {
  alarms,
  functionStates,
  NAMED,
  setAside,
  setAsideIn,
  sources,
  subscriptions,
  threatLists,
} from "./parts";
import { flowLogs, forwarders, rules, trails, undeliveredQueues } from "./telemetry";

/** Where global services are recorded. */
const GLOBAL_REGION = "us-east-1";

/** Rejects where the stack itself cannot be read. */
export async function gatherDeployed(flags: StackFlags, now: number): Promise<Gathered> {
  const options = flags.region === undefined ? {} : { region: flags.region };
  const cloudWatch = new CloudWatchClient(options);
  const ec2 = new EC2Client(options);
  const events = new EventBridgeClient(options);
  const lambda = new LambdaClient(options);
  const s3 = new S3Client(options);

  const stack = await deployedStack(flags);
  const bucket = stack.output("FlowLogBucket");
  const topicArn = stack.output("AlertTopic");
  const parts = await look("cloudformation:ListStackResources", () => stackParts(flags));
  const ofType = <T>(type: string, permission: string, ask: (some: StackPart[]) => Promise<T>, named = /./) =>
    lookFrom(parts, permission, (all) => ask(all(type).filter(({ logicalId }) => named.test(logicalId))));

  const account = await look("lambda:ListFunctions and ec2:DescribeNetworkInterfaces", async () =>
    accountOf((await awsAccount(lambda, ec2).look()).snapshot, now),
  );
  const logs = await look("ec2:DescribeFlowLogs", () => flowLogs(ec2));
  const tables = DynamoDBDocumentClient.from(new DynamoDBClient(options));
  const { retentionDays } = detectionConfig.parse({});
  const inventory = await ofType(
    "AWS::DynamoDB::Table",
    "dynamodb:Query of the inventory table",
    async ([table]) => {
      const store = inventoryStore(tables, table?.physicalId ?? "", retentionDays, () => now);
      return { items: await store.items(), ranges: await store.awsRangesState() };
    },
    NAMED.inventoryTable,
  );

  return {
    now: { value: now },
    bucket: { value: bucket },
    account,
    withoutInterface: await lookFrom(account, "lambda:GetFunctionConfiguration", (known) =>
      functionStates(lambda, withoutInterface(known)),
    ),
    flowLogs: logs,
    formats: derived(logs, (all) => all.filter((log) => log.bucket === bucket).map(({ format }) => format)),
    recentlyDelivered: await lookFrom(logs, "s3:ListBucket of the flow logs' bucket", (all) =>
      recentlyDelivered(
        s3,
        all.filter((log) => log.bucket === bucket),
        stack,
        now,
      ),
    ),
    trails: await look("cloudtrail:DescribeTrails and cloudtrail:GetTrailStatus", () =>
      trails(new CloudTrailClient(options)),
    ),
    rules: await ofType("AWS::Events::Rule", "events:DescribeRule", (some) => rules(events, some)),
    ...(stack.partition === "aws" && stack.region !== GLOBAL_REGION && (await handingOn(stack))),
    storedInterfaces: derived(
      inventory,
      ({ items }) =>
        new Set(
          items.flatMap((item) =>
            item.kind === "interface" && item.validTo === null ? [item.interfaceId] : [],
          ),
        ),
    ),
    awsRanges: derived(inventory, ({ ranges }) => ({ checkedAt: ranges?.checkedAt ?? null })),
    threatLists: await ofType(
      "AWS::Lambda::Function",
      "lambda:GetFunctionConfiguration, and s3:ListBucket of the lists",
      (some) => threatLists(lambda, s3, some),
      NAMED.flowLogsFunction,
    ),
    sources: await look("cloudwatch:GetMetricData", () => sources(cloudWatch, stack.name, now)),
    setAside: await ofType(
      "AWS::SQS::Queue",
      "sqs:GetQueueAttributes",
      (some) => setAside(new SQSClient(options), some),
      NAMED.setAside,
    ),
    subscriptions: await look("sns:ListSubscriptionsByTopic", () =>
      subscriptions(new SNSClient(options), topicArn),
    ),
    alarms: await ofType("AWS::CloudWatch::Alarm", "cloudwatch:DescribeAlarms", (some) =>
      alarms(cloudWatch, some),
    ),
  };
}

/** What is in us-east-1 when Plumbline is not. */
async function handingOn(stack: DeployedStack): Promise<Pick<Gathered, "forwarders" | "setAsideGlobally">> {
  const there = { region: GLOBAL_REGION };
  const events = new EventBridgeClient(there);
  const known = await look(`events:ListRuleNamesByTarget and events:DescribeRule in ${GLOBAL_REGION}`, () =>
    forwarders(events, stack),
  );
  return {
    forwarders: known,
    setAsideGlobally: await lookFrom(
      known,
      `events:ListTargetsByRule, sqs:GetQueueUrl and sqs:GetQueueAttributes in ${GLOBAL_REGION}`,
      async (some) => setAsideIn(new SQSClient(there), await undeliveredQueues(events, some)),
    ),
  };
}

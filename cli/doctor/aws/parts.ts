/** Plumbline's own parts in AWS. */
import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { GetFunctionConfigurationCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { paginateListSubscriptionsByTopic, type SNSClient } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { ENVIRONMENT } from "../../../functions/adapters/aws/environment";
import { DIMENSION, NAMESPACE, type OwnMetric } from "../../../functions/adapters/aws/own-metrics";
import { bucketAndPrefix } from "../../../functions/adapters/aws/s3-location";
import type { LambdaFunction } from "../../../functions/core/attribution/inventory";
import { DAY } from "../../../functions/core/time";
import type { StackPart } from "../../deployed-stack";
import type { Alarm, Facts, FunctionState, Source } from "../facts";

/** What the template calls the parts that are asked for. */
export const NAMED = {
  inventoryTable: /TablesInventory/,
  flowLogsFunction: /FlowLogsFunction/,
  setAside: /DeadLetters|Undelivered/,
} as const;

/** Most functions whose state is asked for, one by one. */
const MOST_STATES = 50;
const LOOK_BACK = 3 * DAY;
const PERIOD = 300;
/** The metric that tells when something came of a source. */
const TOLD_BY: Readonly<Record<Source["name"], OwnMetric>> = {
  "flow logs": "FlowLogRecords",
  CloudTrail: "TrailEvents",
  metrics: "FunctionsWithUsage",
};

/** What Lambda says of functions, one by one. */
export const functionStates = (
  client: LambdaClient,
  functions: readonly LambdaFunction[],
): Promise<FunctionState[]> =>
  Promise.all(
    functions.slice(0, MOST_STATES).map(async ({ functionName, functionArn }) => {
      const { State, StateReason, StateReasonCode, LastUpdateStatusReasonCode } = await client.send(
        new GetFunctionConfigurationCommand({ FunctionName: functionArn }),
      );
      const reason = [StateReasonCode ?? LastUpdateStatusReasonCode, StateReason].filter(
        (one) => one !== undefined,
      );
      return { functionName, state: State ?? null, reason: reason.length === 0 ? null : reason.join(": ") };
    }),
  );

export async function threatLists(
  lambda: LambdaClient,
  s3: S3Client,
  [flowLogsFunction]: readonly StackPart[],
): Promise<Facts["threatLists"]> {
  const { Environment } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: flowLogsFunction?.physicalId }),
  );
  const location = Environment?.Variables?.[ENVIRONMENT.threatLists];
  if (location === undefined) return { location: null, lists: 0 };
  const { bucket, prefix } = bucketAndPrefix(location);
  const { KeyCount = 0 } = await s3.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 100 }),
  );
  return { location, lists: KeyCount };
}

/** By the metrics that Plumbline sends of itself: what was delivered and not read is as good as not there. */
export async function sources(client: CloudWatchClient, stackName: string, now: number): Promise<Source[]> {
  const names = Object.keys(TOLD_BY) as Source["name"][];
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date((now - LOOK_BACK) * 1000),
      EndTime: new Date(now * 1000),
      ScanBy: "TimestampDescending",
      MetricDataQueries: names.map((name, i) => ({
        Id: `m${i}`,
        MetricStat: {
          Metric: {
            Namespace: NAMESPACE,
            MetricName: TOLD_BY[name],
            Dimensions: [{ Name: DIMENSION, Value: stackName }],
          },
          Period: PERIOD,
          Stat: "Sum",
        },
      })),
    }),
  );
  return names.map((name, i) => {
    const newest = MetricDataResults.find(({ Id }) => Id === `m${i}`)?.Timestamps?.[0];
    return { name, newest: newest === undefined ? null : Math.floor(newest.getTime() / 1000) + PERIOD };
  });
}

export const setAside = (client: SQSClient, queues: readonly StackPart[]): Promise<Facts["setAside"]> =>
  Promise.all(queues.map(({ physicalId }) => waiting(client, physicalId)));

/** The same of queues that are known by name. */
export const setAsideIn = (client: SQSClient, names: Iterable<string>): Promise<Facts["setAside"]> =>
  Promise.all(
    [...names].map(async (name) => {
      const { QueueUrl = "" } = await client.send(new GetQueueUrlCommand({ QueueName: name }));
      return waiting(client, QueueUrl);
    }),
  );

async function waiting(client: SQSClient, url: string): Promise<Facts["setAside"][number]> {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["ApproximateNumberOfMessages"] }),
  );
  const queue = url.split("/").at(-1) ?? url;
  return { queue, messages: Number(Attributes?.ApproximateNumberOfMessages ?? 0) };
}

export async function subscriptions(client: SNSClient, topicArn: string): Promise<Facts["subscriptions"]> {
  const all: { protocol: string; isConfirmed: boolean }[] = [];
  for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic(
    { client },
    { TopicArn: topicArn },
  )) {
    for (const { Protocol = "", SubscriptionArn = "" } of Subscriptions) {
      all.push({ protocol: Protocol, isConfirmed: SubscriptionArn.startsWith("arn:") });
    }
  }
  return all;
}

/** DescribeAlarms takes a hundred names, of which a stack has some twenty. */
export async function alarms(client: CloudWatchClient, parts: readonly StackPart[]): Promise<Alarm[]> {
  if (parts.length === 0) return [];
  const { MetricAlarms = [] } = await client.send(
    new DescribeAlarmsCommand({ AlarmNames: parts.map(({ physicalId }) => physicalId).slice(0, 100) }),
  );
  return MetricAlarms.map((alarm) => ({
    name: alarm.AlarmName ?? "",
    description: alarm.AlarmDescription ?? "Look at its metric.",
    isInAlarm: alarm.StateValue === "ALARM",
    hasActions: alarm.ActionsEnabled !== false,
  }));
}

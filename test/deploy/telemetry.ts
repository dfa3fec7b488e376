/** Telemetry of the watched account, as AWS delivers it: to the bucket, to the bus, to CloudWatch. */
import { PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { gz, V2, v2 } from "../support/flow-log";
import { plainPath } from "../support/story";
import { asRole, trailRecord } from "../support/trail";
import type { Clients } from "./clients";
import { FUNCTION, type Interface } from "./watched-account";

/** Puts a flow log object in which the function's interface talks to a database at `at` (seconds since 1970). */
export async function deliverFlowLog(
  { s3 }: Clients,
  Bucket: string,
  { from, to, at }: { from: Interface; to: Interface; at: number },
): Promise<void> {
  const Body = gz(V2, v2({ eni: from.id, from: from.address, to: to.address, at }));
  await s3.send(new PutObjectCommand({ Bucket, Key: plainPath(at), Body }));
}

/** Puts events of CloudTrail on the bus, as CloudTrail does; ten at most. */
export async function deliverEvents(
  { events }: Clients,
  ...records: Record<string, unknown>[]
): Promise<void> {
  const answer = await events.send(
    new PutEventsCommand({
      Entries: records.map((record) => ({
        Source: `aws.${String(record.eventSource).split(".")[0]}`,
        DetailType: "AWS API Call via CloudTrail",
        Detail: JSON.stringify(record),
      })),
    }),
  );
  if (answer.FailedEntryCount !== 0) throw new Error(`PutEvents: ${JSON.stringify(answer.Entries)}`);
}

/** The record of a call that changes the function; by the pipeline that deploys it, where nothing else is said. */
export const functionChange = (
  eventName: string,
  at: number,
  requestParameters: object = {},
  userIdentity: object = asRole(),
) =>
  trailRecord(at, eventName, {
    eventSource: "lambda.amazonaws.com",
    userIdentity,
    requestParameters: { functionName: FUNCTION, ...requestParameters },
  });

/** Puts invocations, one point for each five minutes from `from` on. */
export async function deliverInvocations(
  { cloudWatch }: Clients,
  from: number,
  counts: readonly number[],
): Promise<void> {
  await cloudWatch.send(
    new PutMetricDataCommand({
      Namespace: "AWS/Lambda",
      MetricData: counts.map((Value, i) => ({
        MetricName: "Invocations",
        Dimensions: [{ Name: "FunctionName", Value: FUNCTION }],
        Timestamp: new Date((from + i * 300) * 1000),
        Value,
        Unit: "Count",
      })),
    }),
  );
}

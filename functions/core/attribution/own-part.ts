/**
 * Plumbline's own parts, by their names: CloudFormation names what it makes after the stack. What has no such name (a key,
 * an event source mapping of its own) is not told.
 */
import { flagAt, type JsonFields, textAt } from "../telemetry/json-fields";
import type { TrailEvent } from "../telemetry/trail-event";
import { functionArnOf } from "./function-arn";
import { functionNameOf } from "./snapshot";

interface PartAction {
  /** What it is done to, and the field that names it. */
  readonly what: string;
  readonly field: string;
  /** Where it takes something away only with some parameters. */
  readonly when?: (request: JsonFields) => boolean;
}

const rule = { what: "rule", field: "name" };
const queue = { what: "queue", field: "queueUrl" };
const table = { what: "table", field: "tableName" };
const topic = { what: "topic", field: "topicArn" };
const bucket = { what: "bucket", field: "bucketName" };
const code = { what: "function", field: "functionName" };
const role = { what: "role", field: "roleName" };

/** What can take away a part, or what it does. */
const ACTIONS: ReadonlyMap<string, PartAction> = new Map<string, PartAction>([
  ["events DeleteRule", rule],
  ["events DisableRule", rule],
  ["events PutRule", rule],
  ["events RemoveTargets", { what: "rule", field: "rule" }],
  ["sqs DeleteQueue", queue],
  ["sqs PurgeQueue", queue],
  ["sqs SetQueueAttributes", queue],
  ["dynamodb DeleteTable", table],
  ["dynamodb UpdateTable", table],
  ["sns DeleteTopic", topic],
  ["sns SetTopicAttributes", topic],
  ["sns Unsubscribe", { what: "topic", field: "subscriptionArn" }],
  ["s3 DeleteBucket", bucket],
  ["s3 PutBucketNotification", bucket],
  ["s3 PutBucketLifecycle", bucket],
  ["s3 PutBucketLifecycleConfiguration", bucket],
  ["s3 PutBucketPolicy", bucket],
  ["s3 DeleteBucketPolicy", bucket],
  ["lambda DeleteFunction", code],
  ["lambda UpdateFunctionCode", code],
  ["lambda UpdateFunctionConfiguration", code],
  ["lambda DeleteEventSourceMapping", code],
  ["lambda UpdateEventSourceMapping", { ...code, when: (request) => flagAt(request, "enabled") === false }],
  [
    "lambda PutFunctionConcurrency",
    { ...code, when: ({ reservedConcurrentExecutions: most }) => most === 0 || most === "0" },
  ],
  ["iam DeleteRolePolicy", role],
  ["iam DetachRolePolicy", role],
]);

/** `queue Plumbline-Trail`: the part that an event changed otherwise than by its own deployment; `null` where it is none. */
export function changedPart(event: TrailEvent, stackName: string): string | null {
  const { service, action, request } = event;
  if (service === "cloudformation" && action === "DeleteStack") {
    // CloudFormation deletes the parts after it, so this is the one to tell.
    return nameIn(textAt(request, "stackName", 400)) === stackName ? `stack ${stackName}` : null;
  }
  const { what, field, when } = ACTIONS.get(`${service} ${action}`) ?? {};
  if (what === undefined || field === undefined || when?.(request) === false) return null;
  const name = what === "function" ? functionIn(event) : nameIn(textAt(request, field, 400));
  // Buckets are named in small letters.
  const isOwn = name?.toLowerCase().startsWith(`${stackName}-`.toLowerCase());
  return isOwn && !isByDeployment(event, stackName) ? `${what} ${name}` : null;
}

/** CloudFormation, or the function by which CDK tells a bucket whom to notify. */
function isByDeployment({ identity, sourceIp, action }: TrailEvent, stackName: string): boolean {
  if (identity.invokedBy === CLOUDFORMATION || sourceIp === CLOUDFORMATION) return true;
  const roleName = identity.roleArn?.split("/").at(-1) ?? "";
  return action === "PutBucketNotification" && roleName.startsWith(`${stackName}-BucketNotificationsHandler`);
}

const CLOUDFORMATION = "cloudformation.amazonaws.com";

function functionIn(event: TrailEvent): string | null {
  const arn =
    functionArnOf(textAt(event.request, "functionName", 400), event) ??
    functionArnOf(textAt(event.response, "functionArn", 400), event);
  return arn === null ? null : functionNameOf(arn);
}

/** The name in an ARN or a URL: of a stack, a table or a topic without what comes after it. */
function nameIn(text: string | null): string | null {
  if (text === null) return null;
  const arn = /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(?:stack\/|table\/|rule\/)?([^:/]+)/.exec(text);
  return arn?.[1] ?? text.split("/").at(-1) ?? null;
}

/**
 * Which calls change a function, or what Plumbline sees and works by: the names that the EventBridge rules ask for, and
 * that are looked for in files. Without the dates that some names carry (`UpdateFunctionCode20150331v2`).
 */
import type { TrailEvent } from "./trail-event";

/** By service, as `eventSource` has it without `.amazonaws.com`. */
export const FUNCTION_CHANGES = {
  lambda: [
    "CreateFunction",
    "DeleteFunction",
    "UpdateFunctionCode",
    "UpdateFunctionConfiguration",
    "AddPermission",
    "RemovePermission",
    "CreateFunctionUrlConfig",
    "UpdateFunctionUrlConfig",
    "DeleteFunctionUrlConfig",
    "CreateEventSourceMapping",
    "UpdateEventSourceMapping",
    "DeleteEventSourceMapping",
    "PutFunctionConcurrency",
  ],
  iam: ["AttachRolePolicy", "PutRolePolicy", "UpdateAssumeRolePolicy"],
} as const satisfies Record<string, readonly string[]>;

export const TELEMETRY_CHANGES = {
  ec2: ["DeleteFlowLogs"],
  cloudtrail: ["StopLogging", "StartLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors"],
  events: ["DeleteRule", "DisableRule", "EnableRule", "PutRule", "RemoveTargets"],
  sqs: ["DeleteQueue", "PurgeQueue", "SetQueueAttributes"],
  dynamodb: ["DeleteTable", "UpdateTable"],
  sns: ["DeleteTopic", "SetTopicAttributes", "Unsubscribe"],
  s3: [
    "DeleteBucket",
    "PutBucketNotification",
    "PutBucketLifecycle",
    "PutBucketLifecycleConfiguration",
    "PutBucketPolicy",
    "DeleteBucketPolicy",
  ],
  iam: ["DeleteRolePolicy", "DetachRolePolicy"],
  cloudformation: ["DeleteStack"],
} as const satisfies Record<string, readonly string[]>;

const callsIn = (changes: Readonly<Record<string, readonly string[]>>): ReadonlySet<string> =>
  new Set(
    Object.entries(changes).flatMap(([service, actions]) => actions.map((action) => `${service} ${action}`)),
  );
const functionChanges = callsIn(FUNCTION_CHANGES);
const watchedChanges = new Set([...functionChanges, ...callsIn(TELEMETRY_CHANGES)]);

type Called = Pick<TrailEvent, "service" | "action">;

/** Whether a call changes a function or its role. */
export const isFunctionChange = ({ service, action }: Called): boolean =>
  functionChanges.has(`${service} ${action}`);

/** Whether a call is a change that is watched at all. */
export const isWatchedChange = ({ service, action }: Called): boolean =>
  watchedChanges.has(`${service} ${action}`);

/** Whether it is one that changes what a function runs, or how. */
export const isDeploy = ({ service, action }: Called): boolean =>
  service === "lambda" && (action === "UpdateFunctionCode" || action === "UpdateFunctionConfiguration");

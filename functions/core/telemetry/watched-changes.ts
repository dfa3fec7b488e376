/**
 * Which calls change a function, or what Plumbline sees and works by: the names that the EventBridge rules ask for, and
 * that are looked for in files. Without the dates that some names carry (`UpdateFunctionCode20150331v2`).
 */

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
  kms: ["DisableKey", "ScheduleKeyDeletion"],
  cloudformation: ["DeleteStack"],
} as const satisfies Record<string, readonly string[]>;

const watched = new Map<string, ReadonlySet<string>>(
  [...Object.entries(FUNCTION_CHANGES), ...Object.entries(TELEMETRY_CHANGES)].map(([service, actions]) => [
    service,
    new Set<string>(actions),
  ]),
);

/** Whether a call is one of those. */
export const isWatchedChange = ({ service, action }: { service: string; action: string }): boolean =>
  watched.get(service)?.has(action) ?? false;

/** Whether it is one that changes what a function runs, or how. */
export const isDeploy = ({ service, action }: { service: string; action: string }): boolean =>
  service === "lambda" && (action === "UpdateFunctionCode" || action === "UpdateFunctionConfiguration");

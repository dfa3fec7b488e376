/**
 * Sees: flow logs, trails, and Plumbline's own parts switched off, emptied or deleted.
 * Why: who is about to do something first turns off what would tell of it.
 * Plumbline's own deployment, by CloudFormation, may change its parts; deleting the stack is told all the same.
 */
import { ruleOf, trailOf } from "../attribution/grant";
import { fieldsOf, listOf, textAt } from "../telemetry/json-fields";
import type { TrailEvent } from "../telemetry/trail-event";
import { ending, plainSighting } from "./change-sighting";
import type { ChangeDetector } from "./detector";

interface Loss {
  /** What is lost, by its name. */
  readonly thing: string;
  readonly score: number;
  readonly why: string;
}

export const telemetryDisabled: ChangeDetector = {
  type: "TelemetryDisabled",
  judges: "change",
  source: "trail",
  title: "Flow logs, a trail or a part of Plumbline cut off",
  severity: "high",
  misses:
    "A trail that is starved by its bucket or its key; what is switched off in another Region; changes of Plumbline's permissions; whatever comes after the trail itself is off.",
  reference: "https://attack.mitre.org/techniques/T1562/008/",
  mitre: ["T1562.008"],
  lookAt: "Switch it on again, then look at everything that whoever did it called since.",
  detect(change, baseline, { entity, config }) {
    const { event } = change;
    // Each change is told to the account; those of functions, to the function as well.
    if (entity.functionArn !== null) return "normal";
    if (event.service === "cloudtrail" && event.action === "StartLogging")
      return ending(change, trailOf(event));
    if (event.service === "events" && event.action === "EnableRule") return ending(change, ruleOf(event));
    return lossesOf(event, config.stackName).map(({ thing, score, why }) =>
      plainSighting(
        change,
        {
          deviation: thing,
          score,
          title: `${event.action} by ${change.by.name}: ${thing}`,
          detail: `${event.action} of ${thing}`,
          reasons: [why],
        },
        baseline,
      ),
    );
  },
};

function lossesOf(event: TrailEvent, stackName: string): Loss[] {
  const { service, action, request } = event;
  switch (`${service} ${action}`) {
    case "ec2 DeleteFlowLogs":
      return flowLogsIn(request).map((id) => ({
        thing: `flow log ${id}`,
        score: 8,
        why: "Connections in what it covered are no longer seen.",
      }));
    case "cloudtrail StopLogging":
    case "cloudtrail DeleteTrail":
      return [
        {
          thing: trailOf(event),
          score: 9,
          why: "Calls and changes are no longer seen, unless another trail records them.",
        },
      ];
    case "cloudtrail UpdateTrail": {
      const off = ["isMultiRegionTrail", "includeGlobalServiceEvents"].filter(
        (name) => request[name] === false,
      );
      return off.length === 0
        ? []
        : [{ thing: trailOf(event), score: 5, why: `It was told to record less: ${off.join(", ")} is off.` }];
    }
    case "cloudtrail PutEventSelectors":
      return selectorLoss(event);
    default:
      return ownLoss(event, stackName);
  }
}

/** Ids come as text, as a list, or as the XML of EC2 turned into objects. */
function flowLogsIn(request: unknown, depth = 0): string[] {
  if (typeof request === "string") return /^fl-[0-9a-f]{1,40}$/.test(request) ? [request] : [];
  if (depth > 5) return [];
  const parts = Array.isArray(request) ? listOf(request) : Object.values(fieldsOf(request)).slice(0, 100);
  return [...new Set(parts.flatMap((part) => flowLogsIn(part, depth + 1)))].slice(0, 100);
}

/** Selectors that leave out management events, or those that only read. */
function selectorLoss(event: TrailEvent): Loss[] {
  const basic = listOf(event.request.eventSelectors).map(fieldsOf);
  const advanced = listOf(event.request.advancedEventSelectors).map(fieldsOf);
  if (basic.length + advanced.length === 0) return [];
  const kept = basic.filter((one) => one.includeManagementEvents !== false);
  const keptAdvanced = advanced.filter((one) =>
    JSON.stringify(one).slice(0, 20_000).includes('"Management"'),
  );
  const thing = trailOf(event);
  if (kept.length + keptAdvanced.length === 0)
    return [
      {
        thing,
        score: 8,
        why: "Its selectors leave out management events: calls and changes are no longer seen.",
      },
    ];
  const readsAll =
    keptAdvanced.length > 0 || kept.some((one) => (textAt(one, "readWriteType") ?? "All") === "All");
  return readsAll
    ? []
    : [{ thing, score: 5, why: "Its selectors leave out a part of the management events." }];
}

/** What is done to parts of Plumbline, by the field that names the part. */
const OWN_PARTS: Readonly<Record<string, readonly [what: string, field: string]>> = {
  "events DeleteRule": ["rule", "name"],
  "events DisableRule": ["rule", "name"],
  "events RemoveTargets": ["rule", "rule"],
  "sqs DeleteQueue": ["queue", "queueUrl"],
  "sqs PurgeQueue": ["queue", "queueUrl"],
  "sqs SetQueueAttributes": ["queue", "queueUrl"],
  "dynamodb DeleteTable": ["table", "tableName"],
  "dynamodb UpdateTable": ["table", "tableName"],
  "sns DeleteTopic": ["topic", "topicArn"],
  "sns SetTopicAttributes": ["topic", "topicArn"],
  "sns Unsubscribe": ["topic", "subscriptionArn"],
  "s3 DeleteBucket": ["bucket", "bucketName"],
  "s3 PutBucketNotification": ["bucket", "bucketName"],
  "s3 PutBucketLifecycle": ["bucket", "bucketName"],
  "s3 PutBucketLifecycleConfiguration": ["bucket", "bucketName"],
  "s3 PutBucketPolicy": ["bucket", "bucketName"],
  "s3 DeleteBucketPolicy": ["bucket", "bucketName"],
  "lambda DeleteFunction": ["function", "functionName"],
  "lambda UpdateFunctionCode": ["function", "functionName"],
  "lambda UpdateFunctionConfiguration": ["function", "functionName"],
  "lambda PutFunctionConcurrency": ["function", "functionName"],
  "lambda DeleteEventSourceMapping": ["function", "functionName"],
  "iam DeleteRolePolicy": ["role", "roleName"],
  "iam DetachRolePolicy": ["role", "roleName"],
  "cloudformation DeleteStack": ["stack", "stackName"],
};
const SCORE_OF_OWN = 8;

function ownLoss(event: TrailEvent, stackName: string): Loss[] {
  const call = `${event.service} ${event.action}`;
  const [what, field] = (Object.hasOwn(OWN_PARTS, call) && OWN_PARTS[call]) || [];
  if (what === undefined || field === undefined) return [];
  const isStack = what === "stack";
  if (!isStack && isByDeployment(event)) return [];
  const answered = textAt(event.response, "functionArn", 400);
  const name = nameIn(textAt(event.request, field, 400) ?? (field === "functionName" ? answered : null));
  const isOwn = name !== null && (isStack ? name === stackName : isPartOf(name, stackName));
  if (!isOwn) return [];
  const why =
    "It is a part of Plumbline, and its own deployment did not do it: what is to be found may no longer be.";
  return [{ thing: `${what} ${name}`, score: SCORE_OF_OWN, why: isStack ? "It is Plumbline itself." : why }];
}

const isByDeployment = ({ identity, sourceIp }: TrailEvent) =>
  identity.invokedBy === "cloudformation.amazonaws.com" || sourceIp === "cloudformation.amazonaws.com";

/** CloudFormation names what it makes after the stack; buckets, in small letters. */
const isPartOf = (name: string, stackName: string) =>
  name.toLowerCase().startsWith(`${stackName.toLowerCase()}-`);

/** The name in an ARN or a URL: of a function or a topic without what comes after it. */
function nameIn(text: string | null): string | null {
  if (text === null) return null;
  const arn = /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(?:function:|stack\/|table\/|rule\/)?([^:/]+)/.exec(text);
  return arn?.[1] ?? text.split("/").at(-1)?.split(":")[0] ?? null;
}

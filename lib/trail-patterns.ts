/** Which events of CloudTrail are asked for. EventBridge delivers all that match, so they are narrow. */
import type { EventPattern } from "aws-cdk-lib/aws-events";
import { GLOBAL_SERVICES } from "../functions/core/telemetry/global-services";
import { FUNCTION_CHANGES, TELEMETRY_CHANGES } from "../functions/core/telemetry/watched-changes";

/** Some calls of the console have no public API, and a type of their own. */
const DETAIL_TYPE = ["AWS API Call via CloudTrail", "AWS Console Action via CloudTrail"];
const absent = [{ exists: false }];
/** Data events (each object read, each item written) would be a flood. */
const MANAGEMENT = { managementEvent: [true] };

/** A caller with a role's session that is none of `ownArns`; calls that a service makes in its name are left out. */
const caller = (ownArns: readonly string[]) => ({
  type: ["AssumedRole"],
  invokedBy: absent,
  ...(ownArns.length > 0 && { sessionContext: { sessionIssuer: { arn: [{ "anything-but": ownArns }] } } }),
});

/** Calls with credentials that were issued to a function, as AWS says since 2025. */
export const functionCalls = (ownArns: readonly string[]): EventPattern => ({
  detailType: DETAIL_TYPE,
  detail: {
    ...MANAGEMENT,
    userIdentity: { ...caller(ownArns), inScopeOf: { issuerType: ["AWS::Lambda::Function"] } },
  },
});

/** Events that do not say so: of sessions that look like Lambda's, which the inventory has to tell from others. */
export const olderFunctionCalls = (ownArns: readonly string[]): EventPattern => ({
  detailType: DETAIL_TYPE,
  detail: {
    ...MANAGEMENT,
    userIdentity: { ...caller(ownArns), inScopeOf: { issuerType: absent } },
    userAgent: [{ wildcard: "*exec-env/AWS_Lambda*" }],
  },
});

/** Invocations that name their interface: data events, where the owner's trail records them. */
export const invocations = (): EventPattern => ({
  detailType: DETAIL_TYPE,
  detail: {
    eventSource: ["lambda.amazonaws.com"],
    eventName: ["Invoke"],
    additionalEventData: { customerEniId: [{ exists: true }] },
  },
});

/** Changes of functions and their roles. Lambda's event names carry API dates, so their beginnings are matched. */
export const functionChanges = (): EventPattern => changes(FUNCTION_CHANGES, (name) => ({ prefix: name }));

/** Changes of flow logs and trails, and of things such as Plumbline is made of. */
export const telemetryChanges = (): EventPattern => changes(TELEMETRY_CHANGES);

/** Calls of functions of one Region that are recorded in us-east-1 only. `functionArns` is how their ARNs begin. */
export const globalCalls = (functionArns: string): EventPattern => ({
  detailType: DETAIL_TYPE,
  detail: {
    eventSource: ["sts", ...GLOBAL_SERVICES].map(sourceOf),
    userIdentity: {
      ...caller([]),
      inScopeOf: {
        issuerType: ["AWS::Lambda::Function"],
        credentialsIssuedTo: [{ prefix: functionArns }],
      },
    },
  },
});

/** Changes that are recorded in us-east-1 only: of roles, and of trails whose home is there. */
export const globalChanges = (): EventPattern =>
  changes({ iam: FUNCTION_CHANGES.iam, cloudtrail: TELEMETRY_CHANGES.cloudtrail });

/** A call that failed changed nothing. */
const changes = (
  names: Readonly<Record<string, readonly string[]>>,
  matching: (name: string) => string | { prefix: string } = (name) => name,
): EventPattern => ({
  detailType: DETAIL_TYPE,
  detail: {
    eventSource: Object.keys(names).map(sourceOf),
    eventName: Object.values(names).flat().map(matching),
    errorCode: absent,
  },
});

const sourceOf = (service: string) => `${service}.amazonaws.com`;

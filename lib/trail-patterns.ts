/** Which events of CloudTrail are asked for. EventBridge delivers all that match, so they are narrow. */
import type { EventPattern } from "aws-cdk-lib/aws-events";
import { GLOBAL_SERVICES } from "../functions/core/telemetry/global-services";
import { FUNCTION_CHANGES, TELEMETRY_CHANGES } from "../functions/core/telemetry/watched-changes";

const DETAIL_TYPE = ["AWS API Call via CloudTrail"];
const absent = [{ exists: false }];

/** A caller with a role's session that is none of `ownArns`; calls that a service makes in its name are left out. */
const caller = (ownArns: readonly string[]) => ({
  type: ["AssumedRole"],
  invokedBy: absent,
  ...(ownArns.length > 0 && { sessionContext: { sessionIssuer: { arn: [{ "anything-but": ownArns }] } } }),
});

/** Calls with credentials that were issued to a function, as AWS says since 2025. */
export const functionCalls = (ownArns: readonly string[], services?: readonly string[]): EventPattern => ({
  detailType: DETAIL_TYPE,
  detail: {
    ...(services && { eventSource: services }),
    userIdentity: { ...caller(ownArns), inScopeOf: { issuerType: ["AWS::Lambda::Function"] } },
  },
});

/** Events that do not say so: of sessions that look like Lambda's, which the inventory has to tell from others. */
export const olderFunctionCalls = (ownArns: readonly string[]): EventPattern => ({
  detailType: DETAIL_TYPE,
  detail: {
    userIdentity: { ...caller(ownArns), inScopeOf: { issuerType: absent } },
    userAgent: [{ wildcard: "*exec-env/AWS_Lambda*" }],
  },
});

/** Changes of functions and their roles. Lambda's event names carry API dates, so their beginnings are matched. */
export const functionChanges = (): EventPattern => ({
  detailType: DETAIL_TYPE,
  detail: {
    eventSource: Object.keys(FUNCTION_CHANGES).map(sourceOf),
    eventName: Object.values(FUNCTION_CHANGES)
      .flat()
      .map((prefix) => ({ prefix })),
    errorCode: absent,
  },
});

/** Changes of flow logs and trails, and of things such as Plumbline is made of. */
export const telemetryChanges = (): EventPattern => ({
  detailType: DETAIL_TYPE,
  detail: {
    eventSource: Object.keys(TELEMETRY_CHANGES).map(sourceOf),
    eventName: Object.values(TELEMETRY_CHANGES).flat(),
    errorCode: absent,
  },
});

/** Calls of functions that are recorded in us-east-1 only, wherever they were made. */
export const globalCalls = (): EventPattern => functionCalls([], ["sts", ...GLOBAL_SERVICES].map(sourceOf));

const sourceOf = (service: string) => `${service}.amazonaws.com`;

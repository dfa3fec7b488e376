/** Which function made a call. */
import type { TrailEvent } from "../telemetry/trail-event";
import { functionArnOf } from "./function-arn";
import type { Inventory } from "./inventory";

export interface Caller {
  readonly functionArn: string;
  /** `null` where it is not told. */
  readonly version: string | null;
}

/**
 * The function with whose credentials a call was made. AWS names it (`inScopeOf`), also where functions share a role. In
 * older events, and only there, the name of the session tells: Lambda uses the function's name, and so may everybody who
 * assumes the role; so the role must be that function's. `null` where no function called: Lambda itself polls queues in
 * sessions named `awslambda_...`, and a service that calls in a function's name does as it was told by a call before.
 */
export function callerOf(event: TrailEvent, inventory: Pick<Inventory, "functionNamed">): Caller | null {
  const { identity } = event;
  if (identity.invokedBy !== null) return null;
  if (identity.issuedTo !== null) {
    const { issuerType, arn, version } = identity.issuedTo;
    const functionArn = issuerType === "AWS::Lambda::Function" ? functionArnOf(arn, event) : null;
    return functionArn === null ? null : { functionArn, version };
  }
  const { sessionName, roleArn } = identity;
  if (sessionName === null || roleArn === null || sessionName.startsWith("awslambda_")) return null;
  // A global service records calls in us-east-1, wherever they were made from.
  const named = inventory.functionNamed(sessionName).find(({ role }) => role === roleArn);
  return named === undefined ? null : { functionArn: named.functionArn, version: null };
}

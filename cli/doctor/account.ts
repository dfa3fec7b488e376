import type { LambdaFunction, Valid } from "../../functions/core/attribution/inventory";
import { reconcile } from "../../functions/core/attribution/reconcile";
import type { Snapshot } from "../../functions/core/attribution/snapshot";
import type { Facts, FunctionState } from "./facts";

/** Functions and Lambda's interfaces of one look at the account, tied together as the inventory does it. */
export const accountOf = (snapshot: Snapshot, at: number): Facts["account"] =>
  accountIn(reconcile([], snapshot, at));

/** The same of what an inventory has stored, as it is now. */
export function accountIn(items: readonly Valid[]): Facts["account"] {
  const current = items.filter(({ validTo }) => validTo === null);
  return {
    functions: current.filter((item) => item.kind === "function"),
    interfaces: current.filter((item) => item.kind === "interface").filter(({ isLambda }) => isLambda),
  };
}

/** Functions that are set to run in a VPC and have no interface there. */
export function withoutInterface({ functions, interfaces }: Facts["account"]): readonly LambdaFunction[] {
  const served = new Set(interfaces.flatMap(({ candidates }) => candidates));
  return functions.filter(
    (one) => one.vpc.length > 0 && !one.managedInstances && !served.has(one.functionArn),
  );
}

/** The same where nobody can be asked for their state. */
export const unserved = (account: Facts["account"]): FunctionState[] =>
  withoutInterface(account).map(({ functionName }) => ({ functionName, state: null, reason: null }));

/** What changes in the stored inventory when the account has been looked at once more. */

import { canonicalJson } from "../canonical";
import { cleanText } from "../text";
import {
  type InventoryItem,
  idOf,
  type LambdaFunction,
  type NetworkInterface,
  type Valid,
} from "./inventory";
import type { Snapshot } from "./snapshot";
import { functionNameOf } from "./snapshot";

/**
 * Compares what is stored as holding with a snapshot taken at `at` (seconds since 1970) and gives the records to
 * write: those that ended, closed at `at`, and those that are new or differ, open from `at`. The same snapshot again
 * gives none.
 */
export function reconcile(stored: readonly Valid[], snapshot: Snapshot, at: number): Valid[] {
  const open = stored.filter((item) => item.validTo === null);
  const functions = snapshot.functions ?? open.filter((item) => item.kind === "function").map(plain);
  const interfaces = snapshot.interfaces ?? open.filter((item) => item.kind === "interface").map(plain);
  const now = new Map(
    [...functions, ...withCandidates(interfaces as NetworkInterface[], functions as LambdaFunction[])].map(
      (item) => [idOf(item), item],
    ),
  );
  const changes: Valid[] = [];
  for (const before of open) {
    const item = now.get(idOf(before));
    if (item !== undefined && canonicalJson(item) === canonicalJson(plain(before))) now.delete(idOf(before));
    // Looked at twice in the same second: the later look replaces the earlier one.
    else if (item === undefined || before.validFrom < at) changes.push({ ...before, validTo: at });
  }
  for (const item of now.values()) changes.push({ ...item, validFrom: at, validTo: null });
  return changes;
}

/**
 * A Lambda interface serves the functions that have its subnet and exactly its set of security groups: AWS makes one
 * interface for each such combination, and shares it.
 * Source: awslabs/aws-support-tools, Lambda/FindEniMappings; docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
function withCandidates(
  interfaces: readonly NetworkInterface[],
  functions: readonly LambdaFunction[],
): NetworkInterface[] {
  const combination = (subnet: string, groups: readonly string[]) => `${subnet} ${groups.join(",")}`;
  const users = new Map<string, Set<string>>();
  for (const { functionArn, vpc } of functions) {
    for (const { subnets, securityGroups } of vpc) {
      for (const subnet of subnets) {
        const key = combination(subnet, securityGroups);
        users.set(key, (users.get(key) ?? new Set()).add(functionArn));
      }
    }
  }
  return interfaces.map((item) => {
    if (!item.isLambda) return item;
    const candidates = [...(users.get(combination(item.subnetId, item.securityGroups)) ?? [])].sort();
    return { ...item, candidates, resource: lambdaResource(item, candidates) };
  });
}

function lambdaResource({ interfaceId }: NetworkInterface, candidates: readonly string[]) {
  const name = candidates.map(functionNameOf).join(" or ") || interfaceId;
  return { type: "Lambda", key: `Lambda:${cleanText(name, 120)}`, name: cleanText(name, 120) };
}

function plain<T extends InventoryItem>({ validFrom: _, validTo: __, ...item }: Valid<T>): InventoryItem {
  return item as unknown as InventoryItem;
}

/** What changes in the stored inventory when the account has been looked at once more. */

import { isSameJson } from "../canonical";
import { cleanText } from "../text";
import {
  type InventoryItem,
  idOf,
  type LambdaFunction,
  type NetworkInterface,
  type Resource,
  type Valid,
} from "./inventory";
import { functionNameOf, type Snapshot } from "./snapshot";

/** Most candidates of one interface that are named: a finding that names them all has to fit into an SNS message. */
const MAX_CANDIDATES = 200;

/**
 * Compares what is stored as holding with a snapshot taken at `at` (seconds since 1970) and gives the records to
 * write: those that ended, closed at `at`, and those that are new or differ, open from `at`. The same snapshot again
 * gives none.
 */
export function reconcile(stored: readonly Valid[], snapshot: Snapshot, at: number): Valid[] {
  const open = stored.filter((item) => item.validTo === null);
  const known = open.map(withoutValidity);
  const functions = snapshot.functions ?? known.filter((item) => item.kind === "function");
  const interfaces = snapshot.interfaces ?? known.filter((item) => item.kind === "interface");
  const served = new Map(
    known.flatMap((item) => (item.kind === "interface" ? [[item.interfaceId, item.candidates]] : [])),
  );
  const now = new Map(
    [...functions, ...withCandidates(interfaces, functions, served)].map((item) => [idOf(item), item]),
  );
  const changes: Valid[] = [];
  for (const before of open) {
    const item = now.get(idOf(before));
    if (item !== undefined && isSameJson(item, withoutValidity(before))) {
      now.delete(idOf(before));
    } else if (item === undefined || before.validFrom < at) {
      // Looked at twice in the same second, an item that differs is replaced by the later look: nothing to close.
      changes.push({ ...before, validTo: at });
    }
  }
  for (const item of now.values()) changes.push({ ...item, validFrom: at, validTo: null });
  return changes;
}

/**
 * A Lambda interface serves the functions that have its subnet and exactly its set of security groups: AWS makes one
 * interface for each such combination, and shares it. Where none has them any more (the function is deleted or moved,
 * the groups were edited) it still carries the traffic of those that it `served`.
 * Source: awslabs/aws-support-tools, Lambda/FindEniMappings; docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
function withCandidates(
  interfaces: readonly NetworkInterface[],
  functions: readonly LambdaFunction[],
  served: ReadonlyMap<string, readonly string[]>,
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
    const found = users.get(combination(item.subnetId, item.securityGroups));
    const candidates = found === undefined ? (served.get(item.interfaceId) ?? []) : [...found].sort();
    return {
      ...item,
      candidates: candidates.slice(0, MAX_CANDIDATES),
      resource: lambdaResource(item, candidates),
    };
  });
}

function lambdaResource({ interfaceId }: NetworkInterface, candidates: readonly string[]): Resource {
  const name = cleanText(candidates.map(functionNameOf).join(" or ") || interfaceId, 120);
  return { type: "Lambda", key: `Lambda:${name}`, name };
}

function withoutValidity({ validFrom: _, validTo: __, ...item }: Valid): InventoryItem {
  return item;
}

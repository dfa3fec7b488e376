/** Whose traffic an interface carries: one function, or a group that flow logs cannot tell apart. */
import { listed } from "../text";
import type { Inventory, NetworkInterface } from "./inventory";
import { functionNameOf } from "./snapshot";

export type Attribution = "certain" | "ambiguous" | "unattributed";

export interface Candidate {
  readonly functionArn: string;
  readonly functionName: string;
  /** Whether it was invoked in the window of the observation; `null` where that is not known. */
  readonly invoked: boolean | null;
}

/** Candidates, and of each what is known of its invocations in two windows: invoked in either, in none, or not known. */
export function mergeCandidates(
  candidates: readonly Candidate[],
  others: readonly Candidate[],
): readonly Candidate[] {
  const known = new Map(others.map(({ functionArn, invoked }) => [functionArn, invoked]));
  return candidates.map((candidate) => {
    const other = known.get(candidate.functionArn) ?? null;
    return { ...candidate, invoked: candidate.invoked || other || (candidate.invoked ?? other) };
  });
}

/** What has a baseline. */
export interface Entity {
  /** The function's ARN, `group:<vpc>:<security groups>`, or `account:<id>:<region>`. */
  readonly id: string;
  readonly attribution: Attribution;
  readonly functionArn: string | null;
  readonly functionName: string | null;
  readonly candidates: readonly Candidate[];
  readonly accountId: string | null;
  readonly region: string | null;
}

/** A function that is known by its ARN, without version. */
export function functionEntity(functionArn: string): Entity {
  const functionName = functionNameOf(functionArn);
  const [, , , region, accountId] = functionArn.split(":");
  return {
    id: functionArn,
    attribution: "certain",
    functionArn,
    functionName,
    candidates: [{ functionArn, functionName, invoked: null }],
    accountId: accountId ?? null,
    region: region ?? null,
  };
}

/** An account in a Region: what was done there to no single function. */
export const accountEntity = (accountId: string, region: string): Entity => ({
  id: `account:${accountId}:${region}`,
  attribution: "certain",
  functionArn: null,
  functionName: null,
  candidates: [],
  accountId,
  region,
});

/** The entity behind a Lambda interface. Its candidates decide: one is certain, several are a group, none is nobody's. */
export function entityOf(item: NetworkInterface): Entity {
  const candidates = item.candidates.map((functionArn) => ({
    functionArn,
    functionName: functionNameOf(functionArn),
    invoked: null,
  }));
  const [first] = candidates;
  const [, , , region, accountId] = first?.functionArn.split(":") ?? [];
  const certain = candidates.length === 1 && first !== undefined;
  return {
    id: certain ? first.functionArn : `group:${item.vpcId}:${item.securityGroups.join(",")}`,
    attribution: certain ? "certain" : first === undefined ? "unattributed" : "ambiguous",
    functionArn: certain ? first.functionArn : null,
    functionName: certain ? first.functionName : null,
    candidates,
    accountId: accountId ?? item.accountId,
    region: region ?? item.region,
  };
}

/** Ids of the groups that share an interface at `at` (seconds since 1970). */
export function groupsIn({ lambdaInterfaces, interfaceAt }: Inventory, at: number): ReadonlySet<string> {
  const entities = [...lambdaInterfaces.keys()].flatMap((id) => {
    const item = interfaceAt(id, at);
    return item === null ? [] : entityOf(item);
  });
  return new Set(entities.filter(({ attribution }) => attribution === "ambiguous").map(({ id }) => id));
}

const MOST_NAMES = 4;

/** An entity as a sentence would name it. */
export function entityName({ functionName, candidates, id, accountId, region }: Entity): string {
  if (functionName !== null) return functionName;
  if (id.startsWith("account:")) return `Account ${accountId} in ${region}`;
  if (candidates.length === 0) return `Unattributed interface (${id})`;
  const names = candidates.map((candidate) => candidate.functionName);
  if (names.length <= MOST_NAMES) return names.join(" or ");
  return `${names.slice(0, MOST_NAMES - 1).join(", ")} or ${names.length - MOST_NAMES + 1} other functions`;
}

/** What a finding has to say of an entity that is not one function for certain; empty for one that is. */
export function attributionNote({ attribution, candidates }: Entity): string {
  if (attribution === "certain") return "";
  if (attribution === "unattributed") {
    return "No function in the inventory has this interface's subnet and security groups; it may be deleted or changed.";
  }
  const invoked = candidates.filter((candidate) => candidate.invoked === true);
  const told =
    invoked.length === 0
      ? ""
      : ` CloudTrail tells of invocations behind it in that hour of ${listed(invoked.map((one) => one.functionName))}.`;
  return `These functions share one network interface, and flow logs cannot tell which of them it was; a security group of its own for each would.${told}`;
}

/**
 * Network ACLs: which entries make one hold exactly the blocks that it shall. Each block takes one rule number of the
 * reserved range in both directions, for ACLs keep no state: what is let out may be answered, and who is let in may
 * answer.
 * Source: docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html, .../amazon-vpc-limits.html
 */
import { plural } from "../text";
import type { ContainmentPolicy } from "./policy";

export interface AclEntry {
  readonly number: number;
  readonly egress: boolean;
  /** As AWS writes it, with its prefix; of either family. */
  readonly cidr: string;
  /** `-1` for all. */
  readonly protocol: string;
  readonly allows: boolean;
}

export interface NetworkAcl {
  readonly aclId: string;
  readonly subnets: readonly string[];
  /** Whether its owner lets it be changed. */
  readonly isTagged: boolean;
  readonly entries: readonly AclEntry[];
}

export interface AclPlan {
  /** To be done first: they make room. */
  readonly remove: readonly AclEntry[];
  readonly create: readonly AclEntry[];
  /** Why some or all of what is wanted cannot be; `null` where it can. */
  readonly refused: string | null;
}

type RuleNumbers = ContainmentPolicy["ruleNumbers"];

/** Rules a direction and family, with the `*` that stands last. A raised quota is not made use of. */
const QUOTA = 20;

/** How many blocks an ACL can hold. */
export const capacityOf = ({ first, last }: RuleNumbers): number => last - first + 1;

/**
 * Plans for an ACL to deny exactly `wanted` (blocks of one address). An entry of the range is Plumbline's own if it denies
 * all that one of `known` sends: targets of any block that this ACL ever had. Others make it refuse to add anything; what
 * is its own and not wanted goes in any case.
 */
export function planAcl(
  { aclId, entries }: NetworkAcl,
  wanted: readonly string[],
  known: ReadonlySet<string>,
  numbers: RuleNumbers,
): AclPlan {
  const inRange = entries.filter(({ number }) => number >= numbers.first && number <= numbers.last);
  const isOwn = ({ cidr, allows, protocol }: AclEntry) => !allows && protocol === "-1" && known.has(cidr);
  const own = inRange.filter(isOwn);
  const foreign = inRange.filter((entry) => !isOwn(entry));
  const slots = new Map<string, number>();
  for (const { cidr, number } of [...own].sort((a, b) => a.number - b.number))
    if (wanted.includes(cidr) && !slots.has(cidr) && isFree(number, cidr, inRange)) slots.set(cidr, number);
  const remove = own.filter(({ cidr, number }) => slots.get(cidr) !== number);
  const refused =
    foreignEntries(aclId, foreign, numbers) ??
    allowBefore(aclId, entries, numbers) ??
    tooMany(aclId, wanted, entries, own, numbers);
  if (refused !== null) return { remove, create: [], refused };
  const kept = inRange.filter((entry) => !remove.includes(entry));
  const taken = new Set([...kept.map(({ number }) => number), ...slots.values()]);
  const free = Array.from({ length: capacityOf(numbers) }, (_, i) => numbers.first + i).filter(
    (number) => !taken.has(number),
  );
  for (const cidr of wanted) if (!slots.has(cidr)) slots.set(cidr, free.shift() as number);
  const create = [...slots].flatMap(([cidr, number]) =>
    [true, false]
      .filter((egress) => !kept.some((entry) => entry.number === number && entry.egress === egress))
      .map((egress) => ({ number, egress, cidr, protocol: "-1", allows: false })),
  );
  return { remove, create, refused: null };
}

/** Whether nothing but `cidr` has a number. */
const isFree = (number: number, cidr: string, entries: readonly AclEntry[]) =>
  entries.every((entry) => entry.number !== number || entry.cidr === cidr);

const foreignEntries = (aclId: string, foreign: readonly AclEntry[], { first, last }: RuleNumbers) =>
  foreign.length === 0
    ? null
    : `${aclId} has ${plural(foreign.length, "entry", "entries")} that Plumbline did not make among its rule numbers ${first} to ${last} (${foreign.map(({ number }) => number).join(", ")}): move them, or set other ruleNumbers.`;

/** Entries are tried in order of their numbers: one that allows in front of the range makes it void. */
function allowBefore(aclId: string, entries: readonly AclEntry[], { last }: RuleNumbers): string | null {
  const allow = entries.find(({ allows, number }) => allows && number < last);
  return allow === undefined
    ? null
    : `${aclId} allows by rule ${allow.number}, which stands in front of Plumbline's rule numbers, so that a block there would be void: set ruleNumbers below it.`;
}

function tooMany(
  aclId: string,
  wanted: readonly string[],
  entries: readonly AclEntry[],
  own: readonly AclEntry[],
  numbers: RuleNumbers,
): string | null {
  const capacity = capacityOf(numbers);
  if (wanted.length > capacity)
    return `${aclId} has room for ${plural(capacity, "block")}, and ${wanted.length} are wanted.`;
  for (const isIpv6 of [false, true]) {
    const ofFamily = (cidr: string) => cidr.includes(":") === isIpv6;
    const more = wanted.filter(ofFamily).length;
    for (const egress of [true, false]) {
      const others = entries.filter(
        (entry) => entry.egress === egress && ofFamily(entry.cidr) && !own.includes(entry),
      );
      if (more > 0 && others.length + more > QUOTA)
        return `${aclId} has ${others.length} rules of its own ${egress ? "outbound" : "inbound"}, and AWS allows ${QUOTA}: ${plural(more, "block")} cannot be added.`;
    }
  }
  return null;
}

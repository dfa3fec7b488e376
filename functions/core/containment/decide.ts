/**
 * Whether something is done about a finding, what, and where. Pure: everything that has to be known comes in. Whatever
 * speaks against it is said, all of it; and it is all or nothing, for a function that is cut off in one subnet only goes
 * on from the other.
 */
import { formatAddress, parseAddress, plainAddress } from "../address";
import type { Finding } from "../finding";
import { groupBy } from "../group";
import { SEVERITIES } from "../severity";
import { listed, plural } from "../text";
import { HOUR, iso } from "../time";
import { type Before, type Block, type BlockOrder, blockId, byAge, holds } from "./block";
import type { Action, Bystander, Containment, Mode } from "./containment";
import { type Forbidden, whyForbidden } from "./forbidden";
import { capacityOf, type NetworkAcl, planAcl } from "./network-acl";
import { ACL_TAG, type ContainmentPolicy } from "./policy";

/** What is asked for: by a rule of the owner's, or by a person. */
export interface Request {
  readonly action: Action;
  readonly mode: Mode;
  readonly by: string;
  readonly isPerson: boolean;
  /** A person says yes although it is not certain which function it was, or others are hit, too. */
  readonly isConfirmed: boolean;
  /** Seconds since 1970. */
  readonly at: number;
  readonly until: number;
}

/** What has to be known of the world. */
export interface Facts {
  readonly forbidden: Omit<Forbidden, "allowList">;
  /** Subnets that the functions of the entity are in. */
  readonly subnets: readonly string[];
  /** Network ACLs of these subnets; `null` where they were not looked at. */
  readonly acls: readonly NetworkAcl[] | null;
  /** IP sets by the family of their addresses; empty where there are none. */
  readonly ipSets: readonly {
    readonly arn: string;
    readonly family: 4 | 6;
    readonly lists: readonly string[];
  }[];
  /** Reserved concurrency of the function; `null` for none, `undefined` where it was not looked at. */
  readonly reservedConcurrency: number | null | undefined;
  readonly bystanders: readonly Bystander[];
  /** All blocks of the table. */
  readonly blocks: readonly Block[];
}

export interface Decision {
  readonly containment: Containment;
  /** What to make; nothing where it is refused. */
  readonly orders: readonly BlockOrder[];
}

/** What a rule of the owner's asks for, given a finding; `null` where none applies. */
export function ruleFor(
  { type, severity }: Pick<Finding, "type" | "severity">,
  policy: ContainmentPolicy,
): { action: Action; mode: Mode } | null {
  const rule = policy.types[type];
  if (rule === undefined) return null;
  const least = rule.minimumSeverity ?? policy.minimumSeverity;
  if (SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(least)) return null;
  return { action: rule.action, mode: rule.mode ?? policy.mode };
}

/** The remote address that a finding is about; `null` where it is about none. */
export function remoteOf({ subject }: Pick<Finding, "subject">): ReturnType<typeof parseAddress> {
  const text = "address" in subject ? subject.address : "sourceIp" in subject ? subject.sourceIp : null;
  const address = text === null ? null : parseAddress(text);
  return address && plainAddress(address);
}

export function decide(
  finding: Finding,
  request: Request,
  facts: Facts,
  policy: ContainmentPolicy,
): Decision {
  const { action, mode } = request;
  const plan = PLANS[action](finding, request, facts, policy);
  const reasons = [
    ...plan.objections,
    ...whoIsMeant(finding, request),
    ...blast(request, facts.bystanders, policy),
    ...undone(plan.orders, request, finding.id, facts.blocks),
    ...pace(plan.orders, request, facts.blocks, policy),
  ];
  const refused = reasons.length === 0 ? null : reasons.join(" ");
  return {
    containment: {
      mode,
      action,
      target: plan.target,
      where: plan.where,
      from: iso(request.at),
      until: iso(request.until),
      blastRadius: action === "stopFunction" ? [] : facts.bystanders,
      refused,
    },
    orders: refused === null ? plan.orders : [],
  };
}

interface Plan {
  readonly target: string;
  readonly where: readonly string[];
  readonly orders: readonly BlockOrder[];
  /** Sentences. */
  readonly objections: readonly string[];
}

type Planner = (finding: Finding, request: Request, facts: Facts, policy: ContainmentPolicy) => Plan;

const PLANS: Record<Action, Planner> = {
  networkAcl(finding, { mode, action }, facts, policy) {
    const { target, objections } = blockable(finding, mode, facts, policy);
    const { subnets, acls } = facts;
    const where = acls === null ? subnets : acls.map(({ aclId }) => aclId);
    const orders = (acls ?? []).map(({ aclId }) => ({ mode, action, resource: aclId, target, before: null }));
    const bare = subnets.filter((subnet) => !acls?.some((acl) => acl.subnets.includes(subnet)));
    return {
      target,
      where,
      orders,
      objections: [
        ...objections,
        ...(subnets.length === 0
          ? ["No subnet is known of the function, so there is no network ACL to change."]
          : []),
        ...(acls !== null && bare.length > 0 ? [`No network ACL was found for ${listed(bare)}.`] : []),
        ...(acls ?? []).flatMap((acl) => aclObjection(acl, target, facts.blocks, policy) ?? []),
      ],
    };
  },

  ipSet(finding, { mode, action }, facts, policy) {
    const { target, objections } = blockable(finding, mode, facts, policy);
    const family = target.includes(":") ? 6 : 4;
    const sets = facts.ipSets.filter((set) => set.family === family);
    return {
      target,
      where: sets.map(({ arn }) => arn),
      orders: sets.map(({ arn, lists }) => ({
        mode,
        action,
        resource: arn,
        target,
        before: { wasListed: lists.includes(target) },
      })),
      objections: [...objections, ...(sets.length === 0 ? [`There is no IP set for IPv${family}.`] : [])],
    };
  },

  stopFunction(
    { functionArn, functionName, entity },
    { mode, action },
    { reservedConcurrency },
    { stoppable },
  ) {
    const target = functionArn ?? entity;
    const before: Before = { reservedConcurrency: reservedConcurrency ?? null };
    return {
      target,
      where: [target],
      orders: functionArn === null ? [] : [{ mode, action, resource: functionArn, target, before }],
      objections: [
        ...(functionArn === null
          ? ["Only one function can be stopped, and it is not certain which it was."]
          : []),
        ...(functionName !== null && !stoppable.includes(functionName)
          ? [`${functionName} is not among the functions that may be stopped (stoppable).`]
          : []),
      ],
    };
  },
};

/** The remote address as a target, and what speaks against it. */
function blockable(
  finding: Finding,
  mode: Mode,
  { forbidden }: Facts,
  { allowList }: ContainmentPolicy,
): Pick<Plan, "target" | "objections"> {
  const address = remoteOf(finding);
  if (address === null)
    return {
      target: finding.entity,
      objections: ["The finding tells of no remote address that could be blocked."],
    };
  const why = whyForbidden(address, { ...forbidden, allowList });
  const isUnsure = mode === "enforce" && forbidden.awsRanges.syncToken === null;
  return {
    target: `${formatAddress(address)}/${address.family === 4 ? 32 : 128}`,
    objections: [
      ...(why === null ? [] : [why]),
      ...(isUnsure ? ["AWS's own addresses are not known yet, so that this may be one of them."] : []),
    ],
  };
}

/** What the ACL itself has against one more block. */
function aclObjection(
  acl: NetworkAcl,
  target: string,
  blocks: readonly Block[],
  { ruleNumbers, whenFull }: ContainmentPolicy,
): string | null {
  if (!acl.isTagged) return `${acl.aclId} has no tag ${ACL_TAG.key}=${ACL_TAG.value}, so it is not changed.`;
  const own = blocks.filter((block) => block.resource === acl.aclId && block.mode === "enforce");
  const standing = own.filter(holds).sort(byAge);
  const others = standing.filter((block) => block.target !== target).map((block) => block.target);
  const capacity = capacityOf(ruleNumbers);
  if (whenFull === "refuse" && others.length >= capacity)
    return `All ${plural(capacity, "rule number")} for blocks in ${acl.aclId} are taken.`;
  const known = new Set([...own.map((block) => block.target), target]);
  // Were it full, the oldest would give way.
  const wanted = [...others.slice(Math.max(0, others.length - capacity + 1)), target];
  return planAcl(acl, wanted, known, ruleNumbers).refused;
}

function whoIsMeant({ attribution, candidates }: Finding, { isConfirmed }: Request): string[] {
  if (attribution === "certain" || isConfirmed) return [];
  const names = candidates.map(({ functionName }) => functionName);
  return [
    names.length === 0
      ? "It is not known which function it was."
      : `It is not certain which function it was (${listed(names)}): a person has to say yes.`,
  ];
}

function blast(
  { action, isConfirmed }: Request,
  bystanders: readonly Bystander[],
  { maxBlast }: ContainmentPolicy,
): string[] {
  if (action === "stopFunction" || isConfirmed || bystanders.length <= maxBlast) return [];
  const names = bystanders.map(({ functionName, lastSeen }) => `${functionName} (last ${lastSeen})`);
  const more = plural(bystanders.length, "other function");
  return [
    `${more} talked to this destination in the last 30 days: ${listed(names)}; maxBlast is ${maxBlast}.`,
  ];
}

/** What a person undid is not done again because of the same finding. */
function undone(
  orders: readonly BlockOrder[],
  { isPerson }: Request,
  finding: string,
  blocks: readonly Block[],
): string[] {
  const ids = new Set(orders.map(blockId));
  const block = blocks.find(
    ({ id, isUndone, findings }) => ids.has(id) && isUndone && findings.includes(finding),
  );
  return isPerson || block === undefined
    ? []
    : [`A person undid this block at ${block.endedAt}: only a person makes it again.`];
}

/** Somebody who can provoke findings must not be able to cut off one destination after the other. */
function pace(
  orders: readonly BlockOrder[],
  { at, isPerson, mode }: Request,
  blocks: readonly Block[],
  { blocksPerHour }: ContainmentPolicy,
): string[] {
  const held = new Set(blocks.filter(holds).map(({ id }) => id));
  if (isPerson || orders.every((order) => held.has(blockId(order)))) return [];
  const recent = blocks.filter(
    (block) => block.isAutomatic && block.mode === mode && block.from > iso(at - HOUR),
  );
  // What is done at one address, or to one function, is one block, in however many ACLs.
  const targets = groupBy(recent, ({ target }) => target).size;
  return targets < blocksPerHour
    ? []
    : [
        `${plural(targets, "block")} were made without a person in the last hour; blocksPerHour is ${blocksPerHour}.`,
      ];
}

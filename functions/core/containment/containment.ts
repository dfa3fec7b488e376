/** What is done about a finding, or would be: a field of the finding, so its names are public. */

import { listed } from "../text";

/** A deny in network ACLs, an address in an IP set of AWS WAF, or a reserved concurrency of 0. */
export const ACTIONS = ["networkAcl", "ipSet", "stopFunction"] as const;
export type Action = (typeof ACTIONS)[number];

/** A dry run writes what would be done; enforcing does it. */
export const MODES = ["dryRun", "enforce"] as const;
export type Mode = (typeof MODES)[number];

/** Another function that a block would hit, because it talks to the destination, too. */
export interface Bystander {
  /** `null` for a group of functions that share an interface. */
  readonly functionArn: string | null;
  readonly functionName: string;
  /** The UTC day on which it last did. */
  readonly lastSeen: string;
}

export interface Containment {
  readonly mode: Mode;
  readonly action: Action;
  /** The address as a block of one, `203.0.113.7/32`, or the ARN of the function. */
  readonly target: string;
  /** Network ACLs, the IP set, or the function; subnets where their ACLs were not looked at. */
  readonly where: readonly string[];
  /** ISO 8601, UTC. */
  readonly from: string;
  readonly until: string;
  readonly blastRadius: readonly Bystander[];
  /** Why nothing is done; `null` where it is. */
  readonly refused: string | null;
}

const DEEDS: Record<Action, (target: string, where: readonly string[]) => string> = {
  networkAcl: (target, where) => `a deny for ${target}, in and out, in the network ACLs of ${listed(where)}`,
  ipSet: (target, where) =>
    `${target} in the IP set ${listed(where)}, which stops it from calling in, not from being called`,
  stopFunction: (target) => `a reserved concurrency of 0 for ${target}`,
};

/** What is done, or would be, or why it is not, in a sentence or two. */
export function containmentText(containment: Containment): string {
  const { mode, action, target, where, from, until, blastRadius, refused } = containment;
  const deed = DEEDS[action](target, where);
  if (refused !== null) return `no: ${deed} was refused. ${refused}`;
  const others = blastRadius.map(({ functionName, lastSeen }) => `${functionName} (last ${lastSeen})`);
  const hit = others.length === 0 ? "" : ` It hits ${listed(others)}, too.`;
  return `${mode === "dryRun" ? "dry run, would be " : ""}${deed}, from ${from} until ${until}.${hit}`;
}

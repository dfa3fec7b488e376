/**
 * A block: one target cut off at one place, from a time to a time, with the story of it. The record comes first and says
 * what shall be; what is really there is then made to match, and confirmed. So a crash between any two steps leaves
 * something that the next run can finish.
 */
import { findingId } from "../finding";
import { iso } from "../time";
import type { Action, Mode } from "./containment";

/** What was there before, to be put back. */
export type Before =
  /** `null`: the function had no reserved concurrency. */
  | { readonly reservedConcurrency: number | null }
  /** The owner had the address in the IP set already. */
  | { readonly wasListed: boolean };

export interface Audit {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** `finding <id>`, `schedule`, or the ARN of a person. */
  readonly by: string;
  readonly what: string;
}

export interface BlockOrder {
  readonly mode: Mode;
  readonly action: Action;
  /** Id of a network ACL, ARN of an IP set or of a function. */
  readonly resource: string;
  /** `203.0.113.7/32`; for a function that is stopped, its ARN. */
  readonly target: string;
  readonly before: Before | null;
}

export interface Block extends BlockOrder {
  readonly id: string;
  /** Findings that it answers. */
  readonly findings: readonly string[];
  readonly from: string;
  readonly until: string;
  /** When it was found to be there; `null` until then. */
  readonly confirmedAt: string | null;
  /** When it was ended, by time or by whom; `null` while it holds. */
  readonly endedAt: string | null;
  /** When it was found to be gone; `null` until then. */
  readonly removedAt: string | null;
  /** Whether a person ended it: what a finding asks for again stays undone. */
  readonly isUndone: boolean;
  /** Whether nobody asked for it but a finding. */
  readonly isAutomatic: boolean;
  /** The latest `MAX_AUDITS`. */
  readonly audit: readonly Audit[];
}

/** Who asks for a block, and why. */
export interface Asking {
  readonly by: string;
  readonly isPerson: boolean;
  /** The finding that it answers, if there is one. */
  readonly finding: string | null;
  /** Seconds since 1970. */
  readonly at: number;
  readonly until: number;
}

const MAX_AUDITS = 50;
const MAX_FINDINGS = 20;

/** The same target at the same place is one block, whoever asks for it how often. A dry run's is another one. */
export const blockId = ({ mode, action, resource, target }: Omit<BlockOrder, "before">): string =>
  findingId(`${mode} ${action}`, resource, target);

/** Whether it shall be there. */
export const holds = ({ endedAt }: Pick<Block, "endedAt">): boolean => endedAt === null;

/** Whether it is done with: ended, and found to be gone. Nothing is there in a dry run. */
export const isSettled = ({ mode, endedAt, removedAt }: Block): boolean =>
  mode === "dryRun" || (endedAt !== null && removedAt !== null);

/** A block as ordered, or one that holds with a further reason and the later end. */
export function orderBlock(stored: Block | null, order: BlockOrder, asking: Asking): Block {
  const finding = asking.finding === null ? [] : [asking.finding];
  if (stored !== null && holds(stored)) {
    const findings = [...new Set([...stored.findings, ...finding])].slice(0, MAX_FINDINGS);
    const until = stored.until > iso(asking.until) ? stored.until : iso(asking.until);
    // Asked for again because of the same finding: a delivery that is repeated, which lengthens nothing.
    if (!asking.isPerson && findings.length === stored.findings.length) return stored;
    return noted({ ...stored, findings, until }, asking.at, asking.by, `kept until ${until}`);
  }
  // While the last one is not yet gone, what is there now is its work, and not what was there before.
  const before = stored !== null && stored.removedAt === null ? stored.before : order.before;
  const block: Block = {
    ...order,
    before,
    id: blockId(order),
    findings: finding,
    from: iso(asking.at),
    until: iso(asking.until),
    confirmedAt: null,
    endedAt: null,
    removedAt: null,
    isUndone: false,
    isAutomatic: !asking.isPerson,
    audit: stored?.audit ?? [],
  };
  return noted(block, asking.at, asking.by, `asked for until ${block.until}`);
}

/** Who ends a block, and why. */
export interface Ending {
  readonly by: string;
  readonly isPerson: boolean;
  readonly why: string;
}

/** A block that shall not be there any more. One that has ended stays as it ended. */
export const endBlock = (stored: Block, at: number, { by, isPerson, why }: Ending): Block =>
  holds(stored) ? noted({ ...stored, endedAt: iso(at), isUndone: isPerson }, at, by, why) : stored;

/** A block whose place was found as it shall be. */
export function confirmBlock(stored: Block, at: number): Block {
  if (holds(stored))
    return stored.confirmedAt === null
      ? noted({ ...stored, confirmedAt: iso(at) }, at, "reconcile", "in place")
      : stored;
  return stored.removedAt === null
    ? noted({ ...stored, removedAt: iso(at) }, at, "reconcile", "removed")
    : stored;
}

/** Blocks whose time is over at `at`. */
export const expired = (blocks: readonly Block[], at: number): Block[] =>
  blocks.filter((block) => holds(block) && block.until <= iso(at));

/** Of blocks that hold, the oldest that are more than `capacity`. */
export const beyond = (blocks: readonly Block[], capacity: number): Block[] => {
  const standing = blocks.filter(holds).sort(byAge);
  return standing.slice(0, Math.max(0, standing.length - capacity));
};

/** Notes something in the story of a block. */
export const noted = (block: Block, at: number, by: string, what: string): Block => ({
  ...block,
  audit: [...block.audit, { at: iso(at), by, what }].slice(-MAX_AUDITS),
});

/** From the one that began first; of two that began at once, in order of their ids. */
export const byAge = (a: Block, b: Block): number =>
  a.from === b.from ? (a.id < b.id ? -1 : 1) : a.from < b.from ? -1 : 1;

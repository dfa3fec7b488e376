/** How far something new stands out: what it is, after how long without anything new, beside how little. */
import { severityOf } from "../severity";
import { plural } from "../text";
import { isoDay } from "../time";

/** `base`, up to 2 for days without anything new, up to 1 for how little is known. */
export interface Standout {
  readonly base: number;
  readonly baseReason: string;
  /** Days since the last thing of this kind was new. */
  readonly quietDays: number;
  /** How many things of this kind are known. */
  readonly known: number;
  /** It was tried, and had no effect. */
  readonly inVain?: string;
}

const FULL_QUIET_DAYS = 14;

export function standoutScore({ base, baseReason, quietDays, known, inVain }: Standout) {
  const quiet = round(2 * Math.min(1, quietDays / FULL_QUIET_DAYS));
  const few = known <= 5 ? 1 : known <= 20 ? 0.5 : 0;
  const score = round(Math.min(10, Math.max(1, base + quiet + few - (inVain === undefined ? 0 : 1))));
  const parts = [
    `${base} for ${baseReason}`,
    `${quiet} for ${plural(quietDays, "day")} without a new one`,
    `${few} for knowing ${known === 0 ? "none" : `only ${known}`}`,
  ].filter((part) => !part.startsWith("0 "));
  const deduction = inVain === undefined ? "" : `, less 1 because ${inVain}`;
  return { score, reason: `Score ${score} (${severityOf(score)}): ${parts.join(", ")}${deduction}.` };
}

/** `since 2026-10-01 (14 days)`, for the history of an entity. */
export const since = (from: number, day: number): string =>
  `since ${isoDay(from)} (${plural(day - from, "day")})`;

export const round = (value: number): number => Math.round(value * 10) / 10;

/**
 * Usage that is off, but too little to be told, counts for more where something else about the function is off within the
 * hour: then it is told, and both are a step graver. Two signs that are weak or doubtful each are hardly both chance.
 * Whichever is told first, what comes of it is the same. Flow logs of a group are no sign of one of its functions.
 */
import type { FindingRecord } from "./finding";
import type { SeverityStep } from "./severity";
import { listed } from "./text";
import { HOUR, iso, secondsOf } from "./time";

/** A finding that another one coincides with. */
export interface Coincidence {
  readonly id: string;
  readonly type: string;
  /** When it began anew, nearest to the other's beginning: seconds since 1970. */
  readonly at: number;
}

/** For how long before a weak signal begins, and after it was last there, another finding coincides with it, in seconds. */
export const COINCIDES_WITHIN = HOUR;
const MAX_COINCIDENCES = 5;

/** What a weak signal weighs: less than anything that is told by itself, and more the nearer it came to that. */
export const weakWeight = (score: number): number => Math.min(1, Math.max(0, score)) - 2;

/** Whether a finding is told only because another one coincides with it. */
export const isWeak = ({ described }: FindingRecord): boolean => described.weight < 0;

/** How often a function is called decides how many run at a time, and how many are throttled: that is one sign, not two. */
const LOAD: Readonly<Record<string, string>> = {
  ConcurrentExecutions: "Invocations",
  Throttles: "Invocations",
};

const sourceOf = ({ subject }: FindingRecord): string | null =>
  "metric" in subject ? (LOAD[subject.metric] ?? subject.metric) : null;

/** Usage comes in order and may be off for days: only its beginning counts. The rest may come in any order. */
const times = ({ subject, occurrences }: FindingRecord): readonly number[] =>
  "metric" in subject ? occurrences.slice(0, 1) : occurrences;

/** Each weak signal of a function with each of its findings that coincides with it. */
export function coincidences(
  weak: readonly FindingRecord[],
  findings: readonly FindingRecord[],
): { readonly signal: FindingRecord; readonly other: FindingRecord; readonly at: number }[] {
  return weak.flatMap((signal) => {
    const from = (secondsOf(signal.firstSeen) ?? 0) - COINCIDES_WITHIN;
    const to = (secondsOf(signal.lastSeen) ?? 0) + COINCIDES_WITHIN;
    return findings.flatMap((other) => {
      const at = times(other).find((one) => from <= one && one <= to);
      const isOther =
        other.id !== signal.id &&
        !isWeak(other) &&
        other.status !== "muted" &&
        (sourceOf(other) === null || sourceOf(other) !== sourceOf(signal));
      return isOther && at !== undefined ? [{ signal, other, at }] : [];
    });
  });
}

/** The union; of one finding, the earliest time. */
export function mergeCoincidences(
  a: readonly Coincidence[] = [],
  b: readonly Coincidence[] = [],
): readonly Coincidence[] {
  const all = new Map<string, Coincidence>();
  for (const one of [...a, ...b]) if (one.at < (all.get(one.id)?.at ?? Infinity)) all.set(one.id, one);
  return [...all.values()].sort((x, y) => x.at - y.at || (x.id < y.id ? -1 : 1)).slice(0, MAX_COINCIDENCES);
}

/** What coinciding findings say of one. Where a usual deploy explains it, it explains them both. */
export function coincidenceStep(
  { coincides = [] }: FindingRecord,
  deploy: SeverityStep | null,
): SeverityStep | null {
  if (coincides.length === 0) return null;
  const others = coincides.map(({ id, type, at }) => `${type} at ${iso(at)} (finding ${id})`);
  return { step: deploy?.step === -1 ? 0 : 1, why: `It coincides, within the hour, with ${listed(others)}` };
}

/** Usage that is off by too little to be told alone, kept for a day in case something else happens within the hour. */
import type { Episode } from "./usage/episode";
import { PERIOD, WEAK } from "./usage/parameters";
import type { Reading } from "./usage/reading";
import { type EpisodeKind, MAX_WEAK, type WeakSignal } from "./usage-facets";

const TOGETHER = WEAK.together * PERIOD;

/** Weak signals with what a line says of the point that ended at `to`; those that are over for a day are forgotten. */
export function withWeak(
  known: readonly WeakSignal[],
  kind: EpisodeKind,
  { score, observed, expected, seconds }: Reading,
  to: number,
): readonly WeakSignal[] {
  const kept = known.every(({ last }) => isKept(last, to))
    ? known
    : known.filter(({ last }) => isKept(last, to));
  if (score < WEAK.score || score >= 1) return kept;
  const signal = { kind, onset: to - seconds, last: to, peak: observed, expected, seconds, score };
  const index = kept.findLastIndex((one) => one.kind === kind && one.last >= signal.onset - TOGETHER);
  const before = kept[index];
  if (before === undefined) return [...kept, signal].slice(-MAX_WEAK);
  const furthest = before.score >= score ? before : signal;
  return kept.with(index, { ...furthest, onset: before.onset, last: to });
}

const isKept = (last: number, now: number) => last > now - WEAK.kept * PERIOD;

/** The onset of the weak signal that an episode grew from, where there is one. */
export const grewFrom = (weak: readonly WeakSignal[], kind: EpisodeKind, { onset, active }: Episode) =>
  active ? weak.findLast((one) => one.kind === kind && one.last >= onset - TOGETHER)?.onset : undefined;

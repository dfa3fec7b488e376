/**
 * Whether a function went silent. A silence is measured in calls that should have come, not in minutes: two quiet hours are
 * nothing at night and much at noon. What is a long silence follows from those that ended by themselves.
 */
import { type Episode, noEpisode, show } from "./episode";
import { LEARNING_POINTS, PERIOD, SILENCE } from "./parameters";
import { halving } from "./surprise";

export interface Silence {
  readonly episode: Episode;
  /** The last point with calls; -1 before any. */
  lastCall: number;
  /** Calls expected since then at the least. */
  missed: number;
  /** The most that were missed before a call came, and the longest silence in points. */
  mostMissed: number;
  longest: number;
  /** Calls that came and that were expected of late, up to the last call: what share of what is expected comes at present. */
  came: number;
  due: number;
  /** Whether a silence is told at this point for the first time. */
  begins: boolean;
}

export const noSilence = (): Silence => ({
  episode: noEpisode(),
  lastCall: -1,
  missed: 0,
  mostMissed: 0,
  longest: 0,
  came: 0,
  due: 0,
  begins: false,
});

const keep = halving(SILENCE.halfLife);

/**
 * Takes a point: `expected` is the least that may be expected of it. What lately came of what was expected scales it, so
 * that a holiday on which few calls come is not a row of silences. `history` is in points, up to the last call.
 */
export function silenceAt(
  silence: Silence,
  slot: number,
  value: number,
  expected: number,
  history: number,
): void {
  silence.begins = false;
  silence.mostMissed *= keep;
  if (value > 0) callCame(silence, slot, value, expected);
  else if (silence.lastCall >= 0) noCallCame(silence, slot, expected, history);
}

function callCame(silence: Silence, slot: number, value: number, expected: number): void {
  if (silence.lastCall >= 0) {
    silence.longest = Math.max(silence.longest, slot - silence.lastCall - 1);
    silence.mostMissed = Math.max(silence.mostMissed, Math.min(silence.missed, neededBy(silence)));
  }
  silence.came = SILENCE.keepsPace * silence.came + Math.min(value, 2 * expected + 1);
  silence.due = SILENCE.keepsPace * silence.due + expected + silence.missed;
  silence.lastCall = slot;
  silence.missed = 0;
  silence.episode.active = false;
}

/** How many calls must be missed: more than ever came late, by a factor. What was told and ended teaches as much as it took. */
const neededBy = (silence: Silence) => Math.max(SILENCE.missed, SILENCE.record * (silence.mostMissed + 1));

function noCallCame(silence: Silence, slot: number, expected: number, history: number): void {
  const length = slot - silence.lastCall;
  const pace = Math.min(1, (silence.came + 1) / (silence.due + 1));
  silence.missed += pace * expected;
  if (history < LEARNING_POINTS || length < SILENCE.least) return;
  const isJob = history >= SILENCE.overdue.history && silence.longest >= SILENCE.overdue.rest;
  const late = isJob ? overdue(silence, length) : 0;
  const far = Math.max(silence.missed / neededBy(silence), late);
  if (far < 1) return;
  const inWork = length <= SILENCE.inWork;
  if (!inWork && length < SILENCE.longest * (silence.longest + 1)) return;
  silence.begins = !silence.episode.active;
  const from = (silence.lastCall + 1) * PERIOD;
  show(silence.episode, from, (slot + 1) * PERIOD, 0, silence.missed, far);
}

/** A job of a few calls that stays out again and again is overdue, however few calls that are: 1 where it is told. */
const overdue = ({ missed, longest }: Silence, length: number) =>
  Math.min(missed / SILENCE.overdue.missed, length / (SILENCE.overdue.times * (longest + 1)));

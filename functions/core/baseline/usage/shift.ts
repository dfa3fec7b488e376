/**
 * The usage line of a duration: whether its level has changed for good. Mining or a slow injected call makes every call
 * longer; a cold start or a slow hour does not. So medians of an hour's points are compared, with the highest hours of two
 * weeks rather than with a mean: what the function did before at its busiest is not new. A point without calls has no
 * duration and is left out.
 */
import { type Episode, noEpisode, settle, show } from "./episode";
import { noOrder, type Order, take } from "./order";
import { HOUR_POINTS, LARGEST, LEARNING, LEARNING_POINTS, PERIOD, SHIFT } from "./parameters";
import { noReading, type Reading } from "./reading";

export interface ShiftLine {
  readonly order: Order;
  readonly shift: Episode;
  /** The last points that had calls, in a ring. */
  readonly recent: Float64Array;
  taken: number;
  /** Median as it stood at the end of each hour (index: hour modulo `SHIFT.hours`), -1 where there was none. */
  readonly medians: Float32Array;
  /** Of these, as they stood when the hour began: how many there are, the middle one, the lowest and the highest but some. */
  known: number;
  usual: number;
  lowest: number;
  highest: number;
  /** Points on end whose median was beyond the bound, and the first of them in seconds. */
  beyond: number;
  since: number;
  readonly reading: Reading;
}

export const shiftLine = (): ShiftLine => ({
  order: noOrder(),
  shift: noEpisode(),
  recent: new Float64Array(SHIFT.points),
  taken: 0,
  medians: new Float32Array(SHIFT.hours).fill(-1),
  known: 0,
  usual: 0,
  lowest: 0,
  highest: 0,
  beyond: 0,
  since: -1,
  reading: noReading(),
});

/** Room to sort in; holds nothing from one point to the next. */
const scratch = new Float64Array(SHIFT.points);
const sorted = new Float32Array(SHIFT.hours);

/** Takes the typical duration of the calls in the `PERIOD` seconds from `at` (seconds since 1970). Returns `line.reading`. */
export function duration(line: ShiftLine, at: number, value: number): Reading {
  const { order, reading, recent, shift } = line;
  const slot = Math.floor(at / PERIOD);
  const previous = order.upTo;
  reading.score = 0;
  reading.begins = false;
  const place = take(order, slot, value);
  if (place === "refused") return reading;
  if (place === "restarted") forget(line);
  else if (previous >= 0) moveTo(line, Math.floor(previous / HOUR_POINTS), Math.floor(slot / HOUR_POINTS));
  recent[line.taken % recent.length] = Math.min(value, LARGEST);
  line.taken++;
  if (line.taken < recent.length) return reading;
  const now = (slot + 1) * PERIOD;
  const median = medianOf(recent);
  const { usual } = line;
  const bound = Math.max(SHIFT.ratio * usual, SHIFT.above * line.highest);
  reading.observed = median;
  reading.expected = usual;
  reading.low = line.lowest;
  reading.high = bound;
  reading.seconds = SHIFT.points * PERIOD;
  const learning = slot - order.since < LEARNING_POINTS || line.known < SHIFT.leastHours;
  if (learning || median <= bound) {
    line.beyond = 0;
    settle(shift, now, LEARNING.lasting * PERIOD);
    return reading;
  }
  if (line.beyond === 0) line.since = slot * PERIOD;
  line.beyond++;
  reading.score = Math.min(1, line.beyond / SHIFT.lasts) * (median / bound);
  if (line.beyond < SHIFT.lasts) return reading;
  reading.begins = !shift.active;
  show(shift, line.since, now, median, usual, median / bound);
  return reading;
}

/** Whether the last point is beyond the bound by itself, and not only in the median with those before it. */
export const isLong = ({ reading, recent, taken }: ShiftLine): boolean =>
  (recent[(taken - 1) % recent.length] as number) > reading.high;

/** Ends the hours up to `hour`. Nothing of a shift is learned before it has lasted for a day. */
function moveTo(line: ShiftLine, previous: number, hour: number): void {
  if (hour === previous) return;
  const { medians, recent } = line;
  for (let skipped = previous + 1; skipped < Math.min(hour, previous + SHIFT.hours); skipped++) {
    medians[skipped % SHIFT.hours] = -1;
  }
  const lasts = line.shift.active && line.order.upTo - line.shift.onset / PERIOD > LEARNING.lasting;
  const teaches = line.taken >= recent.length && (line.beyond === 0 || lasts);
  medians[previous % SHIFT.hours] = teaches ? medianOf(recent) : -1;
  summarise(line);
}

function summarise(line: ShiftLine): void {
  const { medians } = line;
  let known = 0;
  sorted.fill(Number.MAX_SAFE_INTEGER);
  for (let i = 0; i < medians.length; i++) {
    if ((medians[i] as number) >= 0) sorted[known++] = medians[i] as number;
  }
  sorted.sort();
  line.known = known;
  if (known === 0) return;
  line.usual = sorted[known >> 1] as number;
  line.lowest = sorted[Math.min(SHIFT.higher, known - 1)] as number;
  line.highest = sorted[Math.max(0, known - 1 - SHIFT.higher)] as number;
}

function medianOf(values: Float64Array): number {
  scratch.set(values);
  scratch.sort();
  return ((scratch[values.length / 2 - 1] as number) + (scratch[values.length / 2] as number)) / 2;
}

function forget(line: ShiftLine): void {
  line.medians.fill(-1);
  line.shift.active = false;
  line.known = 0;
  line.beyond = 0;
  line.taken = 0;
}

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
  /** The same in ascending order without the unknown, and how many they are; made again every hour. */
  readonly sorted: Float32Array;
  known: number;
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
  sorted: new Float32Array(SHIFT.hours),
  known: 0,
  beyond: 0,
  since: -1,
  reading: noReading(),
});

const scratch = new Float64Array(SHIFT.points);

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
  const usual = at50(line);
  const bound = Math.max(SHIFT.ratio * usual, SHIFT.above * highest(line));
  reading.observed = median;
  reading.expected = usual;
  reading.low = line.sorted[Math.min(SHIFT.higher, line.known - 1)] ?? 0;
  reading.high = bound;
  reading.seconds = SHIFT.points * PERIOD;
  const learning = slot - order.since < LEARNING_POINTS || line.known < SHIFT.leastHours;
  if (learning || median <= bound) {
    line.beyond = 0;
    settle(shift, now, PERIOD);
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

/** Ends the hours up to `hour`. Nothing of a shift is learned before it has lasted for a day. */
function moveTo(line: ShiftLine, previous: number, hour: number): void {
  if (hour === previous) return;
  const { medians, recent } = line;
  for (let skipped = previous + 1; skipped < Math.min(hour, previous + SHIFT.hours); skipped++) {
    medians[skipped % SHIFT.hours] = -1;
  }
  const lasts = line.order.upTo - line.since / PERIOD > LEARNING.lasting;
  const teaches = line.taken >= recent.length && (line.beyond === 0 || lasts);
  medians[previous % SHIFT.hours] = teaches ? medianOf(recent) : -1;
  line.known = 0;
  for (let i = 0; i < medians.length; i++) {
    if ((medians[i] as number) >= 0) line.sorted[line.known++] = medians[i] as number;
  }
  line.sorted.fill(Number.MAX_SAFE_INTEGER, line.known);
  line.sorted.sort();
}

const at50 = (line: ShiftLine) => (line.known === 0 ? 0 : (line.sorted[line.known >> 1] as number));
const highest = (line: ShiftLine) => line.sorted[Math.max(0, line.known - 1 - SHIFT.higher)] as number;

function medianOf(values: Float64Array): number {
  scratch.set(values);
  scratch.sort();
  return ((scratch[values.length / 2 - 1] as number) + (scratch[values.length / 2] as number)) / 2;
}

function forget(line: ShiftLine): void {
  const fresh = shiftLine();
  line.medians.set(fresh.medians);
  line.sorted.set(fresh.sorted);
  Object.assign(line.shift, fresh.shift);
  line.known = 0;
  line.beyond = 0;
  line.taken = 0;
}

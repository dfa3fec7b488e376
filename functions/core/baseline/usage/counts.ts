/**
 * The usage line of a count (invocations, concurrency): how many were expected, by hour of the day and of the week, and
 * whether far more came or none at all. A point that did not come is unknown; whoever knows that nothing happened gives 0.
 * Everything is a number in an array or a field that is written over: a point allocates nothing.
 */
import { type Episode, noEpisode, settle } from "./episode";
import { beginHour, endHour, type Hours, noHours, skipHour } from "./hours";
import { noOrder, type Order, take } from "./order";
import {
  DAY_POINTS,
  HOUR_POINTS,
  LARGEST,
  LEARNING,
  LEARNING_POINTS,
  PERIOD,
  SPIKE,
  WINDOWS,
} from "./parameters";
import { noReading, type Reading } from "./reading";
import { noSilence, type Silence, silenceAt } from "./silence";
import { HOURS_A_WEEK, isPassing, learnNoise, recordNear, watchWindows } from "./spikes";
import { halving } from "./surprise";

export interface CountLine {
  readonly order: Order;
  readonly hours: Hours;
  readonly spike: Episode;
  readonly silence: Silence;
  /** The last hour, point by point (index: slot modulo 12): what came, the middle and the upper expectation; -1 unknown. */
  readonly came: Float32Array;
  readonly middle: Float32Array;
  readonly upper: Float32Array;
  /** By window: what two thirds of all surprise keep within (1 if the noise model explains it all), the largest surprise, the largest sum. */
  readonly spreads: Float64Array;
  readonly record: Float64Array;
  readonly most: Float64Array;
  /** Largest surprise, in tenths, of each of the last 168 hours (index: hour modulo 168). */
  readonly hourRecords: Uint8Array;
  /** The largest of these near this hour of the day. */
  recordNear: number;
  /** Overdispersion `phi` as a quotient of decaying means. */
  excessVariance: number;
  squaredMean: number;
  /** Share of points with calls, slowly forgetting. */
  busy: number;
  /** Points with calls, up to `SPIKE.rare`. */
  calling: number;
  /** Of the current hour: the sum of what was learned, points, and largest surprise. */
  sum: number;
  count: number;
  hourRecord: number;
  readonly reading: Reading;
}

export const countLine = (): CountLine => ({
  order: noOrder(),
  hours: noHours(),
  spike: noEpisode(),
  silence: noSilence(),
  came: new Float32Array(HOUR_POINTS).fill(-1),
  middle: new Float32Array(HOUR_POINTS),
  upper: new Float32Array(HOUR_POINTS),
  spreads: new Float64Array(WINDOWS.length).fill(1),
  record: new Float64Array(WINDOWS.length),
  most: new Float64Array(WINDOWS.length),
  hourRecords: new Uint8Array(HOURS_A_WEEK),
  recordNear: 0,
  excessVariance: 0,
  squaredMean: 0,
  busy: 1,
  calling: 0,
  sum: 0,
  count: 0,
  hourRecord: 0,
  reading: noReading(),
});

const keepBusy = halving(SPIKE.noiseHalfLife);

/** Takes the count of the `PERIOD` seconds from `at` (seconds since 1970). Returns `line.reading`. */
export function count(line: CountLine, at: number, value: number): Reading {
  const { order, reading } = line;
  const slot = Math.floor(at / PERIOD);
  const previous = order.upTo;
  reading.begins = false;
  reading.score = 0;
  const place = take(order, slot, value);
  if (place === "refused") return reading;
  if (place === "restarted") forgetSeason(line);
  moveTo(line, place === "restarted" ? -1 : previous, slot);
  judge(line, slot, Math.min(value, LARGEST));
  return reading;
}

/** Begins the hours up to that of `slot`, and clears the points between. */
function moveTo(line: CountLine, previous: number, slot: number): void {
  const hour = Math.floor(slot / HOUR_POINTS);
  if (previous < 0) {
    beginHour(line.hours, hour);
    return;
  }
  if (slot > previous + 1) line.came.fill(-1);
  for (let last = Math.floor(previous / HOUR_POINTS); last < hour; last++) {
    if (line.count > 0) endHour(line.hours, last, learnable(line, slot));
    else skipHour(line.hours, last);
    line.hourRecords[last % HOURS_A_WEEK] = Math.min(255, Math.round(line.hourRecord * 10));
    line.sum = 0;
    line.count = 0;
    line.hourRecord = 0;
    beginHour(line.hours, last + 1);
    line.recordNear = recordNear(line, last + 1);
  }
}

/** The mean of the hour that ended, within what one hour may teach; what lasts for a day is taken as it is. */
function learnable(line: CountLine, slot: number): number {
  const mean = line.sum / line.count;
  const expected = line.hours.middle[1] as number;
  if (slot - line.order.since <= LEARNING_POINTS || expected < 0) return mean;
  const lasts =
    (line.spike.active && !isPassing(line.spike, slot)) ||
    (line.silence.episode.active && !isPassing(line.silence.episode, slot));
  if (lasts) return mean;
  const room = 3 / HOUR_POINTS;
  return Math.min(LEARNING.most * expected + room, Math.max(LEARNING.least * expected, mean));
}

function judge(line: CountLine, slot: number, value: number): void {
  const { hours, came, middle, upper, order, reading } = line;
  const now = (slot + 1) * PERIOD;
  const level = Math.exp(hours.level);
  // Halfway to the middle of the hour before, or of the next one.
  const other = slot % HOUR_POINTS < HOUR_POINTS / 2 ? 0 : 2;
  const share = Math.abs(((slot % HOUR_POINTS) + 0.5) / HOUR_POINTS - 0.5);
  const expected = mix(hours.middle, other, share) * level;
  // Some hours begin sharply: for the bounds the hour itself counts as well as what lies between.
  const most = Math.max(hours.most[1] as number, mix(hours.most, other, share)) * Math.max(1, level);
  const least =
    Math.min(Math.max(0, hours.least[1] as number), mix(hours.least, other, share)) * Math.min(1, level);
  const index = slot % HOUR_POINTS;
  came[index] = value;
  middle[index] = expected;
  upper[index] = Math.max(most, expected);
  const age = slot - order.since;
  const learning = age < LEARNING_POINTS;
  reading.observed = value;
  reading.expected = expected;
  reading.low = least;
  reading.high = most;
  reading.seconds = PERIOD;
  if (age >= DAY_POINTS && !isPassing(line.spike, slot)) learnNoise(line, value, expected);
  if (age >= 2 * DAY_POINTS) watchWindows(line, slot, learning);
  settle(line.spike, now, SPIKE.over * PERIOD);
  silenceAt(line.silence, slot, value, least, line.silence.lastCall - order.since);
  line.busy = keepBusy * line.busy + (value > 0 ? 1 - keepBusy : 0);
  if (value > 0 && line.calling < SPIKE.rare) line.calling++;
  line.sum += value;
  line.count++;
}

/** Between this hour's value and another's; this hour's where the other has none. */
function mix(values: Float64Array, other: number, share: number): number {
  const here = values[1] as number;
  const there = values[other] as number;
  return here < 0 || there < 0 ? Math.max(0, here) : here + share * (there - here);
}

/** The clock jumped: hours and weekdays mean something else from here on. */
function forgetSeason(line: CountLine): void {
  const fresh = countLine();
  Object.assign(line.hours, fresh.hours);
  for (const key of ["came", "middle", "upper", "spreads", "record", "most"] as const)
    line[key].set(fresh[key]);
  line.hourRecords.fill(0);
  line.sum = 0;
  line.count = 0;
  line.hourRecord = 0;
  line.spike.active = false;
  Object.assign(line.silence, fresh.silence);
}

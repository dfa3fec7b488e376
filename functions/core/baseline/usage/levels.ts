/**
 * The usage line of a level (a duration, a share of memory, any gauge): whether its values, or what is left of them after
 * the hour of the day, have been seen before. It tells the begin of an anomaly once and is then quiet for a while.
 */
import { type LevelList, levelList, novelty } from "./level-list";
import { LARGEST, LEVELS } from "./parameters";

export interface LevelReading {
  /** From 0 to 2: logarithm of novelty over the novelty of late. */
  score: number;
  /** Novelty: a share of the range. */
  novelty: number;
  observed: number;
  expected: number;
  low: number;
  high: number;
}

export interface LevelLine {
  /** Seconds since 1970 of the last value and of the last hour that was judged; -1 before any. */
  upTo: number;
  hour: number;
  /** Values that were refused: late, repeated, or no number. */
  refused: number;
  /** A time that was refused because it lay too far ahead; -1 without one. */
  ahead: number;
  readonly values: LevelList;
  readonly residuals: LevelList;
  readonly ofHours: LevelList;
  readonly ofDays: LevelList;
  /** Mean by hour of the day, and values in it. */
  readonly means: Float64Array;
  readonly counts: Float64Array;
  /** Residuals of late, in a ring of 4 hours, and hourly means of them, in a ring of a day. */
  readonly recent: Float64Array;
  readonly hourly: Float64Array;
  taken: number;
  hours: number;
  hourSum: number;
  hourCount: number;
  /** Novelty of late, forgotten by a two-thousandth a step. */
  restless: number;
  /** The last report: its height, and when; -1 before any. */
  reported: number;
  reportedAt: number;
  readonly reading: LevelReading;
}

export const levelLine = (): LevelLine => ({
  upTo: -1,
  hour: -1,
  refused: 0,
  ahead: -1,
  values: levelList(LEVELS.values.size),
  residuals: levelList(LEVELS.residuals.size),
  ofHours: levelList(LEVELS.residuals.size),
  ofDays: levelList(LEVELS.residuals.size),
  means: new Float64Array(24),
  counts: new Float64Array(24),
  recent: new Float64Array(LEVELS.recent),
  hourly: new Float64Array(24),
  taken: 0,
  hours: 0,
  hourSum: 0,
  hourCount: 0,
  restless: 0,
  reported: 0,
  reportedAt: -1,
  reading: { score: 0, novelty: 0, observed: 0, expected: 0, low: 0, high: 0 },
});

/** Takes the value at `at` (seconds since 1970). Returns `line.reading`. */
export function level(line: LevelLine, at: number, value: number): LevelReading {
  const { reading } = line;
  reading.score = 0;
  reading.novelty = 0;
  if (!isNext(line, at, value)) return reading;
  const x = Math.max(-LARGEST, Math.min(LARGEST, value));
  const hour = Math.floor(at / 3600);
  const expected = line.counts[hour % 24] === 0 ? x : (line.means[hour % 24] as number);
  const residual = x - expected;
  reading.observed = x;
  reading.expected = expected;
  reading.novelty = noveltyOf(line, hour, x, residual);
  reading.low = line.values.low;
  reading.high = line.values.high;
  learnHour(line, hour % 24, x, residual);
  const score = Math.log10(1 + (100 * reading.novelty) / (1 + line.restless));
  line.restless = line.restless * (1 - LEVELS.calms) + reading.novelty;
  reading.score = cooled(line, at, score);
  return reading;
}

function isNext(line: LevelLine, at: number, value: number): boolean {
  const inTime = Number.isSafeInteger(at) && at >= 0 && at > line.upTo;
  const farAhead = line.upTo >= 0 && at - line.upTo > LEVELS.jump;
  const follows = line.ahead >= 0 && at > line.ahead && at - line.ahead <= LEVELS.jump;
  if (!inTime || !Number.isFinite(value) || (farAhead && !follows)) {
    line.refused++;
    if (inTime && Number.isFinite(value)) line.ahead = at;
    return false;
  }
  line.upTo = at;
  line.ahead = -1;
  return true;
}

/** The largest novelty of the value, and of its residual over a point, 4 hours and a day, which count for less. */
function noveltyOf(line: LevelLine, hour: number, value: number, residual: number): number {
  const { recent, hourly } = line;
  const { values, residuals } = LEVELS;
  let most = novelty(line.values, value, values.radius);
  recent[line.taken % recent.length] = residual;
  line.taken++;
  most = Math.max(most, residuals.weight * novelty(line.residuals, residual, residuals.radius));
  if (line.taken >= recent.length) {
    most = Math.max(most, residuals.weight * novelty(line.ofHours, meanOf(recent), residuals.radius));
  }
  if (hour !== line.hour && line.hourCount > 0) {
    hourly[line.hours % hourly.length] = line.hourSum / line.hourCount;
    line.hours++;
    line.hourSum = 0;
    line.hourCount = 0;
    if (line.hours >= hourly.length) {
      most = Math.max(most, residuals.weight * novelty(line.ofDays, meanOf(hourly), residuals.radius));
    }
  }
  line.hour = hour;
  line.hourSum += residual;
  line.hourCount++;
  return most;
}

function learnHour(line: LevelLine, hourOfDay: number, value: number, residual: number): void {
  const count = (line.counts[hourOfDay] as number) + 1;
  line.counts[hourOfDay] = count;
  line.means[hourOfDay] =
    count === 1 ? value : (line.means[hourOfDay] as number) + Math.max(LEVELS.season, 1 / count) * residual;
}

function meanOf(ring: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < ring.length; i++) sum += ring[i] as number;
  return sum / ring.length;
}

/** A report is followed only by higher ones for some hours, then by ever lower ones until a day has passed. */
function cooled(line: LevelLine, at: number, score: number): number {
  if (line.reportedAt >= 0) {
    const hours = (at - line.reportedAt) / 3600;
    const { quiet, fades } = LEVELS;
    const least =
      hours < quiet ? line.reported : (line.reported / 2) * Math.max(0, 1 - (hours - quiet) / fades);
    if (score <= least) return 0;
  }
  if (score > 0) {
    line.reported = score;
    line.reportedAt = at;
  }
  return score;
}

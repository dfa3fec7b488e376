/**
 * The season of a count: the mean of each of the last 336 hours, and from it three predictions of an hour. Each prediction
 * is right for other functions: the mean of the last days for one that does the same every day, of like days for one that
 * rests at weekends, of the same weekday for one with a plan for each. How far each was off tells which to believe.
 */
import { SEASON } from "./parameters";

const DAY = 24;
const WEEK = 168;
export const PREDICTIONS = 3;

export interface Hours {
  /** Calls in a point, mean of an hour, at the hour since 1970 modulo `SEASON.hours`; -1 where unknown. */
  readonly means: Float32Array;
  /** Decaying mean of the squared logarithmic error of each prediction, and how many hours it rests on. */
  readonly errors: Float64Array;
  readonly judged: Float64Array;
  /** What each predicts of this hour; -1 where it cannot. */
  readonly now: Float64Array;
  /** Of the hour before, this one and the next: their weighted mean, the largest good one, the smallest; -1 without any. */
  readonly middle: Float64Array;
  readonly most: Float64Array;
  readonly least: Float64Array;
  /** Logarithm of what lately came to what was predicted. */
  level: number;
  /** Mean of all hours, slowly forgetting: what is expected where nothing else tells. */
  overall: number;
}

export const noHours = (): Hours => ({
  means: new Float32Array(SEASON.hours).fill(-1),
  errors: new Float64Array(PREDICTIONS),
  judged: new Float64Array(PREDICTIONS),
  now: new Float64Array(PREDICTIONS).fill(-1),
  middle: new Float64Array(3).fill(-1),
  most: new Float64Array(3).fill(-1),
  least: new Float64Array(3).fill(-1),
  level: 0,
  overall: -1,
});

const forget = 1 - 0.5 ** (1 / SEASON.errorHalfLife);

/** Logarithm of a mean, where a few calls an hour more or less do not matter. */
const logOf = (mean: number) => Math.log(mean * 12 + SEASON.calls);

/** Room for the predictions of the next hour; holds nothing from one hour to the next. */
const next = new Float64Array(PREDICTIONS);

/** Begins an hour: what was expected of this one becomes what was expected of the one before. */
export function beginHour(hours: Hours, hour: number): void {
  hours.middle[0] = hours.middle[1] as number;
  hours.most[0] = hours.most[1] as number;
  hours.least[0] = hours.least[1] as number;
  predict(hours, hour, hours.now);
  bound(hours, 1, hours.now);
  predict(hours, hour + 1, next);
  bound(hours, 2, next);
}

function bound(hours: Hours, index: number, predictions: Float64Array): void {
  hours.middle[index] = blend(hours, predictions);
  hours.most[index] = largest(hours, predictions);
  hours.least[index] = smallest(predictions);
}

/** Ends an hour: judges the predictions and learns `mean`. */
export function endHour(hours: Hours, hour: number, mean: number): void {
  const expected = hours.middle[1] as number;
  for (let i = 0; i < PREDICTIONS; i++) {
    const predicted = hours.now[i] as number;
    if (predicted < 0) continue;
    const error = Math.min(1.5, Math.abs(logOf(mean) - logOf(predicted)));
    const count = (hours.judged[i] as number) + 1;
    hours.judged[i] = count;
    hours.errors[i] =
      (hours.errors[i] as number) +
      Math.max(forget, 1 / count) * (error * error - (hours.errors[i] as number));
  }
  if (expected >= 0) {
    const off = Math.max(-0.7, Math.min(0.7, logOf(mean) - logOf(expected)));
    hours.level += SEASON.level * (off - hours.level);
  }
  hours.overall = hours.overall < 0 ? mean : hours.overall + 0.02 * (mean - hours.overall);
  hours.means[hour % SEASON.hours] = mean;
}

/** An hour of which nothing is known. */
export function skipHour(hours: Hours, hour: number): void {
  hours.means[hour % SEASON.hours] = -1;
}

/** The mean of predictions, each weighted by the inverse square of its error; -1 without any. */
function blend(hours: Hours, predictions: Float64Array): number {
  let sum = 0;
  let weights = 0;
  for (let i = 0; i < PREDICTIONS; i++) {
    const predicted = predictions[i] as number;
    if (predicted < 0) continue;
    const error = trusted(hours, i);
    const weight = 1 / (error * error);
    sum += weight * predicted;
    weights += weight;
  }
  return weights === 0 ? hours.overall : sum / weights;
}

/** The error that a prediction is trusted to have: one that was hardly tried is taken to be poor. */
function trusted(hours: Hours, i: number): number {
  const tried = hours.judged[i] as number;
  return ((hours.errors[i] as number) * tried + 0.1 * 12) / (tried + 12) + 0.002;
}

/** The largest of the predictions that are as good as the best: more than any of them is far above. */
function largest(hours: Hours, predictions: Float64Array): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < PREDICTIONS; i++) {
    if ((predictions[i] as number) >= 0) best = Math.min(best, trusted(hours, i));
  }
  let most = blend(hours, predictions);
  for (let i = 0; i < PREDICTIONS; i++) {
    if (trusted(hours, i) <= SEASON.heeded * best) most = Math.max(most, predictions[i] as number);
  }
  return most;
}

/** The smallest of all predictions, good or not; 0 without any: what certainly is expected. */
function smallest(predictions: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < PREDICTIONS; i++) {
    if ((predictions[i] as number) >= 0) least = Math.min(least, predictions[i] as number);
  }
  return Number.isFinite(least) ? least : 0;
}

function predict(hours: Hours, hour: number, into: Float64Array): void {
  into[0] = daily(hours, hour);
  into[1] = likeDays(hours, hour);
  into[2] = sameWeekday(hours, hour);
}

/** Mean of an hour; -1 if unknown or not yet over. */
const at = (hours: Hours, hour: number) => hours.means[hour % SEASON.hours] as number;

/** Of the last seven days; without the largest and the smallest once there are five. */
function daily(hours: Hours, hour: number): number {
  let [sum, count, least, most] = [0, 0, Number.POSITIVE_INFINITY, 0];
  for (let day = 1; day <= 7; day++) {
    const mean = at(hours, hour - day * DAY);
    if (mean < 0) continue;
    sum += mean;
    count++;
    least = Math.min(least, mean);
    most = Math.max(most, mean);
  }
  if (count === 0) return -1;
  return count < 5 ? sum / count : (sum - least - most) / (count - 2);
}

/** 1970-01-01 was a Thursday: Saturdays and Sundays, or the others, in UTC. */
const isWeekend = (hour: number) => (Math.floor(hour / DAY) + 3) % 7 >= 5;

/** Of the weekend days, or of the working days, of the last week (two weeks for a weekend). */
function likeDays(hours: Hours, hour: number): number {
  let sum = 0;
  let count = 0;
  const weekend = isWeekend(hour);
  for (let day = 1; day <= (weekend ? 14 : 8); day++) {
    const mean = at(hours, hour - day * DAY);
    if (mean < 0 || isWeekend(hour - day * DAY) !== weekend) continue;
    sum += mean;
    count++;
  }
  return count < 1 ? -1 : sum / count;
}

/** A week and two weeks ago. */
function sameWeekday(hours: Hours, hour: number): number {
  const last = at(hours, hour - WEEK);
  const earlier = at(hours, hour - 2 * WEEK);
  if (last < 0) return -1;
  return earlier < 0 ? last : (last + earlier) / 2;
}

/**
 * The usage line of failures (errors of invocations, throttles of attempts): whether a larger share fails than usual. Twice
 * the calls bring twice the errors, which is no news; so failures are held against the usual share of the attempts made.
 */
import { type Episode, noEpisode, settle, show } from "./episode";
import { noOrder, type Order, take } from "./order";
import {
  HOUR_POINTS,
  LARGEST,
  LEARNING,
  LEARNING_POINTS,
  OFF,
  PERIOD,
  RATE,
  SPIKE,
  WINDOWS,
} from "./parameters";
import { noReading, type Reading } from "./reading";
import { followQuantile, halving, stabilised } from "./surprise";

export interface RateLine {
  readonly order: Order;
  readonly episode: Episode;
  /** The last hour, point by point (index: slot modulo 12); -1 where unknown. */
  readonly failed: Float64Array;
  readonly tried: Float64Array;
  /** Decaying sums: the usual share is their quotient. */
  failures: number;
  attempts: number;
  /** As for counts: overdispersion, and by window spread, largest surprise and largest share. */
  excessVariance: number;
  squaredMean: number;
  readonly spreads: Float64Array;
  readonly record: Float64Array;
  readonly most: Float64Array;
  readonly reading: Reading;
}

export const rateLine = (): RateLine => ({
  order: noOrder(),
  episode: noEpisode(),
  failed: new Float64Array(HOUR_POINTS).fill(-1),
  tried: new Float64Array(HOUR_POINTS),
  failures: 0,
  attempts: 0,
  excessVariance: 0,
  squaredMean: 0,
  spreads: new Float64Array(WINDOWS.length).fill(1),
  record: new Float64Array(WINDOWS.length),
  most: new Float64Array(WINDOWS.length),
  reading: noReading(),
});

const keepSum = halving(RATE.halfLife);
const keepNoise = halving(SPIKE.noiseHalfLife);
const keepMost = halving(RATE.mostHalfLife);

const usualShare = (line: RateLine) => (line.failures + 0.5) / (line.attempts + RATE.prior);

/** Takes how many of `tried` failed in the `PERIOD` seconds from `at` (seconds since 1970). Returns `line.reading`. */
export function failures(line: RateLine, at: number, failed: number, tried: number): Reading {
  const { order, reading } = line;
  const slot = Math.floor(at / PERIOD);
  reading.score = 0;
  reading.begins = false;
  const place = take(order, slot, Number.isFinite(tried) && tried >= 0 ? failed : Number.NaN);
  if (place === "refused") return reading;
  if (place !== "next") line.failed.fill(-1);
  // An error is stamped when its call ends, so a point may hold more of them than calls.
  const attempts = Math.min(LARGEST, Math.max(tried, failed));
  const learning = slot - order.since < LEARNING_POINTS;
  line.failed[slot % HOUR_POINTS] = Math.min(LARGEST, failed);
  line.tried[slot % HOUR_POINTS] = attempts;
  watch(line, slot, learning);
  settle(line.episode, (slot + 1) * PERIOD, SPIKE.over * PERIOD);
  learn(line, slot, Math.min(LARGEST, failed), attempts, learning);
  return reading;
}

const phiOf = (line: RateLine) =>
  line.squaredMean <= 0 ? 0.5 : Math.max(0, Math.min(5, line.excessVariance / line.squaredMean));

function watch(line: RateLine, slot: number, learning: boolean): void {
  const { failed, tried, spreads, record, most, reading } = line;
  const share = usualShare(line);
  const phi = phiOf(line);
  let sum = 0;
  let attempts = 0;
  let points = 0;
  for (let w = 0; w < WINDOWS.length; w++) {
    const width = (WINDOWS[w] as (typeof WINDOWS)[number]).points;
    for (; points < width; points++) {
      const index = (slot - points + HOUR_POINTS) % HOUR_POINTS;
      if ((failed[index] as number) < 0) return;
      sum += failed[index] as number;
      attempts += tried[index] as number;
    }
    const expected = share * attempts;
    const difference = stabilised(sum, phi / width) - stabilised(expected, phi / width);
    const spread = Math.max(1, spreads[w] as number);
    if (!line.episode.active) {
      spreads[w] = Math.max(
        0.3,
        followQuantile(spreads[w] as number, Math.abs(difference), SPIKE.within, SPIKE.step),
      );
    }
    const surprise = difference / spread;
    const needed = Math.max(RATE.surprise, RATE.record * (record[w] as number));
    // One of two calls that fails is no share of a half: as with the usual share, a few successes are taken for granted.
    const seen = sum / (attempts + RATE.failures);
    const least = Math.max(
      RATE.ratio * expected + RATE.failures,
      (share + RATE.share) * attempts,
      RATE.mostTimes * (most[w] as number) * (attempts + RATE.failures),
    );
    const score = learning ? 0 : Math.min(surprise / needed, sum / least);
    if (score > reading.score || w === 0) {
      reading.score = score;
      reading.observed = sum;
      reading.expected = expected;
      reading.high = least;
      reading.seconds = width * PERIOD;
    }
    // As with counts: what is told teaches once an episode.
    const usual = learning || score < 1;
    const repeated = !usual && line.episode.active;
    record[w] = Math.max(
      keepMost * (record[w] as number),
      usual ? surprise : repeated ? 0 : Math.min(surprise, needed),
    );
    most[w] = Math.max(
      keepMost * (most[w] as number),
      usual ? seen : repeated ? 0 : least / (attempts + RATE.failures),
    );
  }
  if (reading.score < 1) return;
  reading.begins = !line.episode.active;
  const to = (slot + 1) * PERIOD;
  show(line.episode, to - reading.seconds, to, reading.observed, reading.expected, reading.score);
}

/** Whether a point of the last hour is off by itself, and not only with those around it. */
export function isFailing(line: RateLine, slot: number): boolean {
  const failed = line.failed[slot % HOUR_POINTS] as number;
  const expected = usualShare(line) * (line.tried[slot % HOUR_POINTS] as number);
  const phi = phiOf(line);
  const spread = Math.max(1, line.spreads[0] as number);
  const surprise = (stabilised(Math.max(0, failed), phi) - stabilised(expected, phi)) / spread;
  return failed >= OFF.ratio * expected && surprise >= OFF.surprise;
}

function learn(line: RateLine, slot: number, failed: number, tried: number, learning: boolean): void {
  const expected = usualShare(line) * tried;
  const variance = expected + phiOf(line) * expected * expected;
  line.excessVariance =
    keepNoise * line.excessVariance + Math.min((failed - expected) ** 2, 16 * variance + 1) - expected;
  line.squaredMean = keepNoise * line.squaredMean + expected * expected + 0.01;
  const lasts = line.episode.active && slot - line.episode.onset / PERIOD > LEARNING.lasting;
  const learned = learning || lasts ? failed : Math.min(failed, RATE.learned * expected + 1);
  line.failures = keepSum * line.failures + learned;
  line.attempts = keepSum * line.attempts + tried;
}

/**
 * Spikes of a count: calls of 5 minutes, 15 minutes and an hour, held against the upper expectation, against the noise of
 * the series, and against what it did before at this time of the day and at any other.
 */
import type { CountLine } from "./counts";
import { type Episode, show } from "./episode";
import { HOUR_POINTS, LEARNING, OFF, PERIOD, SPIKE, WINDOWS } from "./parameters";
import { followQuantile, halving, stabilised } from "./surprise";

export const HOURS_A_WEEK = 168;

const keepNoise = halving(SPIKE.noiseHalfLife);
const keepRecord = halving(SPIKE.recordHalfLife);
const keepMost = halving(4 * SPIKE.recordHalfLife);

/** Whether an episode is on that has not lasted long enough to be learned. */
export const isPassing = (episode: Episode, slot: number) =>
  episode.active && slot - episode.onset / PERIOD <= LEARNING.lasting;

const phiOf = (line: CountLine) =>
  line.squaredMean <= 0 ? 0.05 : Math.max(0, Math.min(3, line.excessVariance / line.squaredMean));

/** Takes what a point tells of overdispersion. */
export function learnNoise(line: CountLine, value: number, expected: number): void {
  const variance = expected + phiOf(line) * expected * expected;
  const squared = Math.min((value - expected) ** 2, 16 * variance + 1);
  line.excessVariance = keepNoise * line.excessVariance + squared - expected;
  line.squaredMean = keepNoise * line.squaredMean + expected * expected + 0.01;
}

/** Adds up each window, learns its noise, and shows the episode where one is far above all that is usual. */
export function watchWindows(line: CountLine, slot: number, learning: boolean): void {
  const { came, middle, upper, spreads, record, most, reading } = line;
  const phi = phiOf(line);
  const passing = isPassing(line.spike, slot);
  let sum = 0;
  let expected = 0;
  let high = 0;
  let points = 0;
  for (let w = 0; w < WINDOWS.length; w++) {
    const { points: width, ratio, surprise: floor } = WINDOWS[w] as (typeof WINDOWS)[number];
    for (; points < width; points++) {
      const index = (slot - points + HOUR_POINTS) % HOUR_POINTS;
      if ((came[index] as number) < 0) return;
      sum += came[index] as number;
      expected += middle[index] as number;
      high += upper[index] as number;
    }
    const seen = stabilised(sum, phi / width);
    const typical = seen - stabilised(expected, phi / width);
    const spread = Math.max(1, spreads[w] as number);
    if (!passing) {
      spreads[w] = Math.max(
        0.3,
        followQuantile(spreads[w] as number, Math.abs(typical), SPIKE.within, SPIKE.step),
      );
    }
    const surprise = (seen - stabilised(high, phi / width)) / spread;
    const needed = Math.max(floor, SPIKE.record * (record[w] as number), SPIKE.hourRecord * line.recordNear);
    const least = Math.max(
      ratio * high + SPIKE.excess,
      high < SPIKE.few || line.busy < SPIKE.idle ? SPIKE.fewTimes * (most[w] as number) : 0,
      line.calling < SPIKE.rare ? SPIKE.many : 0,
    );
    // So many times more than expected, and more than ever, needs no surprise: the noise of a loud series may hide it.
    const outright =
      width > 1
        ? Math.min(sum / (SPIKE.outright * high), sum / (SPIKE.outrightMost * (most[w] as number) + 1))
        : 0;
    const score = Math.min(Math.max(surprise / needed, outright), sum / least);
    if (score > reading.score && !learning) {
      reading.score = score;
      reading.observed = sum;
      reading.expected = expected;
      reading.high = least;
      reading.seconds = width * PERIOD;
    }
    teach(line, w, learning || score < 1, surprise, needed, sum, least);
  }
  if (reading.score < 1) return;
  reading.begins = !line.spike.active;
  const to = (slot + 1) * PERIOD;
  show(line.spike, to - reading.seconds, to, reading.observed, reading.expected, reading.score);
}

/**
 * The records of window `w` learn what is not told. What is told raises them once an episode, to what was needed: an attack
 * does not hide the next one, and what happens again and again is not told for ever.
 */
function teach(
  line: CountLine,
  w: number,
  usual: boolean,
  surprise: number,
  needed: number,
  sum: number,
  least: number,
): void {
  const { record, most } = line;
  const kept = keepRecord * (record[w] as number);
  const keptMost = keepMost * (most[w] as number);
  const repeated = !usual && line.spike.active;
  const taught = usual ? surprise : repeated ? 0 : Math.min(surprise, needed);
  record[w] = Math.max(kept, taught);
  most[w] = Math.max(keptMost, usual ? sum : repeated ? 0 : Math.min(sum, SPIKE.taught * least));
  line.hourRecord = Math.max(line.hourRecord, taught);
}

/** Whether the count of a point of the last hour is high by itself, and not only with those around it. */
export function isHigh(line: CountLine, slot: number): boolean {
  const value = line.came[slot % HOUR_POINTS] as number;
  const high = line.upper[slot % HOUR_POINTS] as number;
  const phi = phiOf(line);
  const spread = Math.max(1, line.spreads[0] as number);
  const surprise = (stabilised(Math.max(0, value), phi) - stabilised(high, phi)) / spread;
  return value >= OFF.ratio * high && surprise >= OFF.surprise;
}

/** The largest surprise within an hour of this hour of the day, on the last seven days. */
export function recordNear(line: CountLine, hour: number): number {
  let largest = 0;
  for (let day = 24; day <= HOURS_A_WEEK; day += 24) {
    for (let away = -1; away <= 1; away++) {
      const one = hour - day + away;
      if (one < 0 || one <= hour - HOURS_A_WEEK) continue;
      largest = Math.max(largest, line.hourRecords[one % HOURS_A_WEEK] as number);
    }
  }
  return largest / 10;
}

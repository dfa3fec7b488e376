/**
 * How much the times of connections look like those of a program that calls home: the score of RITA v5 (Active
 * Countermeasures, github.com/activecm/rita, analysis/beacons.go), with its weights and thresholds. Pure arithmetic.
 */
import { medianOf } from "../baseline/volume";

export interface BeaconScore {
  /** 0-1, the mean of the four below, each 0-1. */
  readonly score: number;
  /** How alike the gaps between connections are. */
  readonly gaps: number;
  /** How alike their bytes are. */
  readonly sizes: number;
  /** How evenly they fill the span. */
  readonly histogram: number;
  /** How much of the span they last. */
  readonly duration: number;
  /** Median gap, and median deviation from it, in seconds. */
  readonly interval: number;
  readonly jitter: number;
}

export interface Span {
  /** Seconds since 1970, `to` exclusive. */
  readonly from: number;
  readonly to: number;
}

const BINS = 24;
const LEAST_TIMES = 4;
const LEAST_GAPS = 3;
const LEAST_SIZES = 3;
const LEAST_BARS_FOR_MODES = 11;
const LEAST_BARS_FOR_DURATION = 6;
const FULL_RUN = 12;
/** Below this interquartile range skewness says nothing. */
const LEAST_RANGE = 10;

/** Scores connections that began at `times` (seconds, ascending, distinct) with `sizes` bytes each, within `span`. */
export function beaconScore(times: readonly number[], sizes: readonly number[], span: Span): BeaconScore {
  const gaps = times
    .slice(1)
    .map((time, i) => time - (times[i] as number))
    .filter((gap) => gap > 0);
  const bars = barsOf(times, span);
  const parts = {
    gaps: times.length < LEAST_TIMES || gaps.length < LEAST_GAPS ? 0 : likeness(gaps, 1),
    sizes: sizes.length < LEAST_SIZES ? 0 : likeness(sizes, 0),
    histogram: Math.max(evenness(bars), twoModes(bars)),
    duration: durationScore(times, bars, span),
  };
  const interval = medianOf(gaps);
  return {
    ...parts,
    score: round((parts.gaps + parts.sizes + parts.histogram + parts.duration) / 4),
    interval,
    jitter: deviationOf(gaps, interval),
  };
}

/** Mean of one less Bowley's skewness and one less the median deviation as a share of the median. */
export function likeness(values: readonly number[], ofSmallMedian: number): number {
  const median = medianOf(values);
  const spread = median < 1 ? ofSmallMedian : Math.max(0, (median - deviationOf(values, median)) / median);
  return round((1 - Math.abs(skewness(values)) + spread) / 2);
}

/** Bowley's: -1 to 1, 0 where the quartiles lie too close to tell. */
function skewness(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [q1, q2, q3] = [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)];
  if (q3 - q1 < LEAST_RANGE || q2 === q1 || q2 === q3) return 0;
  return (q1 + q3 - 2 * q2) / (q3 - q1);
}

/** Interpolates between neighbours (R. Hyndman, Y. Fan, The American Statistician 50, 1996: type 7). */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? 0;
  return low + (at % 1) * ((sorted[Math.ceil(at)] ?? low) - low);
}

const deviationOf = (values: readonly number[], median: number) =>
  medianOf(values.map((value) => Math.abs(value - median)));

/** Connections in each of `BINS` equal parts of the span. */
export function barsOf(times: readonly number[], { from, to }: Span): number[] {
  const bars = Array<number>(BINS).fill(0);
  for (const time of times) {
    const bin = Math.min(BINS - 1, Math.max(0, Math.floor(((time - from) / (to - from)) * BINS)));
    bars[bin] = (bars[bin] as number) + 1;
  }
  return bars;
}

/** One less the coefficient of variation of the bars. */
function evenness(bars: readonly number[]): number {
  const mean = bars.reduce((sum, bar) => sum + bar, 0) / bars.length;
  if (mean === 0) return 0;
  const deviation = Math.sqrt(bars.reduce((sum, bar) => sum + (bar - mean) ** 2, 0) / bars.length);
  return deviation > mean ? 0 : round(1 - deviation / mean);
}

/** The share of bars that have one of the two commonest heights, heights within a twentieth of the highest being alike. */
function twoModes(bars: readonly number[]): number {
  const filled = bars.filter((bar) => bar > 0);
  if (filled.length < LEAST_BARS_FOR_MODES) return 0;
  const width = Math.ceil(0.05 * Math.max(...filled));
  const heights = new Map<number, number>();
  for (const bar of filled) {
    const height = Math.floor(bar / width);
    heights.set(height, (heights.get(height) ?? 0) + 1);
  }
  const [largest = 0, second = 0] = [...heights.values()].sort((a, b) => b - a);
  return round(Math.min(1, (largest + second) / Math.max(filled.length - 1, 1)));
}

function durationScore(times: readonly number[], bars: readonly number[], { from, to }: Span): number {
  if (bars.filter((bar) => bar > 0).length < LEAST_BARS_FOR_DURATION) return 0;
  const coverage = Math.min(1, ((times.at(-1) ?? 0) - (times[0] ?? 0)) / (to - from));
  return round(Math.max(coverage, Math.min(1, longestRun(bars) / FULL_RUN)));
}

/** The longest run of bars that are not empty; it may go on from the last to the first. */
function longestRun(bars: readonly number[]): number {
  let longest = 0;
  let run = 0;
  for (const bar of [...bars, ...bars]) {
    run = bar > 0 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return Math.min(longest, bars.length);
}

const round = (value: number) => Math.round(value * 1000) / 1000;

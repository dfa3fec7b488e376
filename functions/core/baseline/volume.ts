/**
 * How much an entity sends: for each UTC day its largest hour and the whole day, and from the days before, how much would
 * be too much.
 */
import type { History } from "./history";

/** Bytes out, rounded up by `rounded`. */
export interface DayVolume {
  readonly hour: number;
  readonly day: number;
}

/** By UTC day; days on which less was sent than is traced are absent. */
export type VolumeHistory = Readonly<Record<string, DayVolume>>;

export type Scale = keyof DayVolume;

/**
 * Up to the next quarter of a power of two. A sum grows with every object; its rounded form, which is what is stored,
 * grows a few times a day.
 */
export function rounded(bytes: number): number {
  if (bytes <= 0) return 0;
  const step = 2 ** Math.max(0, Math.floor(Math.log2(bytes)) - 2);
  return Math.ceil(bytes / step) * step;
}

/** For each day the larger values of both; days that lie `retentionDays` or more before `lastDay` are dropped. */
export function mergeVolumes(
  a: VolumeHistory,
  b: VolumeHistory,
  lastDay: number,
  retentionDays: number,
): VolumeHistory {
  const days = [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((day) => Number(day) > lastDay - retentionDays)
    .sort();
  const larger = (scale: Scale, day: string) => Math.max(a[day]?.[scale] ?? 0, b[day]?.[scale] ?? 0);
  return Object.fromEntries(days.map((day) => [day, { hour: larger("hour", day), day: larger("day", day) }]));
}

/** Values of the days before `day` on which there was contact, oldest first: 0 where too little was sent to be traced. */
export const volumesBefore = (
  history: History,
  volumes: VolumeHistory,
  day: number,
  scale: Scale,
): number[] => history.days.filter((one) => one < day).map((one) => volumes[one]?.[scale] ?? 0);

/** What is usual, and the bytes beyond which it is not. */
export interface Usual {
  readonly median: number;
  /** Median absolute deviation, scaled to the standard deviation of a normal distribution. */
  readonly spread: number;
  readonly largest: number;
  readonly threshold: number;
}

const DEVIATIONS = 10;
/** Days that are all alike may still differ tomorrow: a deviation is at least this share of the median. */
const LEAST_SPREAD = 0.4;
const TIMES_LARGEST = 3;
/** Median absolute deviation to standard deviation (P. Rousseeuw, C. Croux, JASA 88, 1993). */
const MAD_TO_SIGMA = 1.4826;

/**
 * The threshold over `values`: at least `floor` bytes, ten robust standard deviations above the median (so five times the
 * median, however alike the days are), and three times the largest, since one day of the week may exceed all others. A day that was itself beyond the
 * threshold of the days before it is left out, until there were `enough` such days: then that much is usual.
 */
export function usualVolume(values: readonly number[], floor: number, enough: number): Usual {
  const usual: number[] = [];
  const excessive: number[] = [];
  for (const [i, value] of values.entries()) {
    if (i < enough || value <= thresholdOf(usual, floor).threshold) usual.push(value);
    else excessive.push(value);
  }
  return thresholdOf(excessive.length < Math.max(1, enough) ? usual : [...usual, ...excessive], floor);
}

function thresholdOf(values: readonly number[], floor: number): Usual {
  const median = medianOf(values);
  const spread = MAD_TO_SIGMA * medianOf(values.map((value) => Math.abs(value - median)));
  const largest = Math.max(0, ...values);
  return {
    median,
    spread,
    largest,
    threshold: Math.max(
      floor,
      median + DEVIATIONS * Math.max(spread, LEAST_SPREAD * median),
      TIMES_LARGEST * largest,
    ),
  };
}

/** 0 of none. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? 0) + high) / 2;
}

/** Series of 5-minute points for the tests of usage lines, the same in every run. */
import { type CountLine, count, countLine } from "../../functions/core/baseline/usage/counts";
import { random } from "../../samples/random";

/** 2026-01-05, a Monday, in seconds. */
export const MONDAY = 1_767_571_200;
export const DAY_POINTS = 288;

export type Shape = (point: number) => number;

/** About `mean` calls a point, give or take a deviation as large as a Poisson's. */
export function noisy(shape: Shape, days: number, seed = 1): number[] {
  const luck = random(seed);
  return Array.from({ length: days * DAY_POINTS }, (_, point) => {
    const mean = shape(point);
    const swing = (luck.next() + luck.next() + luck.next() - 1.5) * 2;
    return Math.max(0, Math.round(mean + swing * Math.sqrt(mean)));
  });
}

export const steady =
  (mean: number): Shape =>
  () =>
    mean;
/** A third at night, five thirds at noon. */
export const daily =
  (mean: number): Shape =>
  (point) =>
    mean * (1 - (2 / 3) * Math.cos((2 * Math.PI * (point % DAY_POINTS)) / DAY_POINTS));
export const weekly =
  (mean: number): Shape =>
  (point) =>
    daily(mean)(point) * (Math.floor(point / DAY_POINTS) % 7 >= 5 ? 0.3 : 1);
export const growing =
  (mean: number, aWeek: number): Shape =>
  (point) =>
    daily(mean)(point) * (1 + aWeek) ** (point / (7 * DAY_POINTS));

/** `factor` times as much from a point on, for so many points. */
export const times = (values: readonly number[], from: number, lasts: number, factor: number): number[] =>
  values.map((value, i) => (i >= from && i < from + lasts ? Math.round(value * factor) : value));

/** The points at which an episode began. */
export interface Told {
  readonly spikes: number[];
  readonly silences: number[];
}

export const at = (point: number) => MONDAY + point * 300;

/** Feeds a series: what was told, and the line after it. */
export function told(
  values: readonly number[],
  line: CountLine = countLine(),
  first = 0,
): Told & { line: CountLine } {
  const spikes: number[] = [];
  const silences: number[] = [];
  values.forEach((value, i) => {
    if (count(line, at(first + i), value).begins) spikes.push(first + i);
    if (line.silence.begins) silences.push(first + i);
  });
  return { spikes, silences, line };
}

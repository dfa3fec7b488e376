import type { Episode } from "../../../functions/core/baseline/usage/episode";
import { noReading } from "../../../functions/core/baseline/usage/reading";
import { MAX_WEAK, type WeakSignal } from "../../../functions/core/baseline/usage-facets";
import { grewFrom, withWeak } from "../../../functions/core/baseline/weak-signals";
import { MONDAY } from "../../support/usage";

const HOUR = 3600;
const reading = (score: number, observed = 50) => ({
  ...noReading(),
  score,
  observed,
  expected: 30,
  seconds: 300,
});
/** One after the other: when a point ended, in seconds from `MONDAY`, and how far off it was. */
const told = (...points: [at: number, score: number, observed?: number][]) =>
  points.reduce<readonly WeakSignal[]>(
    (known, [at, score, observed]) => withWeak(known, "spike", reading(score, observed), MONDAY + at),
    [],
  );

test.each([
  ["below 70 % of what it takes", 0.69, 0],
  ["at 70 %", 0.7, 1],
  ["just below what is told", 0.99, 1],
  ["what is told by itself", 1, 0],
])("%s: %d are %d weak signals", (_, score, count) => {
  expect(told([0, score])).toHaveLength(count);
});

test("within an hour they are one, which is as far off as the furthest", () => {
  expect(told([300, 0.8, 55], [600, 0.9, 60], [900, 0.7, 45])).toEqual([
    expect.objectContaining({ onset: MONDAY, last: MONDAY + 900, peak: 60, score: 0.9 }),
  ]);
  expect(told([300, 0.8], [300 + HOUR + 301, 0.8])).toHaveLength(2);
});

test("the latest of a day are kept", () => {
  const many = told(...Array.from({ length: 9 }, (_, i) => [i * 2 * HOUR, 0.8] as [number, number]));
  expect(many.map(({ last }) => (last - MONDAY) / HOUR)).toEqual([12, 14, 16].slice(-MAX_WEAK));
  expect(told([0, 0.8], [24 * HOUR, 0])).toEqual([]);
});

test("an episode grew from a signal of its kind within the hour before", () => {
  const episode = (onset: number): Episode => ({ ...({} as Episode), active: true, onset: MONDAY + onset });
  const weak = told([300, 0.8]);
  expect(grewFrom(weak, "spike", episode(300 + HOUR))).toBe(MONDAY);
  expect(grewFrom(weak, "spike", episode(301 + HOUR))).toBeUndefined();
  expect(grewFrom(weak, "silence", episode(600))).toBeUndefined();
  expect(grewFrom(weak, "spike", { ...episode(600), active: false })).toBeUndefined();
});

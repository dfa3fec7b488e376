import { levelList, novelty } from "../../../../functions/core/baseline/usage/level-list";
import { level, levelLine } from "../../../../functions/core/baseline/usage/levels";
import { LEVEL_THRESHOLDS } from "../../../../functions/core/baseline/usage/parameters";
import { at, DAY_POINTS, daily, noisy } from "../../../support/usage";

const LATE = 10 * DAY_POINTS;
const usual = noisy(daily(400), 14);
const scoresOf = (values: readonly number[]) => {
  const line = levelLine();
  return values.map((value, i) => level(line, at(i), value).score);
};
const reported = (values: readonly number[]) =>
  scoresOf(values).flatMap((score, i) => (i > LATE - 100 && score >= LEVEL_THRESHOLDS.deployed ? [i] : []));
const from = (point: number, lasts: number, value: number) =>
  usual.map((one, i) => (i >= point && i < point + lasts ? value : one));

test("a level that was never seen is told once, however long it lasts", () => {
  expect(reported(from(LATE, 200, 3000))).toEqual([LATE]);
  expect(reported(from(LATE, 1, 3000))).toEqual([LATE]);
});

test("a still higher one is told at once, another like it only when a day has passed", () => {
  const risen = scoresOf(from(LATE, 20, 900).map((value, i) => (i === LATE + 5 ? 30_000 : value)));
  expect(risen[LATE]).toBeGreaterThan(LEVEL_THRESHOLDS.nab);
  expect(risen[LATE + 5]).toBeGreaterThan(risen[LATE] as number);
  expect(scoresOf(from(LATE, 20, 3000))[LATE + 5]).toBe(0);
});

test("it is quiet on what it has seen", () => {
  expect(reported(usual)).toEqual([]);
  expect(reported(Array(14 * DAY_POINTS).fill(5))).toEqual([]);
});

test("the first hundred values are never novel", () => {
  expect(scoresOf([...Array(50).fill(1), 1000, ...Array(40).fill(-1000)])).toEqual(Array(91).fill(0));
});

test("novelty is the distance to the nearest level as a share of the range", () => {
  const list = levelList(4);
  for (let i = 0; i < 120; i++) novelty(list, i % 2 === 0 ? 0 : 100, 0.03);
  // 25 lies 25 of 100 from 0; then 26 is near it, and 200 is 100 of 200 from 100.
  expect(novelty(list, 25, 0.03)).toBeCloseTo(0.25, 2);
  expect(novelty(list, 26, 0.03)).toBe(0);
  expect(novelty(list, 200, 0.03)).toBeCloseTo(0.5, 2);
});

test.each<[string, number, number]>([
  ["no number", 1, Number.NaN],
  ["an infinite one", 1, Number.POSITIVE_INFINITY],
  ["a time that came before", -10, 5],
  ["the same time again", -1, 5],
  ["a time that is none", Number.NaN, 5],
  ["a clock a year ahead", 365 * DAY_POINTS, 5],
])("%s is refused and counted", (_, ahead, value) => {
  const line = levelLine();
  usual.slice(0, 500).forEach((one, i) => {
    level(line, at(i), one);
  });
  expect(level(line, at(500 + ahead), value).score).toBe(0);
  expect(line.refused).toBe(1);
  expect(line.upTo).toBe(at(499));
});

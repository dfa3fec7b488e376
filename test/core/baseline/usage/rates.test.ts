import { failures, rateLine } from "../../../../functions/core/baseline/usage/rates";
import { at, DAY_POINTS, daily, noisy, times } from "../../../support/usage";

const NOON = 16 * DAY_POINTS + 144;
const calls = noisy(daily(60), 17);
/** One call in a hundred fails. */
const few = calls.map((_, i) => (i % 2 === 0 ? 1 : 0));

function toldOf(failed: readonly number[], tried: readonly number[]) {
  const line = rateLine();
  const points = failed.flatMap((value, i) =>
    failures(line, at(i), value, tried[i] as number).begins ? [i] : [],
  );
  return { points, line };
}
const instead = (from: number, lasts: number, value: (i: number) => number) =>
  few.map((usual, i) => (i >= from && i < from + lasts ? value(i) : usual));

describe("a rise is told of", () => {
  test.each<[string, number[], number[]]>([
    [
      "a third that fails for half an hour",
      instead(NOON, 6, (i) => Math.round((calls[i] as number) / 3)),
      calls,
    ],
    ["a tenth that fails for an hour", instead(NOON, 12, (i) => Math.round((calls[i] as number) / 8)), calls],
    ["the first failures ever", calls.map((_, i) => (i >= NOON && i < NOON + 6 ? 20 : 0)), calls],
  ])("%s, once", (_, failed, tried) => {
    const { points } = toldOf(failed, tried);
    expect(points).toHaveLength(1);
    expect((points[0] as number) - NOON).toBeLessThan(12);
  });

  test("with the share that was usual", () => {
    const { line } = toldOf(instead(NOON, 6, () => 30).slice(0, NOON + 6), calls);
    expect(line.episode).toMatchObject({ active: true, onset: at(NOON), points: 6 });
    expect(line.failures / line.attempts).toBeCloseTo(1 / 120, 2);
  });
});

describe("it is quiet on", () => {
  const tenfold = times(calls, NOON, 12, 10);
  test.each<[string, number[], number[]]>([
    ["failures as usual", few, calls],
    ["ten times the calls with ten times the failures", times(few, NOON, 12, 10), tenfold],
    ["three failures where there were none", calls.map((_, i) => (i === NOON ? 3 : 0)), calls],
    ["one call that fails where there is one", calls.map((_, i) => (i === NOON ? 1 : 0)), calls.map(() => 1)],
    ["the first week", instead(1000, 500, () => 50).slice(0, 7 * DAY_POINTS), calls],
    ["numbers that are none", few.map((value, i) => (i % 3 === 0 ? Number.NaN : value)), calls],
    ["attempts that are none", few, calls.map((value, i) => (i % 3 === 0 ? Number.NaN : value))],
    ["nothing that is ever tried", calls.map(() => 0), calls.map(() => 0)],
  ])("%s", (_, failed, tried) => {
    expect(toldOf(failed, tried).points).toEqual([]);
  });
});

import { duration, shiftLine } from "../../../../functions/core/baseline/usage/shift";
import { at, DAY_POINTS, daily, noisy, times } from "../../../support/usage";

const SHIFTED = 16 * DAY_POINTS;
const usual = noisy(() => 400, 19).map((value, i) => (i % 97 === 0 ? 3000 : value));
const loaded = noisy(daily(300), 19);

/** Points at which a shift was told; -1 is a point without calls. */
function toldOf(values: readonly number[]): { points: number[]; line: ReturnType<typeof shiftLine> } {
  const line = shiftLine();
  const points = values.flatMap((value, i) => (value >= 0 && duration(line, at(i), value).begins ? [i] : []));
  return { points, line };
}

describe("a shift is told of", () => {
  test.each<[string, number[], number]>([
    ["calls that take half as long again", times(usual, SHIFTED, 9999, 1.5), 4 * 12],
    ["calls that take twice as long", times(usual, SHIFTED, 9999, 2), 4 * 12],
    [
      "a function that is called once in an hour",
      times(usual, SHIFTED, 9999, 2).map((value, i) => (i % 12 === 1 ? value : -1)),
      30 * 12,
    ],
    ["calls that take longer than at the busiest hour before", times(loaded, SHIFTED, 9999, 2.5), 24 * 12],
  ])("%s, once", (_, values, within) => {
    const { points } = toldOf(values);
    expect(points).toHaveLength(1);
    expect((points[0] as number) - SHIFTED).toBeGreaterThan(12);
    expect((points[0] as number) - SHIFTED).toBeLessThanOrEqual(within);
  });

  test("with what was usual, what is now, and since when; it ends when that has become usual", () => {
    const { line } = toldOf(times(usual, SHIFTED, 9999, 2).slice(0, SHIFTED + 60));
    expect(line.shift.active).toBe(true);
    expect(line.shift.peakExpected).toBeCloseTo(400, -1.5);
    expect(line.shift.peak).toBeCloseTo(820, -1.7);
    expect((line.shift.onset - at(SHIFTED)) / 300).toBeLessThan(12);
    expect(toldOf(times(usual, SHIFTED, 9999, 2)).line.shift.active).toBe(false);
  });
});

describe("it is quiet on", () => {
  test.each<[string, number[]]>([
    ["cold starts", usual],
    ["a load that makes calls slower every noon", loaded],
    ["a deploy that makes calls a fifth slower", times(usual, SHIFTED, 9999, 1.2)],
    ["an hour of slow calls", times(usual, SHIFTED, 12, 5)],
    ["the first week", times(usual, 3 * DAY_POINTS, 3 * DAY_POINTS, 5).slice(0, 7 * DAY_POINTS)],
    ["no durations at all", []],
    ["numbers that are none", usual.map((value, i) => (i % 5 === 0 ? Number.NaN : value))],
  ])("%s", (_, values) => {
    expect(toldOf(values).points).toEqual([]);
  });
});

import { medianOf, mergeVolumes, rounded, usualVolume } from "../../../functions/core/baseline/volume";

test.each([
  [0, 0],
  [-5, 0],
  [1, 1],
  [7, 7],
  [8, 8],
  [9, 10],
  [1000, 1024],
  [200_000, 229_376],
])("%d bytes are kept as %d: up to a quarter of a power of two more", (bytes, kept) => {
  expect(rounded(bytes)).toBe(kept);
});

test.each<[string, number[], number]>([
  ["none", [], 0],
  ["one", [4], 4],
  ["two", [4, 8], 6],
  ["three, in any order", [9, 1, 4], 4],
])("the median of %s", (_, values, median) => {
  expect(medianOf(values)).toBe(median);
});

test("volumes merge to the larger of both, and what is older than the retention is dropped", () => {
  const merged = mergeVolumes(
    { 10: { hour: 5, day: 5 }, 50: { hour: 7, day: 70 } },
    { 50: { hour: 9, day: 9 } },
    50,
    35,
  );
  expect(merged).toEqual({ 50: { hour: 9, day: 70 } });
});

describe("the threshold", () => {
  const threshold = (values: number[], floor = 10, enough = 7) =>
    usualVolume(values, floor, enough).threshold;
  const same = (count: number, value: number) => Array<number>(count).fill(value);

  test.each<[string, number[], number]>([
    ["is the floor where nothing was sent", same(7, 0), 10],
    ["is five times the median of a steady history", same(10, 100), 500],
    // Median 200, deviations six times 100 and twice 0: median 100, so 200 + 10 * 148.26.
    [
      "is ten robust deviations above the median of an erratic one",
      [100, 300, 100, 300, 100, 300, 200, 200],
      1682.6,
    ],
    [
      "is three times the largest day of one with a weekly job",
      [...same(6, 100), 9_000, ...same(6, 100)],
      27_000,
    ],
    ["is not moved by one day far beyond it", [...same(10, 100), 90_000, ...same(3, 100)], 500],
    ["nor by six of them", [...same(10, 100), ...same(6, 90_000)], 500],
    ["but by as many as are learned", [...same(10, 100), ...same(7, 90_000)], 270_000],
  ])("%s", (_, values, expected) => {
    expect(threshold(values)).toBeCloseTo(expected, 0);
  });
});

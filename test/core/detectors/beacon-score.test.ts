import { barsOf, beaconScore, likeness } from "../../../functions/core/detectors/beacon-score";

const DAY = { from: 0, to: 86_400 };
const every = (seconds: number, from = 0, to = 86_400) =>
  Array.from({ length: Math.ceil((to - from) / seconds) }, (_, i) => from + i * seconds);

describe("how alike values are", () => {
  test.each<[string, number[], number, number]>([
    // All equal: no skewness, no deviation.
    ["equal ones", [60, 60, 60, 60], 1, 1],
    // Quartiles 55, 60, 65 lie 10 apart: skewness (55+65-120)/10 = 0. Deviations 10 5 0 5 10: 5 of 60.
    ["symmetric ones", [50, 55, 60, 65, 70], 1, 0.958],
    // Quartiles 20, 30, 100: skewness (20+100-60)/80 = 0.75. Deviations 20 10 0 70 170: median 20, (30-20)/30.
    ["skewed ones", [10, 20, 30, 100, 200], 1, 0.292],
    // Quartiles 8, 10, 12 lie less than 10 apart: skewness is not asked. Deviations 4 2 0 2 4: 2 of 10.
    ["ones close together", [6, 8, 10, 12, 14], 1, 0.9],
    // A median below 1 has no share: what is given stands for it.
    ["mostly zeros, for times", [0, 0, 0, 5], 1, 1],
    ["mostly zeros, for sizes", [0, 0, 0, 5], 0, 0.5],
    // Median 10, deviation 10 (10 of 10): nothing is left, and the floor is 0. Quartiles 0, 10, 990: (990-20)/990.
    ["wild ones", [0, 0, 10, 990, 1000], 1, 0.01],
  ])("%s", (_, values, ofSmallMedian, expected) => {
    expect(likeness(values, ofSmallMedian)).toBeCloseTo(expected, 3);
  });
});

test("a perfect beacon of one day scores 1", () => {
  const times = every(300);
  expect(
    beaconScore(
      times,
      times.map(() => 400),
      DAY,
    ),
  ).toEqual({
    score: 1,
    gaps: 1,
    sizes: 1,
    histogram: 1,
    duration: 1,
    interval: 300,
    jitter: 0,
  });
});

test("half a day of it: the run of filled bars is full, and all bars have one height", () => {
  const times = every(300, 43_200);
  // 12 bars of 12: mean 6, deviation 6, evenness 1 - 6/6 = 0; modes (12 + 0)/(12 - 1) > 1; run 12/12.
  expect(
    beaconScore(
      times,
      times.map(() => 400),
      DAY,
    ),
  ).toMatchObject({ histogram: 1, duration: 1, score: 1 });
});

test("a quarter of a day of it is not enough to tell", () => {
  const times = every(300, 64_800);
  // 6 bars: evenness 0, too few for modes; duration max(0.247, 6/12).
  expect(
    beaconScore(
      times,
      times.map(() => 400),
      DAY,
    ),
  ).toMatchObject({
    histogram: 0,
    duration: 0.5,
    score: 0.625,
  });
});

test.each<[string, number[], number[], object]>([
  ["nothing", [], [], { score: 0, gaps: 0, sizes: 0, histogram: 0, duration: 0 }],
  ["one connection", [5], [9], { gaps: 0, sizes: 0, duration: 0 }],
  ["three connections, too few gaps", [0, 60, 120], [1, 1, 1], { gaps: 0 }],
  ["sizes of 0", every(300), every(300).map(() => 0), { sizes: 0.5 }],
  ["times before and after the span", [-10, 0, 10, 90_000], [1, 1, 1, 1], { duration: 0 }],
])("%s is scored without fail", (_, times, sizes, expected) => {
  expect(beaconScore(times, sizes, DAY)).toMatchObject(expected);
});

test("the bars are 24 equal parts of the span, its ends in the outermost", () => {
  expect(barsOf([-1, 0, 3599, 3600, 86_400], DAY)).toEqual([3, 1, ...Array(21).fill(0), 1]);
});

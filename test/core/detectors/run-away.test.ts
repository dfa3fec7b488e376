/** What a finding says of a bill. */
import { type Paces, runAway } from "../../../functions/core/detectors/run-away";

const GIGABYTE = { memoryMb: 1024, architecture: "x86_64" } as const;
/** Noon of 2026-01-19: 12 days and 12 hours, which are 300 hours, before the end of January. */
const NOON = Date.UTC(2026, 0, 19, 12) / 1000;

/** Calls of 100 ms: an hour of 1,000 costs 1,000 x (0.1 s x 1 GB x 0.0000166667 + 0.0000002) = $0.00186667. */
const paces = (now: number, usual: number, milliseconds: number | null = 100): Paces => ({
  now: { calls: now, milliseconds },
  usual: { calls: usual, milliseconds },
  mean: { calls: usual / 2, milliseconds },
});

test("it says what an hour costs, how that follows, and what it comes to by the end of the month", () => {
  // 100,000 calls: $0.186667 an hour, 300 hours of which are $56.00; usual are 4,000 ($0.00746668), in the mean 2,000:
  // 300 x $0.00373334 = $1.12.
  expect(runAway(paces(100_000, 4000), GIGABYTE, NOON, true)?.sentence).toBe(
    "An hour at this pace costs $0.19 (100,000 calls x (0.1 s x 1 GB x $0.0000166667 + $0.0000002), list prices of us-east-1), where $0.0075 is usual. Should it go on, it comes to $56.00 by the end of January, where $1.12 is usual.",
  );
});

test("of what is over, it says what it would have come to", () => {
  expect(runAway(paces(100_000, 4000), GIGABYTE, NOON, false)?.sentence).toContain(
    "Had it gone on, it would have come to $56.00 by the end of January, where $1.12 is usual.",
  );
});

test("in December, the month ends with the year", () => {
  // 2 hours of $0.186667
  const lastHours = Date.UTC(2026, 11, 31, 22) / 1000;
  expect(runAway(paces(100_000, 4000), GIGABYTE, lastHours, true)?.sentence).toContain(
    "it comes to $0.37 by the end of December",
  );
});

test("where the length of a call is not known, only requests are counted", () => {
  // 1,000,000 x 0.0000002 = $0.20 an hour, $60 in 300 hours
  expect(runAway(paces(1_000_000, 4000, null), GIGABYTE, NOON, true)?.sentence).toContain(
    "An hour at this pace costs $0.20 (1,000,000 calls x $0.0000002, the requests alone, list price of us-east-1)",
  );
});

test.each([
  // 14,600 calls more than the mean of 200: 14,600 x 0.00000186667 x 730 h = $19.90 a month
  ["less than $20 a month more is not worth a sentence", 14_800, null],
  // 14,700: $20.03 a month
  ["$20 a month more is", 14_900, { grave: null }],
  // 733,000 x 0.00000186667 x 730 h = $998.85 a month
  ["less than $1,000 a month more is no step of severity", 733_200, { grave: null }],
  // 734,000: $1,000.22 a month
  ["$1,000 a month more is", 734_200, { grave: expect.closeTo(1000.22, 1) }],
])("%s", (_, now, expected) => {
  const judged = runAway(paces(now, 400), GIGABYTE, NOON, true);
  if (expected === null) expect(judged).toBeNull();
  else expect(judged).toMatchObject(expected);
});

test("a large bill that doubles is worth a sentence, and no step of severity", () => {
  expect(runAway(paces(4_000_000, 4_000_000), GIGABYTE, NOON, true)).toMatchObject({ grave: null });
});

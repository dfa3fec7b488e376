import { dollarText, hourlyCost } from "../../functions/core/price";

const GIGABYTE = { memoryMb: 1024, architecture: "x86_64" } as const;

test.each([
  // 1,000,000 x (1 s x 1 GB x 0.0000166667 + 0.0000002)
  ["a million calls of a second with 1 GB", 1_000_000, 1000, GIGABYTE, 16.8667],
  // 1,000,000 x (1 s x 1 GB x 0.0000133334 + 0.0000002)
  ["the same on arm64", 1_000_000, 1000, { ...GIGABYTE, architecture: "arm64" as const }, 13.5334],
  // 36,000 x (0.25 s x 0.125 GB x 0.0000166667 + 0.0000002)
  ["10 short calls a second with 128 MB", 36_000, 250, { ...GIGABYTE, memoryMb: 128 }, 0.02595],
  // 1,000,000 x 0.0000002
  ["calls of unknown size", 1_000_000, 1000, null, 0.2],
  ["calls of unknown length", 1_000_000, null, GIGABYTE, 0.2],
  ["no calls", 0, 1000, GIGABYTE, 0],
] as const)("%s cost so much an hour", (_, calls, milliseconds, size, dollars) => {
  expect(hourlyCost({ calls, milliseconds }, size)).toBeCloseTo(dollars, 4);
});

test.each([
  [1240.4, "$1,240"],
  [3.2, "$3.20"],
  [0.5, "$0.50"],
  [0.00421, "$0.0042"],
  [0, "$0.00"],
])("%d dollars are written %s", (dollars, text) => {
  expect(dollarText(dollars)).toBe(text);
});

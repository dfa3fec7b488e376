import { call, tellDays } from "../../support/trail";

const usual = (days: number) => Array.from({ length: days }, (_, day) => [call(day, "s3", "ListBuckets")]);
const denied = (
  day: number,
  count: number,
  { every = 10, action = (_: number): string => "ListUsers", errorCode = "AccessDenied", from = 3600 } = {},
) =>
  Array.from({ length: count }, (_, i) => call(day, "iam", action(i), { errorCode, at: from + i * every }));
const bursts = (story: readonly (readonly unknown[])[]) =>
  [...tellDays(story).findings].flatMap(([day, records]) =>
    records.filter(({ type }) => type === "DeniedApiCalls").map((record) => ({ day, ...record })),
  );

test("thirty denials are one finding, from the first minute on", () => {
  const [finding, ...others] = bursts([denied(0, 30)]);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    severity: "medium",
    score: 5.3, // 4.5 + log2(30 / 10) / 2
    title: "RDSQueryLogger was denied 30 calls within an hour",
    count: 30,
    firstSeen: "2026-10-01T01:00:00Z",
    lastSeen: "2026-10-01T01:04:50Z",
    baseline: { observed: 30, threshold: 10 },
  });
  expect(finding?.explanation).toContain("of 1 action: iam:ListUsers (30)");
  expect(finding?.evidence).toHaveLength(10);
});

test("many actions weigh more than one", () => {
  const [finding] = bursts([...usual(9), denied(9, 20, { action: (i) => `Get${i}` })]);
  expect(finding).toMatchObject({ severity: "high", score: 7 }); // 4.5 + 2 + log2(20 / 10) / 2
});

test("a burst that is told in several deliveries, in any order, is the same", () => {
  const burst = denied(0, 12);
  const [whole] = bursts([burst]);
  const later = tellDays([burst.slice(6), burst.slice(0, 6)]);
  const [parts] = [...later.findings.values()].flat();
  expect(parts).toMatchObject({ id: whole?.id, title: whole?.title, occurrences: whole?.occurrences });
});

test("a burst across midnight is one", () => {
  const story = [...usual(9), denied(9, 6, { from: 86_400 - 60, every: 9 }), denied(10, 6, { from: 30 })];
  expect(bursts(story).map(({ title }) => title)).toEqual([
    "RDSQueryLogger was denied 12 calls within an hour",
  ]);
});

test.each([
  ["nine in an hour", denied(0, 9)],
  ["ten in more than an hour", denied(0, 10, { every: 401 })],
  ["throttles", denied(0, 50, { errorCode: "ThrottlingException" })],
  ["quotas", denied(0, 50, { errorCode: "LimitExceededException" })],
  ["what is not there", denied(0, 50, { errorCode: "NoSuchEntity" })],
  ["errors that are no text", denied(0, 50, { errorCode: 17 as never })],
])("is quiet about %s", (_, records) => {
  expect(bursts([records])).toEqual([]);
});

test.each(["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "Client.UnauthorizedOperation"])(
  "%s is a denial",
  (errorCode) => {
    expect(bursts([denied(0, 10, { errorCode })])).toHaveLength(1);
  },
);

test("what is denied every day is quiet after the first", () => {
  const story = Array.from({ length: 12 }, (_, day) => denied(day, 40));
  expect(bursts(story).map(({ day }) => day)).toEqual([0]);
});

test("a flood of denials is kept within bounds", () => {
  const [finding] = bursts([denied(0, 5000, { every: 0.5 as number })]);
  expect(finding?.baseline.observed).toBeLessThanOrEqual(100);
});

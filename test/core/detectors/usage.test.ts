/** InvocationSpike, ErrorSpike, ThrottleSpike, ConcurrencySpike, DurationShift and WentSilent, through `watch`. */
import { inventoryOf } from "../../../functions/core/attribution/inventory";
import { usageOf } from "../../../functions/core/attribution/usage";
import { type Baseline, EMPTY_BASELINE } from "../../../functions/core/baseline/baseline";
import { detectionConfig } from "../../../functions/core/config";
import type { FindingRecord } from "../../../functions/core/finding";
import type { MetricName, MetricSeries } from "../../../functions/core/telemetry/metric-data";
import { NO_THREAT_LISTS } from "../../../functions/core/threat-list";
import { iso } from "../../../functions/core/time";
import { watch } from "../../../functions/core/watch";
import { arnOf, storedFunction } from "../../support/account";
import { daily, MONDAY, noisy, steady, times } from "../../support/usage";

const DAY_POINTS = 288;
const ELSEWHERE = { accountId: "111122223333", region: "us-east-1" };
const atOf = (point: number) => MONDAY + point * 300;

const series = (metric: MetricName, values: readonly number[]): MetricSeries => ({
  functionName: "Api",
  metric,
  // As in CloudWatch: no point where nothing was.
  points: new Map(values.flatMap((value, point) => (value > 0 ? [[atOf(point), value] as const] : []))),
});

/** Day by day through `watch`; gives what was found, each as it was told last. */
function told(all: readonly MetricSeries[], points: number, inventory = inventoryOf([])): FindingRecord[] {
  const found = new Map<string, FindingRecord>();
  let baseline: Baseline = EMPTY_BASELINE;
  for (let from = 0; from < points; from += DAY_POINTS) {
    for (const { entity, usage } of usageOf(
      all,
      atOf(from),
      atOf(Math.min(points, from + DAY_POINTS)),
      inventory,
      ELSEWHERE,
    )) {
      const context = { entity, config: detectionConfig.parse({}), threats: NO_THREAT_LISTS, account: null };
      const result = watch(usage, baseline, context);
      baseline = result.baseline;
      for (const finding of result.findings) found.set(finding.id, finding);
    }
  }
  return [...found.values()];
}

const DAYS = 16;
const END = DAYS * DAY_POINTS;
/** Noon of the fifteenth day. */
const NOON = 14 * DAY_POINTS + 144;
const calls = noisy(daily(40), DAYS);
const flat = noisy(steady(30), DAYS);
const typesOf = (findings: readonly FindingRecord[]) => findings.map(({ type }) => type);
const scaled = (values: readonly number[], share: number) => values.map((value) => Math.round(value * share));

test("ten times the calls for half an hour are one InvocationSpike, which says what was expected, and when it ended", () => {
  const [finding, ...others] = told([series("Invocations", times(calls, NOON, 6, 10))], END);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    type: "InvocationSpike",
    functionArn: arnOf("Api"),
    subject: { metric: "Invocations" },
    baseline: { days: 14, rarity: "RARE" },
    evidence: [{ source: "metric", ref: "AWS/Lambda Invocations Api" }],
    status: "open",
    count: 1,
  });
  expect(finding?.title).toMatch(/^Api is invoked [\d,]+ times in \d+ minutes, where \d+ are usual$/);
  expect(finding?.explanation).toContain("It was over by 2026-01-19T12:30:00Z.");
  expect(finding?.endedAt).toBe("2026-01-19T12:30:00Z");
});

describe("the bill", () => {
  const sized = (memoryMb: number) =>
    inventoryOf([storedFunction("Api", { size: { memoryMb, architecture: "arm64" } })]);
  const slow = noisy(steady(4000), DAYS);
  const spike = [series("Invocations", times(calls, NOON, 12, 100)), series("Duration", slow)];

  test("a spike of long calls says what it costs", () => {
    const [finding] = told(spike, END, sized(1024));
    // Some 80,000 calls an hour at some 4 s: 80,000 x (4 s x 1 GB x $0.0000133334 + $0.0000002) = some $4.3 an hour, beyond
    // $1,000 a month.
    expect(finding?.explanation).toMatch(
      /An hour at this pace costs \$[34]\.\d\d \([\d,]+ calls x \((4|3\.99|4\.01) s x 1 GB x \$0\.0000133334 \+ \$0\.0000002\)/,
    );
    expect(finding?.explanation).toMatch(/would have come to \$1,\d{3} by the end of January/);
    expect(finding?.explanation).toMatch(
      /3 for how far off it is, and a step of severity because it costs \$[23],\d{3} a month more than usual/,
    );
    expect(finding?.severity).toBe("high");
  });

  test("one of a function whose memory is not known says nothing of it", () => {
    const [finding] = told(spike, END);
    expect(finding?.explanation).not.toContain("$");
    expect(finding?.severity).toBe("medium");
  });

  test("calls that take longer cost more, as often as they come", () => {
    const all = [
      series("Invocations", noisy(steady(200), DAYS)),
      series("Duration", times(slow, NOON, END - NOON, 2)),
    ];
    const [finding] = told(all, END, sized(1024));
    // 2,400 calls an hour x (8 s x 1 GB x $0.0000133334 + $0.0000002) = $0.26, where half of that is usual
    expect(finding?.explanation).toMatch(/costs \$0\.2[567] \(2,\d{3} calls .*, where \$0\.13 is usual\./);
    expect(finding?.explanation).toMatch(/Should it go on, it comes to \$\d\d\.\d\d by the end of January/);
  });
});

/** `values` with others from noon on, for so many points. */
const instead = (values: readonly number[], lasts: number, other: (usual: number) => number) =>
  values.map((value, i) => (i >= NOON && i < NOON + lasts ? other(value) : value));

test.each<[string, number, MetricSeries[]]>([
  ["ten times the calls for 5 minutes", 1, [series("Invocations", times(calls, NOON, 1, 10))]],
  ["three times the calls for 2 hours", 24, [series("Invocations", times(calls, NOON, 24, 3))]],
  [
    "half of all calls failing for an hour",
    12,
    [
      series("Invocations", flat),
      series(
        "Errors",
        instead(
          flat.map((_, i) => (i % 20 === 0 ? 1 : 0)),
          12,
          () => 15,
        ),
      ),
    ],
  ],
  [
    "ten times as many at a time for 30 minutes",
    6,
    [series("Invocations", calls), series("ConcurrentExecutions", times(scaled(calls, 0.5), NOON, 6, 10))],
  ],
  [
    "twice the duration for 4 hours",
    48,
    [series("Invocations", flat), series("Duration", times(noisy(steady(800), DAYS), NOON, 48, 2))],
  ],
  [
    "silence for 5 hours",
    60,
    [
      series(
        "Invocations",
        instead(flat, 60, () => 0),
      ),
    ],
  ],
])(
  "%s began when the metric left its band, and was over when it was back, however late that is told",
  (_, points, all) => {
    const [finding, ...others] = told(all, END);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ endedAt: iso(atOf(NOON + points)) });
    if (finding?.type !== "DurationShift") expect(finding?.firstSeen).toBe(iso(atOf(NOON)));
    expect(finding?.lastSeen).toBe(finding?.endedAt);
  },
);

test("while it goes on, it says so", () => {
  const [finding] = told([series("Invocations", times(calls, NOON, 6, 10))], NOON + 6);
  expect(finding?.explanation).toContain("It goes on");
  expect(finding?.endedAt).toBeNull();
});

test.each<[string, MetricSeries[]]>([
  [
    "ErrorSpike",
    [
      series("Invocations", flat),
      series(
        "Errors",
        flat.map((value, i) => (i >= NOON && i < NOON + 6 ? Math.round(value / 2) : i % 90 === 0 ? 1 : 0)),
      ),
    ],
  ],
  [
    "ThrottleSpike",
    [
      series("Invocations", flat),
      series(
        "Throttles",
        flat.map((value, i) => (i >= NOON && i < NOON + 6 ? value : 0)),
      ),
    ],
  ],
  [
    "ConcurrencySpike",
    [series("Invocations", calls), series("ConcurrentExecutions", times(scaled(calls, 0.5), NOON, 6, 10))],
  ],
  [
    "DurationShift",
    [series("Invocations", flat), series("Duration", times(noisy(steady(800), DAYS), NOON, END - NOON, 2))],
  ],
  [
    "WentSilent",
    [
      series(
        "Invocations",
        flat.map((value, i) => (i >= NOON ? 0 : value)),
      ),
    ],
  ],
])("%s fires", (type, all) => {
  expect(typesOf(told(all, END))).toEqual([type]);
});

test.each<[string, MetricSeries[]]>([
  [
    "every day as the others",
    [
      series("Invocations", calls),
      series(
        "Errors",
        calls.map((_, i) => (i % 100 === 0 ? 1 : 0)),
      ),
      series("Duration", noisy(steady(800), DAYS)),
    ],
  ],
  ["half as much again for an hour", [series("Invocations", times(calls, NOON, 12, 1.4))]],
  ["the first week", [series("Invocations", times(calls, 4 * DAY_POINTS + 144, 6, 10))]],
  [
    "one slow hour",
    [series("Invocations", flat), series("Duration", times(noisy(steady(800), DAYS), NOON, 12, 2))],
  ],
  [
    "twice the errors with twice the calls",
    [
      series("Invocations", times(flat, NOON, 12, 1.4)),
      series("Errors", times(scaled(flat, 0.1), NOON, 12, 1.4)),
    ],
  ],
  ["a quiet night", [series("Invocations", noisy(daily(5), DAYS))]],
  ["nothing at all", [series("Invocations", [])]],
])("is quiet about %s", (_, all) => {
  expect(typesOf(told(all, END))).toEqual([]);
});

test("a function that was deleted is not silent", () => {
  const gone = inventoryOf([storedFunction("Api", { validTo: atOf(NOON) })]);
  const all = [
    series(
      "Invocations",
      flat.map((value, i) => (i >= NOON ? 0 : value)),
    ),
  ];
  expect(told(all, END, gone)).toEqual([]);
});

test("points that are told again are passed over", () => {
  const all = [series("Invocations", times(calls, NOON, 6, 10))];
  const usage = usageOf(all, atOf(0), atOf(END), inventoryOf([]), ELSEWHERE);
  const [one] = usage;
  const context = {
    entity: (one as (typeof usage)[number]).entity,
    config: detectionConfig.parse({}),
    threats: NO_THREAT_LISTS,
    account: null,
  };
  const first = watch(one?.usage ?? [], EMPTY_BASELINE, context);
  const again = watch(one?.usage ?? [], first.baseline, context);
  expect(again.changes).toEqual({ merged: [], dropped: [] });
  expect(again.findings.map(({ id }) => id)).toEqual(first.findings.map(({ id }) => id));
});

test("a stored line of another make is learned again, and breaks nothing", () => {
  const [{ usage, entity } = { usage: [], entity: null }] = usageOf(
    [series("Invocations", calls)],
    atOf(0),
    atOf(12),
    inventoryOf([]),
    ELSEWHERE,
  );
  if (entity === null) throw new Error("no usage");
  const context = { entity, config: detectionConfig.parse({}), threats: NO_THREAT_LISTS, account: null };
  const damaged = {
    facet: "USAGE#Invocations" as const,
    upTo: 0,
    since: 0,
    line: { order: "x" },
    episodes: [],
  };
  const result = watch(
    usage,
    { ...EMPTY_BASELINE, usage: new Map([["Invocations" as const, damaged]]) },
    context,
  );
  expect(result.findings).toEqual([]);
  expect(result.baseline.usage.get("Invocations")?.upTo).toBe(atOf(11));
});

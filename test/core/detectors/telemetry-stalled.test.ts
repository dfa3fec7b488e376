/** TelemetryStalled, through `watch`: hours in which a source told, and the question whether it still does. */
import { EMPTY_BASELINE } from "../../../functions/core/baseline/baseline";
import { endFinding } from "../../../functions/core/finding";
import type { Source } from "../../../functions/core/telemetry/source";
import type { WatchResult } from "../../../functions/core/watch";
import { asked, atHour, CONTEXT, heard, hours } from "../../support/sources";

const DAYS = 14;
/** The last hour of the fourteenth day. */
const LAST = DAYS * 24 - 1;
const steady = hours(0, LAST);
const workdays = (hour: number) => Math.floor(hour / 24 + 3) % 7 < 5 && hour % 24 >= 8 && hour % 24 < 18;
const nightly = (hour: number) => hour % 24 === 3;
const typesOf = ({ findings }: WatchResult) => findings.map(({ type }) => type);

test("flow logs that came every hour and come no more are one finding of the account, which says since when and what was usual", () => {
  const { findings } = asked(heard(steady), LAST + 7);
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({
    type: "TelemetryStalled",
    severity: "medium",
    entity: "account:111122223333:us-east-1",
    functionArn: null,
    functionName: null,
    candidates: [],
    subject: { metric: "VPC Flow Logs", period: 7 * 3600, value: 0 },
    title: "VPC Flow Logs of account 111122223333 in us-east-1 have not come for 7 hours",
    baseline: { days: 13, expected: 1, observed: 7, threshold: 6 },
    firstSeen: "2026-10-15T01:00:00Z",
    lastSeen: "2026-10-15T06:00:00Z",
    learnedFrom: "2026-10-01T00:00:00Z",
    evidence: [{ source: "flow-log", at: "2026-10-14T23:00:00Z" }],
    status: "open",
    endedAt: null,
  });
  expect(findings[0]?.explanation).toContain("came last in the hour from 2026-10-14T23:00:00Z");
  expect(findings[0]?.explanation).toContain("It goes on at 2026-10-15T06:00:00Z");
});

test.each<[string, Source, number[], number]>([
  ["flow logs of every hour after 7 hours", "flow", steady, LAST + 7],
  ["metrics of every hour after 7 hours", "metrics", steady, LAST + 7],
  ["CloudTrail of every hour after a day", "trail", steady, LAST + 25],
  ["CloudTrail of workdays after four weekends' length", "trail", hours(0, LAST, workdays), LAST + 260],
  ["metrics of a nightly job after four nights", "metrics", hours(0, LAST, nightly), LAST + 77],
])("fires on %s", (_, source, told, at) => {
  expect(typesOf(asked(heard(told, source), at, { source }))).toEqual(["TelemetryStalled"]);
});

test.each<[string, Source, number[], number]>([
  ["flow logs that come", "flow", steady, LAST + 1],
  ["flow logs of every hour after 6 hours, just below", "flow", steady, LAST + 6],
  ["CloudTrail of every hour after a night", "trail", steady, LAST + 24],
  ["CloudTrail of workdays over a week of holidays", "trail", hours(0, LAST, workdays), LAST + 9 * 24],
  ["metrics of a nightly job just below four nights", "metrics", hours(0, LAST, nightly), LAST + 76],
  ["a source that never told", "metrics", [], LAST],
  ["a source that told once", "flow", [0], LAST],
  ["a source that told for five days, of which nothing can be said", "flow", hours(0, 119), LAST],
  ["a source that tells on one day in three", "trail", hours(0, 719, (h) => h % 72 === 9), 719 + 400],
])("is quiet about %s", (_, source, told, at) => {
  expect(typesOf(asked(heard(told, source), at, { source }))).toEqual([]);
});

test("while the account is learned nothing is told", () => {
  const context = { ...CONTEXT, config: { ...CONTEXT.config, learningDays: 20 } };
  expect(typesOf(asked(heard(steady, "flow", EMPTY_BASELINE, context), LAST + 100, {}, context))).toEqual([]);
});

test("what there was nothing to tell of is not missing: functions that came into a VPC just now", () => {
  const since = atHour(LAST + 90);
  expect(typesOf(asked(heard(steady), LAST + 96, { since }))).toEqual([]);
  expect(typesOf(asked(heard(steady), LAST + 97, { since }))).toEqual(["TelemetryStalled"]);
});

describe("a stall", () => {
  const stalled = asked(heard(steady), LAST + 7);

  test("that goes on is the same finding, told anew once an hour", () => {
    const again = asked(stalled.baseline, LAST + 7);
    expect(again.changes.merged).toEqual([]);
    const later = asked(again.baseline, LAST + 30);
    expect(later.findings.map(({ id }) => id)).toEqual(stalled.findings.map(({ id }) => id));
    expect(later.findings[0]?.severity).toBe("medium");
    expect(later.findings[0]?.score).toBeGreaterThan(stalled.findings[0]?.score ?? 0);
  });

  test("ends when the source tells again, and says when", () => {
    const again = heard([LAST + 10], "flow", asked(stalled.baseline, LAST + 9).baseline);
    const [ended] = asked(again, LAST + 10).findings;
    expect(ended?.id).toBe(stalled.findings[0]?.id);
    expect(ended?.endedAt).toBe("2026-10-15T09:00:00Z");
    expect(ended?.explanation).toContain("It came again in the hour from 2026-10-15T09:00:00Z");
    expect(ended?.title).toContain("did not come for 10 hours");
  });

  test("that was none, because all came late, ends too, by when it was last told", () => {
    const told = asked(stalled.baseline, LAST + 9);
    const { findings, endings, baseline } = asked(
      heard(hours(LAST + 1, LAST + 9), "flow", told.baseline),
      LAST + 10,
    );
    expect(findings).toEqual([]);
    expect(endings.map(({ id }) => id)).toEqual([told.findings[0]?.id]);
    const [open] = told.findings;
    const [end] = endings;
    if (open === undefined || end === undefined) throw new Error("no finding, or no end");
    expect(endFinding(open, new Date(end.at * 1000).toISOString().replace(".000Z", "Z")).status).toBe(
      "resolved",
    );
    expect(asked(baseline, LAST + 11).endings).toEqual([]);
  });

  test("does not make the next one usual, until it comes again and again", () => {
    const days = (from: number, to: number) => hours(from * 24, to * 24 - 1);
    const twice = heard([...days(0, 12), ...days(14, 16)]);
    expect(typesOf(asked(twice, 16 * 24 + 10))).toContain("TelemetryStalled");
    const often = heard([...days(0, 12), ...days(14, 16), ...days(18, 20), ...days(22, 24), ...days(26, 28)]);
    expect(typesOf(asked(often, 28 * 24 + 48))).toEqual([]);
  });
});

describe("in a folder, which may simply end", () => {
  const folder = { isLive: false };

  test("a hole is one finding that has ended, and told for three days", () => {
    const baseline = heard([...steady, ...hours(LAST + 30, LAST + 120)]);
    const [finding, ...others] = asked(baseline, LAST + 40, folder).findings;
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ endedAt: "2026-10-16T05:00:00Z", baseline: { observed: 30 } });
    expect(asked(baseline, LAST + 60, folder).findings.map(({ id }) => id)).toEqual([finding?.id]);
    expect(asked(baseline, LAST + 120, folder).findings).toEqual([]);
  });

  test("is quiet about a source that does not come again", () => {
    expect(asked(heard(steady), LAST + 300, folder).findings).toEqual([]);
  });

  test("what has been forgotten meanwhile is not judged by what is left", () => {
    const past = [...hours(0, 26 * 24, nightly), ...hours(26 * 24, 40 * 24)];
    const hole = heard([...past, ...hours(40 * 24 + 15, 41 * 24)]);
    expect(asked(hole, 41 * 24, folder).findings).toEqual([]);
    const later = heard(hours(41 * 24, 66 * 24), "flow", hole);
    expect(asked(later, 41 * 24, folder).findings).toEqual([]);
  });
});

test("times that cannot be are no history, and break nothing", () => {
  const odd = heard([-600_000, 0, LAST * 40], "trail");
  for (const hour of [-600_001, 0, LAST, LAST * 50])
    expect(typesOf(asked(odd, hour, { source: "trail" }))).toEqual([]);
  // A stamp from tomorrow does not hide that nothing comes today.
  const early = heard([...steady, LAST + 20]);
  expect(asked(early, LAST + 2).findings).toEqual([]);
  expect(asked(early, LAST + 7).findings).toMatchObject([{ type: "TelemetryStalled", endedAt: null }]);
});

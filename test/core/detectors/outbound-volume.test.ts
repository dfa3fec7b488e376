import { subjectName } from "../../../functions/core/subject";
import { days, live, type Talk, typesByDay } from "../../support/watch";

const MB = 1_000_000;
const HOUR = 3600;
const db: Talk = { to: "users-db" };
const s3 = (bytes: number, hour = 1): Talk => ({
  to: "S3",
  address: "52.216.1.1",
  kind: "service",
  port: 443,
  at: hour * HOUR,
  bytes,
});
const each = (hours: number, bytes: number) => Array.from({ length: hours }, (_, hour) => s3(bytes, hour));
const volumeOnDay = (day: number, findings: ReturnType<typeof live>) =>
  (findings.get(day) ?? []).filter(({ type }) => type === "OutboundVolume");
const found = (day: number, story: Talk[][]) => volumeOnDay(day, live(story)).length;

describe("fires on", () => {
  test.each<[string, Talk[][]]>([
    ["a hundred times the usual hour", [...days(10, db, s3(0.2 * MB)), [s3(20 * MB)]]],
    ["many hours that each are not unusual alone", [...days(10, db, s3(9 * MB)), each(24, 9 * MB)]],
    [
      "much to a peer that was never sent to, however much goes elsewhere",
      [...days(10, db, s3(0.2 * MB)), [{ ...s3(20 * MB), to: "new" }]],
    ],
    ["much to an internal peer", [...days(10, db), [{ ...db, bytes: 50 * MB }]]],
    [
      "much to a peer that was always there and sent next to nothing",
      [...days(10, db, s3(900)), [s3(9 * MB)]],
    ],
  ])("%s", (_, story) => {
    expect(found(10, story)).toBe(1);
  });

  test("many peers together that each are sent little", () => {
    const spread = Array.from({ length: 40 }, (_, i): Talk => ({ ...s3(0.5 * MB), to: `peer-${i}` }));
    const findings = volumeOnDay(10, live([...days(10, db, s3(0.2 * MB)), spread]));
    expect(findings).toEqual([
      expect.objectContaining({
        title: "RDSQueryLogger sends far more than usual to all its peers together: 20.0 MB in an hour",
      }),
    ]);
  });

  test("one peer that makes up most of it all, as one finding", () => {
    const others = (bytes: number): Talk => ({ ...db, bytes });
    const story = [...days(10, others(0.3 * MB), s3(5 * MB)), [others(2 * MB), ...each(24, 4 * MB)]];
    expect(volumeOnDay(10, live(story)).map(({ subject }) => subjectName(subject))).toEqual(["S3"]);
  });

  test("what was reported before, again, until it came for as long as is learned", () => {
    const story = [...days(10, db, s3(1 * MB)), ...days(12, db, s3(100 * MB))];
    const reported = [...live(story)].filter(([, all]) => all.some(({ type }) => type === "OutboundVolume"));
    expect(reported.map(([day]) => day)).toEqual([10, 11, 12, 13, 14, 15, 16]);
  });
});

describe("stays quiet on", () => {
  test.each<[string, Talk[][]]>([
    ["the same every day", days(20, s3(500 * MB))],
    [
      "the weekly backup",
      Array.from({ length: 35 }, (_, day) => (day % 7 === 3 ? each(3, 900 * MB) : [s3(2 * MB)])),
    ],
    [
      "a job that runs only once a week",
      Array.from({ length: 70 }, (_, day) => (day % 7 === 0 ? each(2, 300 * MB) : [])),
    ],
    ["growth by a tenth a day", Array.from({ length: 40 }, (_, day) => [s3(10 * MB * 1.1 ** day)])],
    [
      "days that differ by a factor of four",
      Array.from({ length: 40 }, (_, day) => [s3([10, 40, 22, 15][day % 4] ?? 0 * MB)]),
    ],
    ["four times the largest day", [...days(10, s3(10 * MB)), [s3(40 * MB)]]],
    ["less than the floor, however little was usual", [...days(10, s3(2_000)), [s3(7.9 * MB)]]],
    ["a function that is still learned", [...days(5, s3(2_000)), [s3(900 * MB)]]],
    ["impossible numbers", [...days(10, s3(2_000)), [s3(Number.NaN), s3(-5)]]],
  ])("%s", (_, story) => {
    const types = Object.values(typesByDay(live(story))).flat();
    expect(types.filter((type) => type === "OutboundVolume")).toEqual([]);
  });
});

test("just above the threshold it fires, just below it does not", () => {
  // Ten days of 10 MB, kept as 10.5: nothing deviates, and ten times 0.4 of the median above it are 52.4 MB.
  const upTo = (bytes: number) => found(10, [...days(10, s3(10 * MB)), [s3(bytes)]]);
  expect([upTo(52 * MB), upTo(53 * MB)]).toEqual([0, 1]);
});

test("the numbers, the words and the evidence", () => {
  const [finding] = volumeOnDay(10, live([...days(10, db, s3(0.2 * MB)), [s3(20 * MB)]]));
  expect(finding).toMatchObject({
    severity: "medium",
    score: 6.6,
    title: "RDSQueryLogger sends far more than usual to S3: 20.0 MB in an hour",
    subject: { peer: "S3", address: "52.216.1.1", port: 443, bytes: 20 * MB },
    baseline: { days: 10, expected: 229_376, observed: 20 * MB, threshold: 8 * MB },
    evidence: [{ source: "flow-log", ref: "AWSLogs/day-10.log.gz", at: "2026-10-11T01:00:00Z", line: 2 }],
    explanation: expect.stringContaining(
      "On the 10 days before, the largest hour of a day had 229 kB in the median (robust standard deviation 0 B) and 229 kB at most. The threshold is 8.0 MB: the largest of 8.0 MB, ten deviations above the median (each at least 0.4 of it), and three times the most.",
    ),
  });
});

import fc from "fast-check";
import {
  combineSightings,
  type FindingRecord,
  findingId,
  MAX_EVIDENCE,
  MAX_OCCURRENCES,
  mergeFinding,
  publicFinding,
} from "../../functions/core/finding";
import { severityOf } from "../../functions/core/severity";
import { iso } from "../../functions/core/time";
import { T0 } from "../support/flow-log";
import { days, live } from "../support/watch";

const [BASE] = live([...days(8, { to: "users-db" }), [{ to: "ledger-db" }]]).get(8) ?? [];

/** The finding as an object of another time shows it. */
const seenAt = (at: number, ref = "a", weight = 0): FindingRecord => ({
  ...(BASE as FindingRecord),
  firstSeen: iso(at),
  lastSeen: iso(at + 30),
  occurrences: [at],
  evidence: [{ source: "flow-log", ref, at: iso(at), line: 2 }],
  explanation: `as ${ref} tells it`,
  described: {
    ...(BASE as FindingRecord).described,
    weight,
    key: `${iso(at)} ${ref}`,
    explanation: `as ${ref} tells it`,
  },
});

const NOW = "2026-10-15T03:00:00Z";
const LATER = "2026-10-16T03:00:00Z";

test.each([
  [0, "low"],
  [3.9, "low"],
  [4, "medium"],
  [6.9, "medium"],
  [7, "high"],
  [9, "critical"],
])("a score of %d is %s", (score, severity) => {
  expect(severityOf(score)).toBe(severity);
});

test("the id depends on type, entity and what deviates, and on nothing else", () => {
  const ids = [
    ["T", "E", "D"],
    ["T", "ED", ""],
    ["TE", "", "D"],
    ["T", "E", "d"],
  ].map(([type, entity, deviation]) => findingId(type as string, entity as string, deviation as string));
  expect(new Set(ids).size).toBe(4);
  expect(findingId("T", "E", "D")).toBe(ids[0]);
  expect(ids[0]).toMatch(/^[0-9a-f]{20}$/);
});

test("the first sighting is new: open, with an alert due", () => {
  expect(mergeFinding(null, seenAt(T0), NOW)).toEqual({ ...seenAt(T0), alertDue: NOW });
});

describe("the same deviation again", () => {
  const { alertDue: _, ...sent } = mergeFinding(null, seenAt(T0), NOW);

  test("raises the count and makes no further alert", () => {
    const again = mergeFinding(sent, seenAt(T0 + 600, "b"), LATER);
    expect(again).toMatchObject({ count: 2, lastSeen: iso(T0 + 630), explanation: "as a tells it" });
    expect(again.alertDue).toBeUndefined();
  });

  test("delivered twice changes nothing", () => {
    expect(mergeFinding(sent, seenAt(T0), LATER)).toEqual(sent);
  });

  test("of an earlier time is then the description", () => {
    expect(mergeFinding(sent, seenAt(T0 - 600, "earlier"), LATER)).toMatchObject({
      firstSeen: iso(T0 - 600),
      explanation: "as earlier tells it",
    });
  });

  test("that knows more is then the description, though it was seen later", () => {
    const later = mergeFinding(sent, seenAt(T0 + 600, "later", 5), LATER);
    expect(later).toMatchObject({ firstSeen: iso(T0), explanation: "as later tells it" });
    expect(mergeFinding(later, seenAt(T0 - 600, "earlier", 4), LATER)).toMatchObject({
      firstSeen: iso(T0 - 600),
      explanation: "as later tells it",
    });
  });

  test("keeps an alert that is still due, and since when", () => {
    expect(mergeFinding({ ...sent, alertDue: NOW }, seenAt(T0 + 600), LATER).alertDue).toBe(NOW);
  });

  test("on a muted finding is counted in silence", () => {
    const muted = mergeFinding({ ...sent, status: "muted" }, seenAt(T0 + 600), LATER);
    expect(muted).toMatchObject({ status: "muted", count: 2 });
    expect(muted.alertDue).toBeUndefined();
  });

  test("after it was resolved opens it and alerts again", () => {
    const back = mergeFinding({ ...sent, status: "resolved" }, seenAt(T0 + 600), LATER);
    expect(back).toMatchObject({ status: "open", alertDue: LATER });
  });

  test("of an earlier time, delivered late, leaves a resolved one resolved", () => {
    const late = mergeFinding({ ...sent, status: "resolved" }, seenAt(T0 - 600), LATER);
    expect(late).toMatchObject({ status: "resolved", count: 2 });
    expect(late.alertDue).toBeUndefined();
  });
});

test("sightings combine to the same finding in any order and repetition", () => {
  const sightings = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(
      sightings.chain((at) =>
        fc.tuple(fc.constant(at), fc.shuffledSubarray([...at, ...at], { minLength: at.length * 2 })),
      ),
      ([inOrder, shuffled]) => {
        const combine = (all: number[]) =>
          all.map((at) => seenAt(T0 + at * 60, `o${at}`)).reduce(combineSightings);
        expect(combine(shuffled)).toEqual(combine(inOrder));
      },
    ),
  );
});

test("evidence and occurrences are bounded, the earliest stay", () => {
  const all = Array.from({ length: 1200 }, (_, i) => seenAt(T0 + i, `o${i}`)).reduce(combineSightings);
  expect(all.occurrences).toHaveLength(MAX_OCCURRENCES);
  expect(all.count).toBe(MAX_OCCURRENCES);
  expect(all.evidence.map(({ ref }) => ref)).toEqual(Array.from({ length: MAX_EVIDENCE }, (_, i) => `o${i}`));
  expect(all.lastSeen).toBe(iso(T0 + 1199 + 30));
});

test("the public finding has the fields of the contract and no others", () => {
  expect(Object.keys(publicFinding(mergeFinding(null, seenAt(T0), NOW))).sort()).toEqual(
    [
      "id type severity score entity functionArn functionName candidates attribution accountId region subject title",
      "explanation baseline evidence count firstSeen lastSeen status mitre learnedFrom related endedAt",
    ]
      .join(" ")
      .split(" ")
      .sort(),
  );
});

test("of a candidate it is known whether it was invoked in any of the sightings", () => {
  const seen = (at: number, ...invoked: (boolean | null)[]): FindingRecord => ({
    ...seenAt(at),
    candidates: invoked.map((one, i) => ({ functionArn: `arn-${i}`, functionName: `f${i}`, invoked: one })),
  });
  const one = seen(T0, null, null, false, false, true);
  const other = seen(T0 + 60, null, false, false, true, null);
  for (const combined of [combineSightings(one, other), combineSightings(other, one)])
    expect(combined.candidates.map(({ invoked }) => invoked)).toEqual([null, false, false, true, true]);
});

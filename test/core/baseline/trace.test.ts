import type { Connection } from "../../../functions/core/attribution/attribute";
import { absorb } from "../../../functions/core/baseline/absorb";
import { type Baseline, EMPTY_BASELINE } from "../../../functions/core/baseline/baseline";
import { LEAST_BYTES, MAX_TARGETS, type Trace } from "../../../functions/core/baseline/trace";
import { detectionConfig } from "../../../functions/core/config";
import { connection, type Talk } from "../../support/watch";

const config = detectionConfig.parse({});
const add = (baseline: Baseline, ...connections: Connection[]) => absorb(baseline, connections, config).after;

/** Ten days of one peer, so that it is at home there. */
const db: Talk = { to: "users-db" };
const learned = Array.from({ length: 10 }, (_, day) => connection(day, db)).reduce<Baseline>(
  (baseline, one) => add(baseline, one),
  EMPTY_BASELINE,
);
/** What one object of the eleventh day leaves. */
const left = (...talks: Talk[]): Trace[] =>
  [...add(learned, ...talks.map((talk) => connection(10, talk))).hours.values()].flatMap(({ traces }) =>
    Object.values(traces),
  );
const internet: Talk = { to: "203.0.113.9", kind: "internet", port: 443 };

test.each<[string, Talk[]]>([
  ["what it always does", [db, db]],
  ["little to many", Array.from({ length: 50 }, (_, i) => ({ to: `host-${i}`, bytes: 1_000 }))],
  ["what is down that was known before", [{ ...db, rejected: true }]],
])("%s leaves no trace, so costs no write", (_, talks) => {
  expect(left(...talks)).toEqual([]);
});

test("bytes are traced by peer and in all, from a floor on, with the largest flow", () => {
  const half = LEAST_BYTES / 2;
  const [trace] = left(
    { ...internet, bytes: half },
    { ...internet, bytes: half + 1, at: 3700 },
    { ...db, bytes: half },
  );
  expect(trace?.sent).toEqual({
    "*": expect.objectContaining({ bytes: 3 * half + 1 }),
    "internet/203.0.113.9": expect.objectContaining({ bytes: 2 * half + 1, port: 443 }),
  });
});

test("the rhythm of an unfamiliar public peer is traced, beside the function's own", () => {
  const [trace] = left({ ...internet, starts: [0, 60] }, { ...db, starts: [5, 65] });
  expect(trace?.rhythms["internet/203.0.113.9"]?.starts.map(({ at }) => at % 3600)).toEqual([0, 60]);
  expect(trace?.own).toEqual({ slots: [0, 6], from: 0, to: 3 });
});

test("attempts in vain are counted whole and named as far as there is room", () => {
  const scan = Array.from(
    { length: 400 },
    (_, i): Talk => ({ to: `t-${i}`, address: `10.9.${i}`, rejected: true }),
  );
  const [trace] = left(...scan, { to: "answers" });
  expect(trace?.attempts.internal).toMatchObject({ failed: 400, answered: 1 });
  expect(trace?.attempts.internal?.inVain).toHaveLength(MAX_TARGETS);
});

test("each object leaves its own trace, and the same object again the same", () => {
  const [a, b] = ["a", "b"].map((ref) => ({ ...connection(10, { ...internet, bytes: LEAST_BYTES }), ref }));
  const once = add(add(learned, a as Connection), b as Connection);
  expect(add(once, a as Connection)).toEqual(once);
  expect([...once.hours.values()].map(({ traces }) => Object.keys(traces))).toEqual([["a", "b"]]);
  expect(once.profile?.volume).toEqual({
    [String(once.profile?.activity.days.at(-1))]: { hour: 2 * LEAST_BYTES, day: 2 * LEAST_BYTES },
  });
});

import { subjectName } from "../../../functions/core/subject";
import { random } from "../../../samples/random";
import { days, live, type Talk, typesByDay } from "../../support/watch";

const HOUR = 3600;
const dice = random(7);
const db: Talk = { to: "users-db", port: 5432 };
const c2: Talk = { to: "203.0.113.0/24", address: "203.0.113.66", kind: "internet", port: 443 };
const partner: Talk = { to: "192.0.2.0/24", address: "192.0.2.80", kind: "internet", port: 8443 };

/** Connections at `times` (seconds of the day), hour by hour, as flows are. */
const at = (talk: Talk, times: readonly number[]): Talk[] =>
  Array.from({ length: 24 }, (_, hour) => {
    const starts = times.filter((time) => Math.floor(time / HOUR) === hour);
    return { ...talk, at: starts[0] ?? 0, starts: starts.map((time) => time - (starts[0] ?? 0)) };
  }).filter(({ starts }) => starts.length > 0);

const every = (seconds: number, jitter = 0, from = 0, to = 24 * HOUR) => {
  const times: number[] = [];
  for (let time = from; time < to; time += seconds * (1 + jitter * (2 * dice.next() - 1))) times.push(time);
  return times.map(Math.floor);
};
const randomly = (seconds: number) => {
  const times: number[] = [];
  for (let time = 0; time < 24 * HOUR; time += -seconds * Math.log(1 - dice.next())) times.push(time);
  return [...new Set(times.map(Math.floor))];
};

/** Ten days of a function with `work`, then a day on which something is added to it. */
const added = (work: () => Talk[], more: Talk[]) =>
  live([...Array.from({ length: 10 }, work), [...work(), ...more]]);
const busy = () => at(db, randomly(15));
const scheduled = () => [...at(db, every(600)), ...at(partner, every(600, 0, 2))];
const typesOf = (findings: ReturnType<typeof live>) => (typesByDay(findings)[10] ?? []).sort();

describe("fires on", () => {
  test.each<[string, Talk[]]>([
    ["a beacon with 5 % jitter", at(c2, every(300, 0.05))],
    ["one that varies by half", at(c2, every(300, 0.5))],
    ["one that began at noon", at(c2, every(120, 0.05, 11 * HOUR))],
    [
      "one without flags, each time from another source port",
      at(c2, every(300, 0.05)).map((talk, i) => ({
        ...talk,
        sourcePort: 40_000 + i,
        starts: talk.starts?.slice(0, 1) ?? [],
      })),
    ],
  ])("%s in a busy function", (_, beacon) => {
    expect(typesOf(added(busy, beacon))).toEqual(["Beaconing", "NewExternalPeer"]);
  });

  test("one beside the schedule of a function", () => {
    expect(typesOf(added(scheduled, at(c2, every(420, 0.05))))).toEqual(["Beaconing", "NewExternalPeer"]);
  });

  test("one in the AWS service of an address that was never used", () => {
    const service: Talk = { ...c2, kind: "service" };
    expect(typesOf(added(busy, at(service, every(300))))).toContain("Beaconing");
  });
});

describe("stays quiet on", () => {
  test("a partner that was always asked every ten minutes", () => {
    expect(typesByDay(live(Array.from({ length: 20 }, scheduled)))).toEqual({});
  });

  test("a function that is still learned", () => {
    expect(typesByDay(live([busy(), [...busy(), ...at(c2, every(300))]]))).toEqual({});
  });

  test.each<[string, () => Talk[], Talk[]]>([
    ["a new peer that goes with the function's schedule", scheduled, at(c2, every(600, 0, 4))],
    ["one that goes with a schedule of every minute", () => at(db, every(60)), at(c2, every(60, 0, 3))],
    ["connections at random times", busy, at(c2, randomly(300))],
    ["just too few connections", busy, at(c2, every(HOUR, 0, 5 * HOUR)).slice(0, 19)],
    ["less than half a day of a beacon", busy, at(c2, every(300, 0.05, 0, 9 * HOUR))],
    ["an interval that varies by all of it", busy, at(c2, every(300, 1))],
    [
      "a long connection that shows in every object, without flags",
      busy,
      at(c2, every(300)).map((talk) => ({ ...talk, sourcePort: 40_000 })),
    ],
    ["connections without bytes, all in one second", busy, [{ ...c2, bytes: 0, starts: Array(500).fill(0) }]],
  ])("%s", (_, work, more) => {
    expect(typesOf(added(work, more))).toEqual(["NewExternalPeer"]);
  });

  test("an internal peer", () => {
    const internal: Talk = { to: "cache", port: 6379 };
    expect(typesOf(added(busy, at(internal, every(300))))).toEqual(["NewInternalPeer"]);
  });
});

test("the numbers, the words and the evidence", () => {
  const findings = added(busy, at(c2, every(300))).get(10) ?? [];
  expect(findings.find(({ type }) => type === "Beaconing")).toMatchObject({
    severity: "high",
    title: "RDSQueryLogger calls 203.0.113.0/24 every 300 seconds",
    explanation: expect.stringMatching(
      /^RDSQueryLogger connected to 203\.0\.113\.0\/24 at 203\.0\.113\.66, port 443\/tcp, 288 times from 2026-10-11T00:00:00Z to 2026-10-11T23:55:00Z, every 300 seconds \(half of the gaps within 0 of it\)\. Beacon score 1 of 1, from 0\.8 on reported/,
    ),
    baseline: { days: 10, observed: 1, threshold: 0.8 },
    subject: { address: "203.0.113.66", port: 443, bytes: 288 * 500 },
    count: 288,
  });
});

test("a peer that keeps time since it was learned stays normal, with another beside it that does not", () => {
  const story = [...Array.from({ length: 10 }, scheduled), ...days(2, ...scheduled(), ...at(c2, every(420)))];
  const subjects = [...live(story).values()].flat().map(({ subject }) => subjectName(subject));
  expect(new Set(subjects)).toEqual(new Set(["203.0.113.0/24"]));
});

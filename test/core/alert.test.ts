import { alertOf } from "../../functions/core/alert";
import { type FindingRecord, publicFinding } from "../../functions/core/finding";
import { days, GROUP, live } from "../support/watch";

const found = (entity?: typeof GROUP) =>
  publicFinding(
    live([...days(14, { to: "users-db" }), [{ to: "ledger-db" }]], {}, entity).get(14)?.[0] as FindingRecord,
  );

test("the mail says what, who, where, since when, why and what to look at first", () => {
  const { subject, text } = alertOf(found());
  expect(subject).toBe("[Plumbline high] RDSQueryLogger talks to a new internal peer: ledger-db");
  expect(text.split("\n")).toEqual([
    "RDSQueryLogger talks to a new internal peer: ledger-db",
    "",
    "What:     NewInternalPeer: First connection to an internal address or resource",
    "Who:      arn:aws:lambda:us-east-1:111122223333:function:RDSQueryLogger",
    "Where:    account 111122223333, us-east-1",
    "Peer:     ledger-db at address of ledger-db, port 5432/tcp",
    "Since:    2026-10-15T01:00:00Z, seen 1 time, last 2026-10-15T01:00:30Z",
    "Severity: high (7 of 10)",
    "Numbers:  expected 1, observed 2, after 14 days of history",
    "",
    "Why this is unusual",
    expect.stringContaining("Its history since 2026-10-01 (14 days) has 1 internal peer: users-db"),
    "",
    "What to look at first",
    expect.stringContaining("Was the function deployed shortly before?"),
    "",
    "Evidence",
    "2026-10-15T01:00:00Z  AWSLogs/day-14.log.gz line 2",
    "",
    expect.stringMatching(/^Finding [0-9a-f]{20}\. To see it again: plumbline findings show [0-9a-f]{20}$/),
  ]);
});

test("machines get the finding as JSON, and attributes to filter by", () => {
  const finding = found();
  const { json, attributes } = alertOf(finding);
  expect(JSON.parse(json)).toEqual(finding);
  expect(attributes).toEqual({
    type: "NewInternalPeer",
    severity: "high",
    accountId: "111122223333",
    functionNames: ["RDSQueryLogger"],
  });
});

test("a group's alert names its candidates", () => {
  const { text, attributes } = alertOf(found(GROUP));
  expect(text).toContain("Who:      one of A and B (group:vpc-1:sg-1)");
  expect(attributes.functionNames).toEqual(["A", "B"]);
});

test.each([
  ["long", "x".repeat(500)],
  ["in another alphabet", "база данных"],
  ["with line breaks", "a\nb\rc"],
])(
  "a title that is %s makes a subject that SNS takes: ASCII, one line, at most 100 characters",
  (_, title) => {
    const { subject } = alertOf({ ...found(), title });
    expect(subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,99}$/);
  },
);

import { days, live, type Talk, typesByDay } from "../../support/watch";

const db: Talk = { to: "users-db" };
const ssh: Talk = { ...db, port: 22 };
const high = (port: number): Talk => ({ ...db, port });

test.each<[string, Talk[][], Record<number, string[]>]>([
  ["another port of a known peer", [...days(14, db), [db, ssh]], { 14: ["NewPeerPort"] }],
  [
    "another protocol on the same port",
    [...days(14, db), [{ ...db, protocol: 17 }]],
    { 14: ["NewPeerPort"] },
  ],
  ["the first of the high ports", [...days(14, db), [high(50_001)]], { 14: ["NewPeerPort"] }],
])("fires on %s", (_, story, expected) => {
  expect(typesByDay(live(story))).toEqual(expected);
});

test.each<[string, Talk[][]]>([
  ["the same port", days(20, db)],
  ["a port that was there in the learning days", [[db, ssh], ...days(13, db), [ssh]]],
  ["a port met on the last day of learning", [...days(6, db), [ssh], ...days(3, db, ssh)]],
  ["another of the high ports, which servers draw anew", [...days(14, db, high(50_001)), [high(60_002)]]],
  ["a peer whose ports change every day", Array.from({ length: 20 }, (_, day) => [high(2000 + day)])],
  [
    "a peer with more ports than are kept",
    [Array.from({ length: 70 }, (_, i) => high(3000 + i)), ...days(9, db), [ssh]],
  ],
  ["a format without ports", [...days(14, db), [{ ...db, port: -1, protocol: -1 }]]],
])("stays quiet on %s", (_, story) => {
  expect(typesByDay(live(story))).toEqual({});
});

test("the ports of a new peer belong to that peer's finding, also when the peer has become normal", () => {
  const both: Talk[] = [db, { to: "ledger-db" }, { to: "ledger-db", port: 8080 }];
  const story = [...days(10, db), ...days(3, db, { to: "ledger-db" }), ...days(10, ...both)];
  const types = Object.values(typesByDay(live(story))).flat();
  expect(new Set(types)).toEqual(new Set(["NewInternalPeer"]));
});

test("a new port of a peer that has become normal is reported", () => {
  const story = [...days(10, db), ...days(9, db, { to: "ledger-db" }), [{ to: "ledger-db", port: 22 }]];
  expect(typesByDay(live(story))[19]).toEqual(["NewPeerPort"]);
});

test("the numbers and the words", () => {
  const [record] = live([...days(14, db), [ssh]]).get(14) ?? [];
  expect(record).toMatchObject({
    severity: "medium",
    score: 6, // 3 + 2 * 14 / 14 + 1
    title: "RDSQueryLogger uses a new port of users-db: 22/tcp",
    baseline: { days: 14, expected: 1, observed: 2, threshold: 1 },
  });
  expect(record?.explanation).toContain("on 1 port: 5432/tcp, the last new one 14 days ago.");
});

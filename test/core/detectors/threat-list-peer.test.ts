import { parseThreatLists, type ThreatListText } from "../../../functions/core/threat-list";
import { days, GROUP, live, type Talk, typesByDay } from "../../support/watch";

const db: Talk = { to: "users-db", address: "10.0.0.9" };
const to = (address: string, more: Partial<Talk> = {}): Talk => ({
  to: address,
  address,
  kind: "internet",
  port: 443,
  ...more,
});
const BAD = {
  name: "botnets.txt",
  text: "# seen in September\n198.51.100.0/28\n198.51.100.77\n2001:db8:66::/48\n",
};
const TOR = { name: "tor-exits.txt", text: "192.0.2.99\n" };

const under = (story: Talk[][], ...lists: ThreatListText[]) =>
  live(story, {}, undefined, parseThreatLists(lists.length === 0 ? [BAD, TOR] : lists));
const own = (story: Talk[][], ...lists: ThreatListText[]) =>
  Object.fromEntries(
    Object.entries(typesByDay(under(story, ...lists)))
      .map(([day, types]) => [day, types.filter((type) => type === "ThreatListPeer")] as const)
      .filter(([, types]) => types.length > 0),
  );

test.each<[string, Talk[][], Record<number, string[]>]>([
  [
    "a listed address, in the first minute of a function's history",
    [[to("198.51.100.77")]],
    { 0: ["ThreatListPeer"] },
  ],
  ["an address in a listed block", [...days(14, db), [to("198.51.100.15")]], { 14: ["ThreatListPeer"] }],
  ["an address by IPv6", [[to("2001:db8:66::1")]], { 0: ["ThreatListPeer"] }],
  ["a Tor exit", [[to("192.0.2.99")]], { 0: ["ThreatListPeer"] }],
  ["an address of an AWS service", [[to("198.51.100.77", { kind: "service" })]], { 0: ["ThreatListPeer"] }],
  ["a rejected attempt", [[to("198.51.100.77", { rejected: true })]], { 0: ["ThreatListPeer"] }],
  [
    "each of two addresses of one peer",
    [[to("198.51.100.1", { to: "site" }), to("198.51.100.2", { to: "site" })]],
    { 0: ["ThreatListPeer", "ThreatListPeer"] },
  ],
  [
    "a peer that has long been normal",
    days(3, to("198.51.100.77")),
    { 0: ["ThreatListPeer"], 1: ["ThreatListPeer"], 2: ["ThreatListPeer"] },
  ],
])("fires on %s", (_, story, expected) => {
  expect(own(story)).toEqual(expected);
});

test.each<[string, Talk[][], ThreatListText[]]>([
  ["an address that no list names", [[to("203.0.113.5")]], [BAD]],
  [
    "the address just before a listed block, and just after it",
    [[to("198.51.99.255"), to("198.51.100.16")]],
    [BAD],
  ],
  ["an internal peer, even at a listed address", [[to("198.51.100.77", { kind: "internal" })]], [BAD]],
  ["anything where there is no list", [[to("198.51.100.77")]], [{ name: "empty", text: "" }]],
  [
    "a list that is rubbish",
    [[to("198.51.100.77")]],
    [{ name: "x", text: "0.0.0.0/0\n\u0000\u001b[2J\n<html>" }],
  ],
  ["a flow without an address", [[to("-")]], [BAD]],
])("stays quiet on %s", (_, story, lists) => {
  expect(own(story, ...lists)).toEqual({});
});

test("what one address does is one finding, counted", () => {
  const found = under([[to("198.51.100.77"), to("198.51.100.77", { port: 80, at: 7200 })]]).get(0);
  expect(found).toMatchObject([{ type: "ThreatListPeer", count: 2 }]);
});

test.each<[string, Partial<Talk>, number, string]>([
  ["answered", {}, 9, "critical"],
  ["without an answer", { unanswered: true }, 8, "high"], // 9 - 1
  ["rejected", { rejected: true }, 7, "high"], // 9 - 2
])("a connection %s scores %s", (_, more, score, severity) => {
  const [record] = under([[to("198.51.100.77", more)]]).get(0) ?? [];
  expect(record).toMatchObject({ score, severity });
  expect(record?.explanation).toContain(`Score ${score} (${severity}): 9 for an address on a threat list`);
});

test("the words name the list, the entry, the peer and whether it was known", () => {
  const story = [...days(2, to("203.0.113.9")), [to("198.51.100.5", { to: "Bad Hosting (AS64500, US)" })]];
  const [record] = under(story).get(2) ?? [];
  expect(record).toMatchObject({
    title: "RDSQueryLogger talks to 198.51.100.5, which the threat list botnets.txt names",
    subject: { peer: "Bad Hosting (AS64500, US)", address: "198.51.100.5", port: 443, bytes: 500 },
    baseline: { days: 2, expected: 0, observed: 1, threshold: 0 },
    mitre: ["T1071"],
    learnedFrom: null,
  });
  expect(record?.explanation).toMatch(
    /^RDSQueryLogger connected to Bad Hosting \(AS64500, US\) at 198\.51\.100\.5, port 443\/tcp/,
  );
  expect(record?.explanation).toContain(
    "198.51.100.5 is on the threat list botnets.txt: line 2 within 198.51.100.0/28.",
  );
  expect(record?.explanation).toContain("This peer had not been talked to before that day.");
});

test("a Tor exit is called one, and a known peer is said to be known", () => {
  const [record] = under(days(2, to("192.0.2.99"))).get(1) ?? [];
  expect(record).toMatchObject({
    title: "RDSQueryLogger talks to a Tor exit: 192.0.2.99",
    mitre: ["T1090.003"],
  });
  expect(record?.explanation).toContain("tor-exits.txt, a list of Tor exits: line 1.");
  expect(record?.explanation).toContain("This peer has been talked to since 2026-10-01.");
});

test("a group is one finding that names every candidate", () => {
  const [record] = live([[to("198.51.100.77")]], {}, GROUP, parseThreatLists([BAD])).get(0) ?? [];
  expect(record).toMatchObject({ type: "ThreatListPeer", attribution: "ambiguous", functionArn: null });
  expect(record?.explanation).toMatch(/^A or B connected/);
});

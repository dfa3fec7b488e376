import { MOST_PROBLEMS, NO_THREAT_LISTS, parseThreatLists } from "../../functions/core/threat-list";

const one = (text: string, name = "bad.txt") => parseThreatLists([{ name, text }]);

describe("an entry is found", () => {
  test.each<[string, string, string, string, number]>([
    ["an address", "198.51.100.7", "198.51.100.7", "198.51.100.7", 1],
    ["a CIDR block", "# head\n198.51.100.0/24", "198.51.100.200", "198.51.100.0/24", 2],
    ["a range", "198.51.100.5-198.51.100.9", "198.51.100.9", "198.51.100.5-198.51.100.9", 1],
    ["a range with spaces", "198.51.100.5 - 198.51.100.9", "198.51.100.6", "198.51.100.5 - 198.51.100.9", 1],
    ["IPv6 in another form", "2001:DB8:0:0::1", "2001:db8::1", "2001:DB8:0:0::1", 1],
    ["a block of IPv6", "2001:db8::/32", "2001:db8:1::9", "2001:db8::/32", 1],
    ["a range of IPv6", "2001:db8::1-2001:db8::ff", "2001:db8::80", "2001:db8::1-2001:db8::ff", 1],
    ["with a comment behind it", "198.51.100.7 # seen in May", "198.51.100.7", "198.51.100.7", 1],
    ["with a semicolon's comment", "198.51.100.0/24 ; SBL1", "198.51.100.1", "198.51.100.0/24", 1],
    ["with Windows line ends", "a\r\n198.51.100.7\r\n198.51.100.8\r\n", "198.51.100.8", "198.51.100.8", 3],
    ["after blank lines", "\n \n\t198.51.100.7\t\n", "198.51.100.7", "198.51.100.7", 3],
    ["the narrowest", "198.51.0.0/16\n198.51.100.0/24\n198.51.100.7", "198.51.100.7", "198.51.100.7", 3],
    ["the first of equal ones", "198.51.100.7\n198.51.100.7/32", "198.51.100.7", "198.51.100.7", 1],
    [
      "of Tor's own list",
      "ExitNode ABC\nPublished 2026-10-01 01:02:03\nLastStatus 2026-10-01 02:00:00\nExitAddress 198.51.100.7 2026-10-01 02:01:00\n",
      "198.51.100.7",
      "198.51.100.7",
      4,
    ],
  ])("%s", (_, text, address, entry, line) => {
    expect(one(text).find(address)).toEqual({ list: "bad.txt", entry, line, isTor: false });
  });

  test("in the list that names it", () => {
    const lists = parseThreatLists([
      { name: "empty.txt", text: "# nothing\n" },
      { name: "a.txt", text: "198.51.100.7\n198.51.100.8" },
      { name: "b.txt", text: "192.0.2.0/24\n198.51.100.8" },
    ]);
    expect(["198.51.100.7", "198.51.100.8", "192.0.2.9"].map((address) => lists.find(address)?.list)).toEqual(
      ["a.txt", "a.txt", "b.txt"],
    );
    expect(lists).toMatchObject({ lists: 3, entries: 4, duplicates: 1, overlapping: 0, problemCount: 0 });
  });
});

test("an address is found behind NAT64, too", () => {
  expect(one("198.51.100.7").find("64:ff9b::c633:6407")?.entry).toBe("198.51.100.7");
});

test.each(["198.51.100.6", "2001:db8::1", "10.0.0.1", "no address", ""])("%p is not listed", (address) => {
  expect(one("198.51.100.7").find(address)).toBeNull();
  expect(NO_THREAT_LISTS.find(address)).toBeNull();
});

describe("a line is refused", () => {
  test.each<[string, string, RegExp]>([
    ["the whole internet", "0.0.0.0/0", /more than a \/8/],
    ["the whole of IPv6", "::/0", /more than a \/16/],
    ["a block wider than /8", "4.0.0.0/7", /more than a \/8/],
    ["a block of IPv6 wider than /16", "2000::/15", /more than a \/16/],
    ["a range of everything", "1.0.0.0-223.255.255.255", /more than a \/8/],
    ["a private block", "10.0.0.0/8", /private or reserved/],
    ["a block with a private one in it", "172.0.0.0/8", /private or reserved/],
    ["a private address", "192.168.1.1", /private or reserved/],
    ["an IPv4 address in the form of IPv6", "::ffff:198.51.100.9", /write them as IPv4/],
    ["multicast", "239.1.2.3", /private or reserved/],
    ["unique local IPv6", "fd00::1", /private or reserved/],
    ["a public resolver", "8.8.8.8", /public resolver of Google/],
    ["a block with a resolver in it", "1.1.1.0/24", /public resolver of Cloudflare/],
    ["a resolver by IPv6", "2620:fe::fe", /public resolver of Quad9/],
    ["a name", "evil.example.com", /"evil\.example\.com" is no address, CIDR block or range/],
    ["a number out of range", "198.51.100.256", /is no address/],
    ["a prefix out of range", "198.51.100.0/33", /is no address/],
    ["a range backwards", "198.51.100.9-198.51.100.5", /ends before it begins/],
    ["a range across families", "198.51.100.9-2001:db8::1", /one family/],
    ["a range with three ends", "1.2.3.4-1.2.3.5-1.2.3.6", /is no address/],
    ["a table", "198.51.100.7,2026-10-01,botnet", /is no address/],
    ["markup", "<html>\u001b[31m", /"<html> \[31m" is no address/],
    ["a line without an end", "1".repeat(2_000_000), /longer than 500 characters/],
  ])("%s", (_, line, reason) => {
    const lists = one(`198.51.100.7\n${line}\n198.51.100.8`);
    expect(lists.problems).toEqual([{ list: "bad.txt", line: 2, reason: expect.stringMatching(reason) }]);
    expect(lists.entries).toBe(2);
    expect(lists.find("198.51.100.8")?.line).toBe(3);
  });
});

test("a /8 and a /16 of IPv6 are the widest that are believed", () => {
  expect(one("5.0.0.0/8\n2a01::/16")).toMatchObject({ entries: 2, problemCount: 0 });
});

test("problems are counted to the last and named up to a number", () => {
  const lists = one("rubbish\n".repeat(1000));
  expect(lists.problems).toHaveLength(MOST_PROBLEMS);
  expect(lists.problemCount).toBe(1000);
});

test("entries within others are counted", () => {
  expect(one("198.51.100.0/24\n198.51.100.7\n198.51.100.7")).toMatchObject({
    entries: 3,
    duplicates: 1,
    overlapping: 1,
  });
});

test.each([
  ["tor-exits.txt", true],
  ["lists/tor.txt", true],
  ["TorBulkExitList", true],
  ["exit_tor", true],
  ["monitor.txt", false],
  ["torrents.txt", false],
  ["vector-tora.txt", false],
])("a list called %s is one of Tor's exits: %s", (name, isTor) => {
  expect(one("198.51.100.7", name).find("198.51.100.7")?.isTor).toBe(isTor);
});

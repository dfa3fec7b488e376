import { days, GROUP, live, type Talk, typesByDay } from "../../support/watch";

const users: Talk = { to: "users-db" };
const audit: Talk = { to: "audit-db" };
const ledger: Talk = { to: "ledger-db" };
const internet = (to: string): Talk => ({ to, kind: "internet", port: 443 });
const flood = (strangers: number) => Array.from({ length: strangers }, (_, i) => internet(`198.51.100.${i}`));
const S3: Talk = { to: "AWS S3", kind: "service", port: 443 };

describe("a new peer is reported", () => {
  test.each<[string, Talk[][], object, Record<number, string[]>]>([
    [
      "an internal one after two weeks",
      [...days(14, users, audit), [users, ledger]],
      {},
      { 14: ["NewInternalPeer"] },
    ],
    ["a public address", [...days(14, users), [internet("203.0.113.9")]], {}, { 14: ["NewExternalPeer"] }],
    ["an AWS service", [...days(14, users), [S3]], {}, { 14: ["NewExternalPeer"] }],
    [
      "one that was rejected",
      [...days(14, users), [{ ...ledger, rejected: true }]],
      {},
      { 14: ["NewInternalPeer"] },
    ],
    ["on the first day after learning", [...days(7, users), [ledger]], {}, { 7: ["NewInternalPeer"] }],
    ["with one day of learning", [[users], [ledger]], { learningDays: 1 }, { 1: ["NewInternalPeer"] }],
    [
      "with no learning, from the first connection",
      [[users]],
      { learningDays: 0 },
      { 0: ["NewInternalPeer"] },
    ],
    [
      "to a function that never had any of its class",
      [...days(8, S3), [users]],
      {},
      { 8: ["NewInternalPeer"] },
    ],
  ])("%s", (_, story, settings, expected) => {
    expect(typesByDay(live(story, settings))).toEqual(expected);
  });
});

describe("an address or interface that was known is no excuse", () => {
  const db: Talk = { to: "users-db", address: "10.0.0.9", eni: "eni-db" };
  test.each<[string, Talk]>([
    ["when the address passed to another interface", { to: "jump", address: "10.0.0.9", eni: "eni-jump" }],
    [
      "when it passed on and another port is used",
      { to: "jump", address: "10.0.0.9", eni: "eni-jump", port: 22 },
    ],
    ["when its holder is gone and nobody knows who has it", { to: "10.0.0.9", address: "10.0.0.9" }],
    [
      "for another port of a renamed interface",
      { to: "users-db-v2", address: "10.0.0.9", eni: "eni-db", port: 22 },
    ],
  ])("%s", (_, talk) => {
    expect(typesByDay(live([...days(14, db), [talk]]))).toEqual({ 14: ["NewInternalPeer"] });
  });
});

describe("more or less is known of the addresses of a public peer", () => {
  const service = (to: string, ...otherKeys: string[]): Talk => ({
    to,
    kind: "service",
    port: 443,
    otherKeys,
  });
  const anywhere = service("S3");
  const virginia = service("S3/us-east-1", "service/S3");
  const ireland = service("S3/eu-west-1", "service/S3");
  const gitHub: Talk = { ...internet("network/AS36459"), otherKeys: ["internet/140.82.112.3"] };
  test.each<[string, Talk[][], Record<number, string[]>]>([
    ["a Region of a service that was known without", [...days(14, anywhere), ...days(10, virginia)], {}],
    ["a service of which a Region was known", [...days(14, virginia), [virginia, anywhere]], {}],
    [
      "a network that was known by its address",
      [...days(14, internet("140.82.112.3")), ...days(10, gitHub)],
      {},
    ],
    ["another Region of a service", [...days(14, virginia), [ireland]], { 14: ["NewExternalPeer"] }],
    ["another port of it", [...days(14, anywhere), [{ ...virginia, port: 22 }]], { 14: ["NewExternalPeer"] }],
    [
      "a service whose name begins alike",
      [...days(14, service("S3_EXPRESS/us-east-1")), [anywhere]],
      { 14: ["NewExternalPeer"] },
    ],
  ])("%s", (_, story, expected) => {
    expect(typesByDay(live(story))).toEqual(expected);
  });
});

describe("it stays quiet", () => {
  const rotating = Array.from({ length: 120 }, (_, day) => [users, internet(`203.0.113.${day}`)]);
  test.each<[string, Talk[][], object]>([
    ["about the same peers", days(20, users, audit, S3), {}],
    ["while it learns", [...days(6, users), [ledger]], {}],
    [
      "about a peer of the learning days that comes back",
      [[users, ledger], ...days(20, users), [ledger]],
      {},
    ],
    ["about a function that sleeps for a week and goes on", [...days(2, users), ...days(9), [users]], {}],
    [
      "about an address that the inventory names later",
      [
        ...days(9, { to: "10.0.0.9", address: "10.0.0.9" }),
        [{ to: "orders", address: "10.0.0.9", eni: "eni-1" }],
      ],
      {},
    ],
    [
      "about an interface that gets another name",
      [...days(9, { to: "orders", eni: "eni-1" }), [{ to: "orders-v2", eni: "eni-1" }]],
      {},
    ],
    ["about new addresses where new addresses come every day", rotating, {}],
    [
      "about a wide entity",
      [Array.from({ length: 12 }, (_, i) => ({ to: `host-${i}` })), ...days(9, users), [ledger]],
      { maxPeers: 10 },
    ],
  ])("%s", (_, story, settings) => {
    expect(typesByDay(live(story, settings))).toEqual({});
  });

  test("what was reported is no evidence of being normal: a new host every day is, after as many days as are learned", () => {
    const spread = Array.from({ length: 12 }, (_, i) => [users, { to: `host-${i}`, port: 22 }]);
    const reported = [...live([...days(10, users), ...spread]).keys()];
    expect(reported).toEqual([10, 11, 12, 13, 14, 15, 16]);
  });

  test("three odd contacts in the first week do not hide one after a fortnight", () => {
    const odd = (i: number): Talk[] => [users, internet(`198.51.100.${i}`)];
    const story = [[users], [users], odd(1), [users], odd(2), [users], odd(3), ...days(7, users), odd(4)];
    expect(typesByDay(live(story))).toEqual({ 14: ["NewExternalPeer"] });
  });

  test("two passing peers in a fortnight are not enough to hide a new one", () => {
    const story = [
      ...days(3, users),
      [users, audit],
      ...days(4, users),
      [users, S3],
      ...days(5, users),
      [ledger],
    ];
    expect(typesByDay(live(story))).toEqual({ 8: ["NewExternalPeer"], 14: ["NewInternalPeer"] });
  });

  test("a flood of public addresses hides neither a new internal peer nor a new port of a known one", () => {
    const story = [...days(9, users), [users, ...flood(30)], [users, ledger, { ...users, port: 22 }]];
    expect(typesByDay(live(story, { maxPeers: 10 }))[10]).toEqual(["NewInternalPeer", "NewPeerPort"]);
  });

  test.each<[string, Talk[][], Record<number, number>]>([
    ["of strangers is one finding, once", [...days(9, users), [users, ...flood(30)], [users]], { 9: 1 }],
    ["while the entity is learned is none", [[users], [users, ...flood(30)], ...days(9, users)], {}],
    ["by who knew many before is none", [[users, ...flood(4)], ...days(9, users), [...flood(30)]], {}],
    [
      "of vain attempts is a scan",
      [...days(9, users), flood(60).map((one) => ({ ...one, unanswered: true }))],
      { 9: 1 },
    ],
  ])("a flood %s", (_, story, expected) => {
    const found = live(story, { maxPeers: 20 });
    expect(Object.fromEntries([...found].map(([day, records]) => [day, records.length]))).toEqual(expected);
  });

  test("an entity is wide no longer than what it met is kept", () => {
    const flood = Array.from({ length: 30 }, (_, i) => ({ to: `host-${i}` }));
    const story = [[users], [users, ...flood], ...days(40, users), [users, ledger]];
    expect(typesByDay(live(story, { maxPeers: 10 }))).toEqual({ 42: ["NewInternalPeer"] });
  });

  test("new internal peers are reported even where new public addresses come every day", () => {
    const story = [...rotating.slice(0, 14), [users, ledger]];
    expect(typesByDay(live(story))).toEqual({ 14: ["NewInternalPeer"] });
  });
});

test("a new peer stays one finding until it was there for as many days as are learned, then is normal", () => {
  const findings = live([...days(10, users), ...days(12, users, ledger)]);
  expect([...findings.keys()]).toEqual([10, 11, 12, 13, 14, 15, 16]);
  expect(new Set([...findings.values()].flat().map((record) => record.id)).size).toBe(1);
});

test("an entity that was forgotten is learned anew", () => {
  expect(typesByDay(live([...days(10, users), ...days(40), [ledger], [audit]]))).toEqual({});
});

test("the numbers, the words and the evidence of a finding", () => {
  const [record] = live([...days(14, users, audit), [ledger]]).get(14) ?? [];
  expect(record).toMatchObject({
    severity: "high",
    score: 7, // 4 + 2 * min(1, 14 / 14) + 1 for at most 5 known
    attribution: "certain",
    functionName: "RDSQueryLogger",
    subject: { peer: "ledger-db", port: 5432, protocol: "tcp", direction: "egress", bytes: 500 },
    title: "RDSQueryLogger talks to a new internal peer: ledger-db",
    baseline: { days: 14, expected: 2, observed: 3, threshold: 2, rarity: "UNSEEN" },
    evidence: [{ source: "flow-log", ref: "AWSLogs/day-14.log.gz", at: "2026-10-15T01:00:00Z", line: 2 }],
    count: 1,
    firstSeen: "2026-10-15T01:00:00Z",
    lastSeen: "2026-10-15T01:00:30Z",
    status: "open",
    learnedFrom: "2026-10-01T00:00:00Z",
  });
  expect(record?.explanation).toContain(
    "2 internal peers: audit-db and users-db, the last new one 14 days ago.",
  );
  expect(record?.explanation).toContain(
    "Score 7 (high): 4 for a new internal peer, 2 for 14 days without a new one, 1 for knowing only 2.",
  );
});

test.each<[string, Talk[][], number]>([
  ["a week of quiet counts half", [...days(7, users), [ledger]], 6], // 4 + 2 * 7 / 14 + 1
  ["a recent other new peer lowers it", [...days(13, users), [users, audit], [ledger]], 5.1], // 4 + 2 * 1 / 14 + 1
  [
    "many known peers lower it",
    [...days(14, ...Array.from({ length: 21 }, (_, i) => ({ to: `h${i}` }))), [ledger]],
    6,
  ], // 4 + 2
  ["a rejected attempt scores one less", [...days(14, users), [{ ...ledger, rejected: true }]], 6], // 4 + 2 + 1 - 1
  ["an AWS service scores less than an address", [...days(14, users), [S3]], 5.5], // 2.5 + 2 + 1
])("%s", (_, story, score) => {
  expect(live(story).get(story.length - 1)?.[0]?.score).toBe(score);
});

test("a group is one finding that names every candidate and says how to tell them apart", () => {
  const found = live([...days(14, users), [ledger, ledger]], {}, GROUP).get(14) ?? [];
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({
    entity: GROUP.id,
    attribution: "ambiguous",
    functionArn: null,
    functionName: null,
  });
  expect(found[0]?.candidates.map((candidate) => candidate.functionName)).toEqual(["A", "B"]);
  expect(found[0]?.explanation).toMatch(/^A or B connected to .* share one network interface/s);
});

test("hostile names do not break it", () => {
  const name = "__proto__";
  const [record] = live([...days(9, users), [{ to: name }]]).get(9) ?? [];
  expect(record?.subject).toMatchObject({ peer: name });
  expect(({} as Record<string, unknown>).contact).toBeUndefined();
});

import { days, live, type Talk, typesByDay } from "../../support/watch";

const users: Talk = { to: "users-db" };
const targets = (count: number, more: Partial<Talk> = {}): Talk[] =>
  Array.from({ length: count }, (_, i) => ({
    to: `10.0.${Math.floor(i / 100)}.${i % 100}`,
    address: `10.0.${Math.floor(i / 100)}.${i % 100}`,
    port: 22,
    unanswered: true,
    ...more,
  }));
const abroad = (count: number, more: Partial<Talk> = {}) =>
  targets(count, more).map((talk): Talk => ({ ...talk, to: `198.51.${talk.to.slice(5)}`, kind: "internet" }));
const onDay = (day: number, story: Talk[][]) => typesByDay(live(story))[day] ?? [];

describe("fires on", () => {
  test.each<[string, Talk[]]>([
    ["150 addresses that do not answer", targets(150)],
    ["25 that reject", targets(25, { rejected: true })],
    ["25 that refuse, with a reset", targets(25, { unanswered: false, refused: true })],
    [
      "one host on 40 ports",
      Array.from({ length: 40 }, (_, i) => ({ ...targets(1)[0], port: 1000 + i })) as Talk[],
    ],
    ["a ping of 60 addresses", targets(60, { protocol: 1, port: 0, bytes: 5_000 })],
    ["60 public addresses", abroad(60)],
    ["UDP that is rejected", targets(30, { protocol: 17, rejected: true })],
    ["a scan across the full hour", [...targets(13, { at: 7100 }), ...targets(26, { at: 7300 }).slice(13)]],
  ])("%s, and on nothing else", (_, scan) => {
    expect(onDay(10, [...days(10, users), [users, ...scan]])).toEqual(["ConnectionScan"]);
  });

  test("a function that was never seen before", () => {
    expect(onDay(0, [[users, ...targets(150)]])).toEqual(["ConnectionScan"]);
  });

  test("both networks, as two findings", () => {
    expect(onDay(10, [...days(10, users), [...targets(30), ...abroad(60)]])).toEqual([
      "ConnectionScan",
      "ConnectionScan",
    ]);
  });
});

describe("stays quiet on", () => {
  test.each<[string, Talk[]]>([
    ["24 internal targets", targets(24)],
    ["49 public ones", abroad(49)],
    ["targets that answer", targets(60, { unanswered: false })],
    ["UDP that is not answered", targets(60, { protocol: 17 })],
    ["the same target again and again", Array.from({ length: 200 }, () => targets(1)[0] as Talk)],
    ["connections that carried data, whose answers are in the next object", targets(60, { bytes: 4_000 })],
  ])("%s", (_, talks) => {
    expect(onDay(10, [...days(10, users), [users, ...talks]])).not.toContain("ConnectionScan");
  });

  test("known services that are down", () => {
    const up = targets(60, { unanswered: false });
    expect(onDay(10, [...days(10, ...up), targets(60)])).toEqual([]);
  });

  test("a crawler, which meets more that answer than not", () => {
    const crawl = [...abroad(60), ...abroad(150, { unanswered: false }).slice(60)];
    expect(onDay(10, [...days(10, users), crawl])).not.toContain("ConnectionScan");
  });
});

test("what a scan met does not fill the baseline: what comes after is still seen", () => {
  const story = [...days(10, users), [users, ...targets(2_000)], [users, { to: "payroll-db" }]];
  expect(typesByDay(live(story, { maxPeers: 50 }))).toEqual({
    10: ["ConnectionScan"],
    11: ["NewInternalPeer"],
  });
});

test("what answers during a scan is a new peer beside it", () => {
  const story = [...days(10, users), [...targets(150), { to: "10.0.9.9", port: 22 }]];
  expect(onDay(10, story).sort()).toEqual(["ConnectionScan", "NewInternalPeer"]);
});

test("the numbers, the words and the evidence", () => {
  const [finding] = live([...days(10, users), [users, ...targets(150)]]).get(10) ?? [];
  expect(finding).toMatchObject({
    severity: "high",
    score: 8.6,
    title: "RDSQueryLogger scans its own network: 150 targets in vain",
    subject: { peer: "150 targets: 10.0.0.0/24 (100) and 10.0.1.0/24 (50)", address: "10.0.0.0", port: 22 },
    baseline: { days: 10, observed: 150, threshold: 25 },
    explanation: expect.stringContaining(
      "none of the unfamiliar ones answered. By network: 10.0.0.0/24 (100) and 10.0.1.0/24 (50). By port: 22/tcp (150).",
    ),
    learnedFrom: null,
  });
});

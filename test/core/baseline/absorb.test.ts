import fc from "fast-check";
import type { Connection } from "../../../functions/core/attribution/attribute";
import { absorb } from "../../../functions/core/baseline/absorb";
import { type Baseline, EMPTY_BASELINE } from "../../../functions/core/baseline/baseline";
import { canonicalJson } from "../../../functions/core/canonical";
import { detectionConfig } from "../../../functions/core/config";
import { connection, type Talk } from "../../support/watch";

const config = { ...detectionConfig.parse({}), maxPeers: 10 };

const internal = (n: number): Talk => ({ to: `host-${n}` });
const external = (n: number): Talk => ({ to: `203.0.113.${n}`, kind: "internet" });
const many = (count: number, talk: (n: number) => Talk) => Array.from({ length: count }, (_, n) => talk(n));

const add = (before: Baseline, day: number, talks: Talk[]) =>
  absorb(
    before,
    talks.map((talk) => connection(day, talk)),
    config,
  );

const kept = ({ peers }: Baseline) => ({
  internal: [...peers.values()].filter(({ kind }) => kind === "internal").length,
  external: [...peers.values()].filter(({ kind }) => kind !== "internal").length,
});

const learned = add(EMPTY_BASELINE, 0, [...many(3, internal), ...many(2, external)]).after;

test.each<[string, Talk[], { internal: number; external: number }, string[]]>([
  ["as many as are kept", many(5, (n) => internal(10 + n)), { internal: 8, external: 2 }, []],
  ["a flood of external ones", many(90, (n) => external(10 + n)), { internal: 3, external: 7 }, ["external"]],
  ["a flood of internal ones", many(90, (n) => internal(10 + n)), { internal: 8, external: 2 }, ["internal"]],
  [
    "a flood of both",
    [...many(90, (n) => internal(10 + n)), ...many(90, (n) => external(10 + n))],
    { internal: 5, external: 5 },
    ["external", "internal"],
  ],
])("of %s, at most maxPeers stay, and only the more numerous class is wide", (_, talks, expected, wide) => {
  const { after } = add(learned, 9, talks);
  expect(kept(after)).toEqual(expected);
  expect(Object.keys(after.profile?.wide ?? {}).sort()).toEqual(wide);
  for (const key of learned.peers.keys()) expect(after.peers.has(key)).toBe(true);
});

test("which peers stay does not depend on the order in which a flood comes", () => {
  const flood: Connection[] = [
    ...many(25, (n) => internal(10 + n)),
    ...many(25, (n) => external(10 + n)),
  ].map((talk) => connection(9, talk));
  const text = ({ profile, peers }: Baseline) =>
    canonicalJson([profile, [...peers].sort(([a], [b]) => (a < b ? -1 : 1))]);
  const atOnce = text(absorb(learned, flood, config).after);
  fc.assert(
    fc.property(fc.shuffledSubarray(flood, { minLength: flood.length }), (order) => {
      const oneByOne = order.reduce((baseline, one) => absorb(baseline, [one], config).after, learned);
      expect(text(oneByOne)).toBe(atOnce);
    }),
  );
});

test("a peer that gives way to others is dropped from the store", () => {
  const full = add(EMPTY_BASELINE, 5, many(10, external)).after;
  const { changes } = add(full, 3, [external(50)]);
  expect(changes.dropped).toEqual(["PEER#internet/203.0.113.9"]);
});

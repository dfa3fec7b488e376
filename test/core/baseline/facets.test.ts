import fc from "fast-check";
import { type Facet, mergeFacets } from "../../../functions/core/baseline/facets";
import { MAX_INTERFACES, MAX_PORTS, type PeerFacet } from "../../../functions/core/baseline/flow-facets";
import { seenOn } from "../../../functions/core/baseline/history";
import { canonicalJson } from "../../../functions/core/canonical";

const RETENTION = 35;

/** One sighting of one peer, as an object shows it. */
const sighting = fc
  .record({
    day: fc.integer({ min: 100, max: 120 }),
    port: fc.integer({ min: 1, max: 99 }),
    host: fc.integer({ min: 1, max: 60 }),
  })
  .map(
    ({ day, port, host }): PeerFacet => ({
      facet: "PEER#internal/EC2:web",
      kind: "internal",
      name: "web (EC2)",
      contact: seenOn(day),
      ports: { [`${port}/tcp`]: seenOn(day) },
      manyPorts: false,
      interfaces: [`eni-${host}`],
      volume: {},
    }),
  );

const mergeAll = <F extends Facet>(facets: F[]): F => facets.reduce((a, b) => mergeFacets(a, b, RETENTION));

test("a peer is the same whatever the order and however often its sightings come", () => {
  const deliveries = fc
    .array(sighting, { minLength: 1, maxLength: 40 })
    .chain((once) =>
      fc.tuple(
        fc.constant(once),
        fc.shuffledSubarray([...once, ...once], { minLength: once.length * 2, maxLength: once.length * 2 }),
      ),
    );
  fc.assert(
    fc.property(deliveries, ([inOrder, shuffled]) => {
      expect(canonicalJson(mergeAll(shuffled))).toBe(canonicalJson(mergeAll(inOrder)));
    }),
  );
});

test("merging in groups gives what merging one by one gives", () => {
  fc.assert(
    fc.property(fc.array(sighting, { minLength: 3, maxLength: 30 }), fc.nat(), (all, cut) => {
      const at = 1 + (cut % (all.length - 1));
      const grouped = mergeFacets(mergeAll(all.slice(0, at)), mergeAll(all.slice(at)), RETENTION);
      expect(canonicalJson(grouped)).toBe(canonicalJson(mergeAll(all)));
    }),
  );
});

test("ports and interfaces are bounded, the first known stay, and it is said that there were more", () => {
  const peer = (day: number, port: number, id: string): PeerFacet => ({
    facet: "PEER#p",
    kind: "internal",
    name: "p",
    contact: seenOn(day),
    ports: { [`${port}/tcp`]: seenOn(day) },
    manyPorts: false,
    interfaces: [id],
    volume: {},
  });
  const flood = Array.from({ length: 200 }, (_, i) => peer(20, 1000 + i, `10.1.0.${i}`));
  const merged = mergeAll([peer(10, 443, "10.0.0.1"), ...flood]);
  expect(Object.keys(merged.ports)).toHaveLength(MAX_PORTS);
  expect(merged.ports["443/tcp"]).toEqual(seenOn(10));
  expect(merged.manyPorts).toBe(true);
  expect(merged.interfaces).toHaveLength(MAX_INTERFACES);
});

test("days before the retention are dropped, the first day is kept", () => {
  const profile = (day: number): Facet => ({ facet: "PROFILE", activity: seenOn(day), volume: {}, wide: {} });
  const days = [10, 30, 50, 60];
  expect(mergeAll(days.map(profile))).toMatchObject({ activity: { firstDay: 10, days: [30, 50, 60] } });
});

test("what was forgotten before it came back begins anew", () => {
  const profile = (day: number): Facet => ({
    facet: "PROFILE",
    activity: seenOn(day),
    volume: {},
    wide: { external: day },
  });
  const back: Facet = { facet: "PROFILE", activity: seenOn(80), volume: {}, wide: {} };
  expect(mergeFacets(profile(10), back, RETENTION)).toEqual(back);
  expect(mergeFacets(back, profile(10), RETENTION)).toEqual(back);
});

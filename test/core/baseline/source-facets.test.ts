import fc from "fast-check";
import { facetLastDay, mergeFacets } from "../../../functions/core/baseline/facets";
import {
  hasToldIn,
  hoursTold,
  type SourceFacet,
  sourceToldIn,
} from "../../../functions/core/baseline/source-facets";
import { canonicalJson } from "../../../functions/core/canonical";

const RETENTION = 35;
const hour = fc.integer({ min: 490_000, max: 490_000 + 60 * 24 });
const state = fc.tuple(hour, hour, fc.nat(50), fc.boolean()).map(
  ([heard, after, lasted, isOver]): SourceFacet => ({
    ...sourceToldIn("flow", heard),
    told: { [after]: { until: after + lasted, over: isOver ? after + lasted + 1 : 0 } },
  }),
);
const mergeAll = (facets: SourceFacet[]) => facets.reduce((a, b) => mergeFacets(a, b, RETENTION));

test("a source is the same whatever the order and however often its hours come", () => {
  const deliveries = fc.array(state, { minLength: 1, maxLength: 40 }).chain((once) => {
    const all = [...once, ...once];
    return fc.tuple(fc.constant(once), fc.shuffledSubarray(all, { minLength: all.length }));
  });
  fc.assert(
    fc.property(deliveries, ([inOrder, shuffled]) => {
      // What is forgotten altogether before the rest began adds nothing but its first hour, which may be told or not.
      const kept = inOrder.filter(
        (one) => facetLastDay(one) > Math.max(...inOrder.map(facetLastDay)) - RETENTION,
      );
      const again = shuffled.filter((one) => kept.includes(one));
      expect(canonicalJson(mergeAll(again))).toBe(canonicalJson(mergeAll(kept)));
    }),
  );
});

test("every hour within the retention is kept, and none besides", () => {
  fc.assert(
    fc.property(fc.array(hour, { minLength: 1, maxLength: 100 }), (heard) => {
      const facet = mergeAll(heard.map((one) => sourceToldIn("trail", one)));
      const last = Math.floor(Math.max(...heard) / 24);
      const kept = [...new Set(heard)].filter((one) => Math.floor(one / 24) > last - RETENTION);
      expect(hoursTold(facet)).toEqual(kept.sort((a, b) => a - b));
      expect(kept.every((one) => hasToldIn(facet, one))).toBe(true);
      expect(hasToldIn(facet, Math.max(...heard) + 1)).toBe(false);
    }),
  );
});

test("a source that tells every hour is an item of less than 2 KB", () => {
  const facet = mergeAll(Array.from({ length: 60 * 24 }, (_, i) => sourceToldIn("metrics", 490_000 + i)));
  expect(JSON.stringify(facet).length).toBeLessThan(2048);
});

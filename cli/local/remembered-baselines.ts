import type { BaselineStore } from "../../functions/adapters/ports";
import { baselineOf, facetsOf } from "../../functions/core/baseline/baseline";
import { type Facet, isForgotten } from "../../functions/core/baseline/facets";

/**
 * A store of which nobody else writes to the tables, as in a replay: what was read or written once is not read again.
 * (In AWS several containers write, and each reads before it judges.)
 */
export function rememberedBaselines(store: BaselineStore, retentionDays: number): BaselineStore {
  const known = new Map<string, Map<Facet["facet"], Facet>>();

  return {
    async load(entity, day) {
      const facets = known.get(entity) ?? byName(facetsOf(await store.load(entity, day)));
      for (const [name, facet] of facets) if (isForgotten(facet, day, retentionDays)) facets.delete(name);
      known.set(entity, facets);
      return baselineOf([...facets.values()], day, retentionDays);
    },
    async save(entity, changes) {
      const saved = await store.save(entity, changes);
      const facets = known.get(entity);
      for (const facet of saved) facets?.set(facet.facet, facet);
      for (const name of changes.dropped) facets?.delete(name);
      return saved;
    },
  };
}

const byName = (facets: readonly Facet[]) => new Map(facets.map((facet) => [facet.facet, facet]));

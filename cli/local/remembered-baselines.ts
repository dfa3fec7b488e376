import type { BaselineStore } from "../../functions/adapters/ports";
import {
  baselineOf,
  EMPTY_BASELINE,
  facetsOf,
  peerKeyOf,
  withFacets,
} from "../../functions/core/baseline/baseline";
import { type Facet, isForgotten, isPeer } from "../../functions/core/baseline/facets";
import { lastContact } from "../../functions/core/baseline/flow-facets";

export interface RememberedBaselines extends BaselineStore {
  /** Writes what was saved since the last flush. */
  flush(): Promise<void>;
}

/** Facets of one entity: as they are, as they are stored, and which of them are not. */
interface Remembered {
  readonly facets: Map<Facet["facet"], Facet>;
  readonly stored: Map<Facet["facet"], Facet>;
  readonly unsaved: Set<Facet["facet"]>;
}

/** So many facets may wait to be written. */
const MOST_UNSAVED = 5000;

/**
 * A store of which nobody else writes to the tables, as in a replay: what was read or written once is not read again, and
 * what changes every day is written once for all days. Should the replay be killed in between, its next run tells the same
 * again. (In AWS several containers write, and each reads before it judges.)
 */
export function rememberedBaselines(store: BaselineStore, retentionDays: number): RememberedBaselines {
  const known = new Map<string, Remembered>();
  let unsaved = 0;

  async function recall(entity: string, day: number): Promise<Remembered> {
    const remembered = known.get(entity);
    if (remembered !== undefined) return remembered;
    const stored = facetsOf(await store.load(entity, day));
    const fresh = { facets: byName(stored), stored: byName(stored), unsaved: new Set<Facet["facet"]>() };
    known.set(entity, fresh);
    return fresh;
  }

  async function flush(): Promise<void> {
    for (const [entity, { facets, stored, unsaved }] of known) {
      const names = [...unsaved];
      const merged = names.map((name) => facets.get(name)).filter((facet) => facet !== undefined);
      const dropped = names.filter((name) => !facets.has(name) && stored.has(name));
      await store.save(entity, { merged, dropped }, withFacets(EMPTY_BASELINE, [...stored.values()]));
      for (const name of dropped) stored.delete(name);
      for (const facet of merged) stored.set(facet.facet, facet);
      unsaved.clear();
    }
    unsaved = 0;
  }

  return {
    flush,
    async load(entity, day) {
      const { facets, stored, unsaved } = await recall(entity, day);
      for (const [name, facet] of facets) {
        if (!isForgotten(facet, day, retentionDays)) continue;
        // The store forgets it by itself.
        facets.delete(name);
        stored.delete(name);
        unsaved.delete(name);
      }
      return baselineOf([...facets.values()], day, retentionDays);
    },
    async save(entity, { merged, dropped }) {
      const remembered = known.get(entity);
      if (remembered === undefined) throw new Error(`${entity} is saved before it was loaded`);
      for (const facet of merged) remembered.facets.set(facet.facet, facet);
      for (const name of dropped) remembered.facets.delete(name);
      for (const name of [...merged.map(({ facet }) => facet), ...dropped]) remembered.unsaved.add(name);
      unsaved += merged.length + dropped.length;
      if (unsaved > MOST_UNSAVED) await flush();
      return [...merged];
    },
    async contacts(entities, peerKeys) {
      const stored = await store.contacts(
        entities.filter((entity) => !known.has(entity)),
        peerKeys,
      );
      const remembered = entities.map((entity) => {
        const facets = [...(known.get(entity)?.facets.values() ?? [])].filter(isPeer);
        return [entity, lastContact(facets.filter((facet) => peerKeys.includes(peerKeyOf(facet))))] as const;
      });
      return new Map([...stored, ...remembered.filter((one): one is [string, number] => one[1] !== null)]);
    },
  };
}

const byName = (facets: readonly Facet[]) => new Map(facets.map((facet) => [facet.facet, facet]));

import type { BaselineStore } from "../../functions/adapters/ports";
import { entityWatcher } from "../../functions/adapters/watch-entity";
import type { Usage } from "../../functions/core/attribution/usage";
import { baselineOf, sizeOf } from "../../functions/core/baseline/baseline";
import type { Facet } from "../../functions/core/baseline/facets";
import { detectionConfig } from "../../functions/core/config";
import { NO_THREAT_LISTS } from "../../functions/core/threat-list";
import { DAY, T0 } from "../support/flow-log";
import { connection, ENTITY } from "../support/watch";

const config = detectionConfig.parse({});

/** A container: what it keeps in memory, and what it loads of which entity. */
function container(mostCached: number) {
  const stored = new Map<string, Map<string, Facet>>();
  const loads: string[] = [];
  const baselines: BaselineStore = {
    async load(entity, day, part = "all") {
      loads.push(`${entity} ${part}`);
      return baselineOf([...(stored.get(entity)?.values() ?? [])], day, config.retentionDays);
    },
    contacts: async () => new Map(),
    async save(entity, { merged }) {
      const facets = stored.get(entity) ?? new Map<string, Facet>();
      for (const facet of merged) facets.set(facet.facet, facet);
      stored.set(entity, facets);
      return [...merged];
    },
  };
  const unused = () => {
    throw new Error("Nothing is found");
  };
  const watchEntity = entityWatcher({
    baselines,
    findings: {
      merge: unused,
      amend: unused,
      ofEntity: unused,
      claimAlert: unused,
      alertSent: unused,
      due: unused,
      get: unused,
      setStatus: unused,
      list: unused,
    },
    alerts: { publish: unused },
    threats: { current: async () => NO_THREAT_LISTS },
    config,
    clock: () => T0,
    log: { info: unused, warn: unused, error: unused },
    mostCached,
  });
  return {
    loads,
    talks: (id: string) => watchEntity({ ...ENTITY, id }, [connection(0, { to: "db" })]),
    isUsed: (id: string, at = T0) => {
      const points = [{ at, value: 3, tried: 3 }];
      const usage: Usage = { kind: "usage", metric: "Invocations", points, size: null };
      return watchEntity({ ...ENTITY, id }, [usage]);
    },
  };
}

/** An entity with a profile and one peer, as `sizeOf` counts. */
const SMALL = 3;

test("what says nothing new of an entity in memory loads nothing", async () => {
  const { talks, loads } = container(2 * SMALL);
  for (const id of ["a", "b", "a", "b"]) await talks(id);
  expect(loads).toEqual(["a all", "b all"]);
});

test("where memory is full, the entity that was loaded first gives way", async () => {
  const { talks, loads } = container(2 * SMALL - 1);
  for (const id of ["a", "b", "b", "a"]) await talks(id);
  expect(loads).toEqual(["a all", "b all", "a all"]);
});

test("metrics load what metrics left, and do not stand for the whole", async () => {
  const { talks, isUsed, loads } = container(100);
  await isUsed("a");
  await talks("a");
  await isUsed("a", T0 + DAY);
  await talks("a");
  expect(loads).toEqual(["a usage", "a all", "a usage"]);
});

test("an hour counts by its traces, each as large as a peer", async () => {
  const { talks } = container(100);
  expect(sizeOf((await talks("a")).baseline)).toBe(SMALL);
  const traces = { "first.log.gz": {}, "second.log.gz": {} } as never;
  const hour: Facet = { facet: "AT#2026-10-15T02", hour: Math.floor(T0 / 3600), traces };
  expect(sizeOf(baselineOf([hour], Math.floor(T0 / DAY), config.retentionDays))).toBe(2 + 2);
});

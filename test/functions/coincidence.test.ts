/** Weak usage and another finding of the same function, on the stores: whichever is told first. */

import { baselineStore } from "../../functions/adapters/dynamodb/baseline-store";
import { findingStore } from "../../functions/adapters/dynamodb/finding-store";
import { type EntityWatcher, entityWatcher } from "../../functions/adapters/watch-entity";
import type { Entity } from "../../functions/core/attribution/entity";
import type { Usage } from "../../functions/core/attribution/usage";
import { detectionConfig } from "../../functions/core/config";
import type { Observation } from "../../functions/core/detectors/detector";
import type { FindingRecord } from "../../functions/core/finding";
import { NO_THREAT_LISTS } from "../../functions/core/threat-list";
import { DAY, T0 } from "../support/flow-log";
import { silent } from "../support/log";
import { type Pipeline, startPipeline } from "../support/pipeline";
import { noisy, steady } from "../support/usage";
import { connection, ENTITY, GROUP } from "../support/watch";

const PERIOD = 300;
/** Noon of the fifteenth day. */
const NOON = 14 * DAY + DAY / 2;
const CALLS = noisy(steady(30), 15);

let pipeline: Pipeline;
let queries = 0;
beforeEach(async () => {
  pipeline = await startPipeline();
});
afterEach(() => pipeline.stop());

/** A watcher as a container has one; it counts how often findings are looked for. */
function container(): EntityWatcher {
  const config = detectionConfig.parse({});
  const { client, tables } = pipeline.database;
  const findings = findingStore(client, tables.findings, config.findingRetentionDays);
  return entityWatcher({
    baselines: baselineStore(client, tables.baselines, config.retentionDays),
    findings: {
      ...findings,
      ofEntity(entity, since) {
        queries++;
        return findings.ofEntity(entity, since);
      },
    },
    alerts: { publish: async (alert) => void pipeline.alerts.push(alert) },
    threats: { current: async () => NO_THREAT_LISTS },
    config,
    clock: () => T0 + NOON,
    log: silent,
  });
}

/** Invocations from `from` to `to` (seconds from `T0`), with so many in the five minutes at noon. */
const invocations = (from: number, to: number, atNoon?: number): Usage => ({
  kind: "usage",
  metric: "Invocations",
  size: null,
  points: Array.from({ length: (to - from) / PERIOD }, (_, i) => {
    const at = from + i * PERIOD;
    const value = at === NOON && atNoon !== undefined ? atNoon : (CALLS[at / PERIOD] as number);
    return { at: T0 + at, value, tried: value };
  }),
});
/** Twice as many as usual in five minutes: less than the 2.1 times, and 8, that it takes. */
const WEAK = 62;
const weakHour = invocations(NOON - PERIOD, NOON + 2 * PERIOD, WEAK);
const spike = invocations(NOON - PERIOD, NOON + 2 * PERIOD, 400);
const newPeer = (at = NOON + 900) => connection(14, { to: "payroll-db", at: at - 14 * DAY });

/** Fourteen days of the same, then what is given, one after the other. */
async function lived(
  watchEntity: EntityWatcher,
  deliveries: readonly (readonly Observation[])[],
  entity: Entity = ENTITY,
): Promise<void> {
  await watchEntity(ENTITY, [invocations(0, NOON - PERIOD)]);
  for (let day = 0; day < 14; day++) await watchEntity(entity, [connection(day, { to: "users-db" })]);
  queries = 0;
  for (const one of deliveries) await watchEntity(one[0]?.kind === "usage" ? ENTITY : entity, one);
}

async function found(): Promise<FindingRecord[]> {
  const { client, tables } = pipeline.database;
  const all = await findingStore(client, tables.findings, 365).list({ limit: 100 });
  return all.sort((a, b) => (a.type < b.type ? -1 : 1));
}

test("alone, neither weak usage nor quiet usage is told", async () => {
  await lived(container(), [[weakHour]]);
  expect(await found()).toEqual([]);
  expect(pipeline.alerts).toEqual([]);
});

test("beside a new peer within the hour it is told, both are a step graver, and both say why", async () => {
  await lived(container(), [[weakHour], [newPeer()]]);
  const [usage, peer] = await found();
  expect(usage).toMatchObject({ type: "InvocationSpike", severity: "medium", related: [peer?.id] });
  expect(peer).toMatchObject({ type: "NewInternalPeer", severity: "critical", related: [usage?.id] });
  // 2 is half-way through low (0 to 4), and 5.5 through medium (4 to 7).
  expect(usage?.explanation).toMatch(
    /By itself that is too little to be told: \d\d % of what it takes\. Score 2 \(low\)\. It coincides, within the hour, with NewInternalPeer at 2026-10-15T12:15:00Z \(finding \w+\), so its severity is one step higher: score 5\.5 \(medium\)\.$/,
  );
  expect(peer?.explanation).toMatch(
    /Score 7 \(high\).* It coincides, within the hour, with InvocationSpike at 2026-10-15T12:00:00Z \(finding \w+\), so its severity is one step higher: score 9 \(critical\)\.$/,
  );
  expect(pipeline.alerts.map(({ attributes }) => `${attributes.severity} ${attributes.type}`).sort()).toEqual(
    ["critical NewInternalPeer", "medium InvocationSpike"],
  );
});

test.each([
  ["the peer first", () => [[newPeer()], [weakHour]]],
  ["each twice", () => [[weakHour], [newPeer()], [weakHour], [newPeer()]]],
  [
    "point by point",
    () => [
      [newPeer()],
      ...[-1, 0, 1].map((n) => [invocations(NOON + n * PERIOD, NOON + (n + 1) * PERIOD, WEAK)]),
    ],
  ],
])("told in another order, %s, it comes to the same", async (_, deliveries) => {
  await lived(container(), [[weakHour], [newPeer()]]);
  const tidy = await pipeline.tables();
  await pipeline.stop();
  pipeline = await startPipeline();
  await lived(container(), deliveries());
  expect(await pipeline.tables()).toEqual(tidy);
});

test.each([
  ["two hours later", [[weakHour], [newPeer(NOON + 7800)]], ENTITY],
  ["two hours before", [[newPeer(NOON - 7200)], [weakHour]], ENTITY],
  ["of the group that it is in", [[weakHour], [newPeer()]], GROUP],
] as const)("a new peer %s has nothing to do with it", async (_, deliveries, entity) => {
  await lived(container(), deliveries, entity);
  expect(await found()).toMatchObject([{ type: "NewInternalPeer", related: [] }]);
});

test("what grows from weak to told stays one finding, with what it coincided with", async () => {
  const onset = invocations(NOON - PERIOD, NOON + PERIOD, WEAK);
  const grown = invocations(NOON + PERIOD, NOON + 4 * PERIOD);
  const attack = { ...grown, points: grown.points.map((point) => ({ ...point, value: 400, tried: 400 })) };
  await lived(container(), [[newPeer()], [onset], [attack]]);
  const [usage, peer, ...others] = await found();
  expect(others).toEqual([]);
  expect(usage).toMatchObject({ type: "InvocationSpike", related: [peer?.id] });
  expect(usage?.explanation).toMatch(/invoked 1,2\d\d times .*one step higher/);
});

test("what is told by itself is no weak signal, and one load is not two signs", async () => {
  const atOnce: Usage = { ...invocations(0, NOON - PERIOD), metric: "ConcurrentExecutions" };
  const watchEntity = container();
  await watchEntity(ENTITY, [atOnce]);
  await lived(watchEntity, [
    [spike, { ...weakHour, metric: "ConcurrentExecutions" }],
    [newPeer(NOON + 7800)],
  ]);
  expect(await found()).toMatchObject([
    { type: "InvocationSpike", related: [] },
    { type: "NewInternalPeer", related: [] },
  ]);
});

test("findings are looked for only where usage is off", async () => {
  const watchEntity = container();
  await lived(watchEntity, [
    [invocations(NOON - PERIOD, NOON + 2 * PERIOD)],
    [connection(14, { to: "users-db" })],
  ]);
  expect(queries).toBe(0);
  await watchEntity(ENTITY, [invocations(NOON + 2 * PERIOD, NOON + 4 * PERIOD)]);
  expect(queries).toBe(0);
});

test("a muted finding is no sign", async () => {
  const watchEntity = container();
  await lived(watchEntity, [[newPeer()]]);
  const { client, tables } = pipeline.database;
  const [peer] = await found();
  await findingStore(client, tables.findings, 365).setStatus(peer?.id ?? "", "muted");
  await watchEntity(ENTITY, [weakHour]);
  expect(await found()).toMatchObject([{ type: "NewInternalPeer", related: [] }]);
});

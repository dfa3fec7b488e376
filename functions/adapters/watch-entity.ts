/** One entity's observations through `watch`, with the stores around it: load, judge, write what is new, alert. */
import { alertOf } from "../core/alert";
import type { Entity } from "../core/attribution/entity";
import { type Baseline, withFacets } from "../core/baseline/baseline";
import { isHour } from "../core/baseline/facets";
import type { DetectionConfig } from "../core/config";
import type { Observation, WatchContext } from "../core/detectors/detector";
import { type FindingRecord, publicFinding } from "../core/finding";
import { dayOf, iso } from "../core/time";
import { watch } from "../core/watch";
import type { AlertPublisher, BaselineStore, Clock, FindingStore, ThreatSource } from "./ports";

export interface WatchDependencies {
  readonly baselines: BaselineStore;
  readonly findings: FindingStore;
  readonly alerts: AlertPublisher;
  readonly threats: ThreatSource;
  readonly config: DetectionConfig;
  readonly clock: Clock;
}

/** Gives the findings that the observations belong to, new or known. */
export type EntityWatcher = (
  entity: Entity,
  observations: readonly Observation[],
) => Promise<FindingRecord[]>;

const MOST_CACHED = 500;

export function entityWatcher({
  baselines,
  findings,
  alerts,
  threats,
  config,
  clock,
}: WatchDependencies): EntityWatcher {
  /**
   * Baselines as this container last saw them. What is stored only ever knows more, so observations that add nothing to
   * a cached baseline add nothing to the stored one: in steady state an object costs no read and no write.
   */
  const cache = new Map<string, Baseline>();

  function remember(entity: string, baseline: Baseline): void {
    cache.delete(entity);
    cache.set(entity, baseline);
    const [oldest] = cache.keys();
    if (cache.size > MOST_CACHED && oldest !== undefined) cache.delete(oldest);
  }

  function addNothing(observations: readonly Observation[], context: WatchContext): boolean {
    const cached = cache.get(context.entity.id);
    if (cached === undefined) return false;
    const { findings, changes } = watch(observations, cached, context);
    return findings.length + changes.merged.length + changes.dropped.length === 0;
  }

  return async (entity, observations) => {
    const context = { entity, config, threats: await threats.current() };
    if (observations.length === 0 || addNothing(observations, context)) return [];
    const day = observations.reduce((last, { flow }) => Math.max(last, dayOf(flow.firstSeen)), 0);
    const baseline = await baselines.load(entity.id, day);
    let result = watch(observations, baseline, context);
    // Hours first: what they add up to is judged as it is stored, with what other containers put there meanwhile.
    const hours = await baselines.save(entity.id, {
      merged: result.changes.merged.filter(isHour),
      dropped: [],
    });
    if (hours.length > 0) result = watch(observations, withFacets(baseline, hours), context);
    const records: FindingRecord[] = [];
    for (const seen of result.findings) {
      const { record, alert } = await findings.merge(seen, iso(clock()));
      records.push(record);
      if (alert) await publishAlert(record, { findings, alerts });
    }
    await baselines.save(entity.id, result.changes);
    remember(entity.id, result.baseline);
    return records;
  };
}

/**
 * Publishes the alert that is due for a finding and takes it out of the outbox. A crash in between leaves it there, and
 * the sweep repeats it once.
 */
export async function publishAlert(
  record: FindingRecord,
  { findings, alerts }: Pick<WatchDependencies, "findings" | "alerts">,
): Promise<void> {
  if (record.alertDue === undefined) return;
  await alerts.publish(alertOf(publicFinding(record)));
  await findings.alertSent(record.id, record.alertDue);
}

/** One entity's observations through `watch`, with the stores around it: load, judge, write what is new, alert. */
import { alertOf } from "../core/alert";
import type { Entity } from "../core/attribution/entity";
import { type Baseline, EMPTY_BASELINE, sizeOf, withFacets } from "../core/baseline/baseline";
import { isPassing } from "../core/baseline/facets";
import type { TrailFacet } from "../core/baseline/trail-facets";
import type { DetectionConfig } from "../core/config";
import type { Observation, WatchContext } from "../core/detectors/detector";
import { endFinding, type FindingRecord, publicFinding } from "../core/finding";
import { dayOf, iso } from "../core/time";
import { watch } from "../core/watch";
import type { AlertPublisher, BaselineStore, Clock, FindingStore, Log, ThreatSource } from "./ports";
import { deploysIn, tieCoincidences, tieDeploys } from "./tie-findings";

export interface WatchDependencies {
  readonly baselines: BaselineStore;
  readonly findings: FindingStore;
  readonly alerts: AlertPublisher;
  readonly threats: ThreatSource;
  readonly config: DetectionConfig;
  readonly clock: Clock;
  /** How much of all baselines is kept in memory; see `sizeOf`. */
  readonly mostCached?: number;
  readonly log: Log;
}

export interface Watched {
  /** Findings that the observations belong to, new or known. */
  readonly findings: readonly FindingRecord[];
  /** The baseline with the observations in it. */
  readonly baseline: Baseline;
}

/** `account` is what CloudTrail has told of the entity's account, where that matters. */
export type EntityWatcher = (
  entity: Entity,
  observations: readonly Observation[],
  account?: TrailFacet | null,
) => Promise<Watched>;

/** Of all cached baselines, in what `sizeOf` counts: a kB or two of memory each. */
const MOST_CACHED = 100_000;
/** Findings that are remembered as written. */
const MOST_WRITTEN = 500;

export function entityWatcher({
  baselines,
  findings,
  alerts,
  threats,
  config,
  clock,
  mostCached = MOST_CACHED,
  log,
}: WatchDependencies): EntityWatcher {
  /**
   * Baselines as this container last saw them. What is stored only ever knows more, so observations that add nothing to
   * a cached baseline add nothing to the stored one: in steady state an object costs no read and no write.
   */
  const cache = new Map<string, Baseline>();
  let cached = 0;

  function forget(entity: string): void {
    const baseline = cache.get(entity);
    if (baseline === undefined) return;
    cached -= sizeOf(baseline);
    cache.delete(entity);
  }

  function remember(entity: string, baseline: Baseline): void {
    forget(entity);
    cache.set(entity, baseline);
    cached += sizeOf(baseline);
    for (const oldest of cache.keys()) {
      if (cached <= mostCached) break;
      forget(oldest);
    }
  }

  /** Findings that this container wrote last, by id: the index of an entity's findings lags behind. */
  const written = new Map<string, FindingRecord>();

  /**
   * What is cached, if the observations add nothing to it. A deploy that is known may have been told by a container that
   * came no further.
   */
  function unchanged(observations: readonly Observation[], context: WatchContext): Baseline | null {
    const baseline = cache.get(context.entity.id);
    if (baseline === undefined || deploysIn(observations).length > 0) return null;
    const { findings, endings, changes } = watch(observations, baseline, context);
    const news = [findings, endings, changes.merged, changes.dropped];
    return news.every((some) => some.length === 0) ? baseline : null;
  }

  /** An alert that cannot be published stays in the outbox: to fail the delivery would only bring it to the dead letters. */
  async function publishOrLeave(record: FindingRecord): Promise<void> {
    try {
      await publishAlert(record, { findings, alerts });
    } catch (error) {
      log.warn("An alert could not be published; the sweep will", {
        finding: record.id,
        error: error as Error,
      });
    }
  }

  return async (entity, observations, account = null) => {
    if (observations.length === 0) return { findings: [], baseline: EMPTY_BASELINE };
    const context = { entity, config, threats: await threats.current(), account };
    const same = unchanged(observations, context);
    if (same !== null) return { findings: [], baseline: same };
    const day = observations.reduce((last, one) => Math.max(last, dayOf(timeOf(one))), 0);
    const part = observations.every(({ kind }) => kind === "usage") ? "usage" : "all";
    const baseline = await baselines.load(entity.id, day, part);
    let result = watch(observations, baseline, context);
    // Hours and days first: what they add up to is judged as it is stored, with what other containers put there meanwhile.
    const ofToday = { merged: result.changes.merged.filter(isPassing), dropped: [] };
    const known = withFacets(baseline, await baselines.save(entity.id, ofToday, baseline));
    if (ofToday.merged.length > 0) result = watch(observations, known, context);
    const records = new Map<string, FindingRecord>();
    const alerting = new Set<string>();
    async function tell(seen: FindingRecord): Promise<void> {
      const { record, alert } = await findings.merge(seen, iso(clock()));
      records.set(record.id, record);
      if (alert) alerting.add(record.id);
    }
    for (const seen of result.findings) await tell(seen);
    await baselines.save(entity.id, result.changes, known);
    // Whoever ended it, or deployed, meanwhile has written that down before looking for findings. So either they see this
    // one, or it is seen here what they wrote.
    if (alerting.size > 0) {
      result = watch(observations, await baselines.load(entity.id, day, part), context);
      for (const seen of result.findings) await tell(seen);
    }
    for (const { id, at } of result.endings) {
      const ended = await findings.amend(id, (stored) => endFinding(stored, iso(at)));
      if (ended !== null) records.set(id, ended);
    }
    const seen = { observations, records, written, baseline: result.baseline, context };
    for (const record of await tieCoincidences(seen, findings, tell)) records.set(record.id, record);
    for (const record of await tieDeploys(seen, findings)) records.set(record.id, record);
    for (const record of records.values()) putLast(written, record.id, record);
    for (const id of alerting) await publishOrLeave(records.get(id) as FindingRecord);
    // A line moves on with every point: there is nothing to be spared by keeping it, and a part is not the whole.
    if (part === "all") remember(entity.id, result.baseline);
    return { findings: [...records.values()], baseline: result.baseline };
  };
}

/** Puts an entry last, and drops the first where there are too many. */
function putLast<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MOST_WRITTEN && oldest !== undefined) map.delete(oldest);
}

const timeOf = (one: Observation) => {
  if (one.kind === "connection") return one.flow.firstSeen;
  if (one.kind === "usage") return one.points.at(-1)?.at ?? 0;
  return one.kind === "notice" || one.kind === "check" ? one.at : one.event.at;
};

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

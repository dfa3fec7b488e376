/**
 * Ties what was seen now to what is stored of the same entity: a deploy to what came after it, a change to what came of it,
 * a weak signal of usage to what it coincides with. Whichever is told first, the findings end up the same.
 */
import type { Baseline } from "../core/baseline/baseline";
import { COINCIDES_WITHIN, coincidences } from "../core/coincidence";
import { withContext } from "../core/context";
import { DEPLOY_SHADOW } from "../core/deploy-context";
import type { Observation, WatchContext } from "../core/detectors/detector";
import type { FindingRecord } from "../core/finding";
import { mayBeRelated, related } from "../core/related";
import { isDeploy } from "../core/telemetry/watched-changes";
import { iso, secondsOf } from "../core/time";
import { weakSignals } from "../core/watch";
import type { FindingStore } from "./ports";

export interface Seen {
  readonly observations: readonly Observation[];
  /** Findings that they belong to, as they are stored, by id. */
  readonly records: ReadonlyMap<string, FindingRecord>;
  /** Findings that were written here before, of any entity: the index of an entity's findings lags behind. */
  readonly written: ReadonlyMap<string, FindingRecord>;
  /** With the observations in it. */
  readonly baseline: Baseline;
  readonly context: WatchContext;
}

/** Stores a finding, and alerts where it is new. */
export type Tell = (finding: FindingRecord) => Promise<void>;

/**
 * A weak signal becomes a finding where another one coincides with it, and both are graver. What is stored is read only
 * where usage was told that has such a signal.
 */
export async function tieCoincidences(
  { observations, records, written, baseline, context }: Seen,
  findings: FindingStore,
  tell: Tell,
): Promise<FindingRecord[]> {
  const weak = weakSignals(baseline, context);
  const usage = observations.flatMap((one) => (one.kind === "usage" ? (one.points[0]?.at ?? []) : []));
  const toldFrom = usage.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const isFresh = ({ lastSeen }: FindingRecord) => timeOf(lastSeen) > toldFrom;
  const begins = weak.filter(isFresh).map(({ firstSeen }) => timeOf(firstSeen));
  const stored =
    begins.length === 0
      ? []
      : await findings.ofEntity(context.entity.id, iso(Math.min(...begins) - COINCIDES_WITHIN));
  const before = begins.length === 0 ? [] : ofEntity(written, context);
  const near = new Map([...[...before, ...stored].map((one) => [one.id, one] as const), ...records]);
  const amended: FindingRecord[] = [];
  for (const { signal, other, at } of coincidences(weak, [...near.values()])) {
    if (!isFresh(signal) && other.coincides?.some(({ id }) => id === signal.id)) continue;
    await tell(
      withContext(signal, { related: [other.id], coincides: [{ id: other.id, type: other.type, at }] }),
    );
    const beside = { id: signal.id, type: signal.type, at: timeOf(signal.firstSeen) };
    const record = await findings.amend(other.id, (one) =>
      withContext(one, { related: [signal.id], coincides: [beside] }),
    );
    if (record !== null) amended.push(record);
  }
  return amended;
}

/** A deploy moves what came after it, and a finding is tied to the change that it came of. */
export async function tieDeploys(
  { observations, records, written, baseline, context }: Seen,
  findings: FindingStore,
): Promise<FindingRecord[]> {
  const seen = [...records.values()];
  const times = [
    ...deploysIn(observations),
    ...seen.filter(mayBeRelated).map(({ firstSeen }) => timeOf(firstSeen)),
  ];
  if (times.length === 0) return [];
  const stored = await findings.ofEntity(context.entity.id, iso(Math.min(...times) - DEPLOY_SHADOW));
  const near = new Map(
    [...ofEntity(written, context), ...stored, ...seen].map((finding) => [finding.id, finding]),
  );
  const amended: FindingRecord[] = [];
  for (const finding of related([...near.values()], baseline.trail?.deploys ?? [])) {
    const { deploys: after, related: ids } = finding;
    const record = await findings.amend(finding.id, (one) =>
      withContext(one, { deploys: after, related: ids }),
    );
    if (record !== null) amended.push(record);
  }
  return amended;
}

const timeOf = (text: string) => secondsOf(text) ?? 0;

/** When deploys were, seconds since 1970. */
export const deploysIn = (observations: readonly Observation[]): number[] =>
  observations.flatMap((one) => (one.kind === "change" && isDeploy(one.event) ? [one.event.at] : []));

const ofEntity = (written: ReadonlyMap<string, FindingRecord>, { entity }: WatchContext) =>
  [...written.values()].filter((finding) => finding.entity === entity.id);

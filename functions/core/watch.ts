/** The one engine: what an entity did, held against what is normal for it. Every source goes through it. */

import type { Entity } from "./attribution/entity";
import { absorb } from "./baseline/absorb";
import type { Baseline, BaselineChanges } from "./baseline/baseline";
import { ALL_PEERS } from "./baseline/trace";
import { DETECTORS } from "./detectors";
import type {
  Detector,
  EntityHour,
  Observation,
  Sighting,
  Verdict,
  WatchContext,
} from "./detectors/detector";
import { combineSightings, descriptionKey, type FindingRecord, findingId, severityOf } from "./finding";
import { HOUR, iso } from "./time";

export interface WatchResult {
  /** One record for each finding, of all observations that show it. */
  readonly findings: readonly FindingRecord[];
  readonly changes: BaselineChanges;
  /** The baseline with the observations in it. */
  readonly baseline: Baseline;
}

/** Holds what one entity did against its `baseline`. Pure: the same arguments give the same result. */
export function watch(
  observations: readonly Observation[],
  baseline: Baseline,
  context: WatchContext,
  detectors: readonly Detector[] = DETECTORS,
): WatchResult {
  const { after, changes } = absorb(baseline, observations, context.config);
  const findings = new Map<string, FindingRecord>();
  const hours = entityHours(observations, after);
  for (const detector of detectors) {
    for (const sighting of sightingsOf(detector, observations, hours, after, context)) {
      const seen = toRecord(sighting, detector, context.entity);
      const known = findings.get(seen.id);
      findings.set(seen.id, known === undefined ? seen : combineSightings(known, seen));
    }
  }
  return { findings: [...findings.values()], changes, baseline: after };
}

function sightingsOf(
  detector: Detector,
  observations: readonly Observation[],
  hours: readonly EntityHour[],
  baseline: Baseline,
  context: WatchContext,
): Sighting[] {
  const verdicts: Verdict[] =
    detector.judges === "connection"
      ? observations.map((one) => detector.detect(one, baseline, context))
      : hours.map((one) => detector.detect(one, baseline, context));
  return verdicts.flat().filter((verdict) => typeof verdict !== "string");
}

/** The hours in which something was done that left traces: each in all, and with each peer that it has traces of. */
function entityHours(observations: readonly Observation[], { hours }: Baseline): EntityHour[] {
  const touched = new Set(observations.map(({ flow }) => Math.floor(flow.firstSeen / HOUR)));
  return [...touched].flatMap((hour) => {
    const traces = Object.values(hours.get(hour)?.traces ?? {});
    const peers = traces.flatMap(({ sent, rhythms }) => [...Object.keys(sent), ...Object.keys(rhythms)]);
    const keys = [...new Set(peers)].filter((key) => key !== ALL_PEERS);
    return traces.length === 0 ? [] : [null, ...keys].map((peerKey) => ({ kind: "hour", hour, peerKey }));
  });
}

function toRecord(sighting: Sighting, detector: Detector, entity: Entity): FindingRecord {
  const firstSeen = iso(sighting.firstSeen);
  return {
    id: findingId(detector.type, entity.id, sighting.deviation),
    type: detector.type,
    severity: severityOf(sighting.score),
    score: sighting.score,
    entity: entity.id,
    functionArn: entity.functionArn,
    functionName: entity.functionName,
    candidates: entity.candidates,
    attribution: entity.attribution,
    accountId: entity.accountId,
    region: entity.region,
    subject: sighting.subject,
    title: sighting.title,
    explanation: sighting.explanation,
    baseline: sighting.baseline,
    evidence: sighting.evidence,
    count: Math.max(1, sighting.occurrences.length),
    firstSeen,
    lastSeen: iso(sighting.lastSeen),
    status: "open",
    mitre: sighting.mitre ?? detector.mitre,
    learnedFrom: sighting.learnedFrom === null ? null : iso(sighting.learnedFrom),
    occurrences: sighting.occurrences,
    described: { weight: sighting.weight, key: descriptionKey(firstSeen, sighting.evidence) },
  };
}

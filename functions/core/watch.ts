/** The one engine: what an entity did, held against what is normal for it. Every source goes through it. */
import type { Entity } from "./attribution/entity";
import { absorb, type Baseline, type BaselineChanges } from "./baseline/baseline";
import { DETECTORS } from "./detectors";
import type { Detector, Observation, Sighting, WatchContext } from "./detectors/detector";
import { combineSightings, type FindingRecord, findingId, severityOf } from "./finding";
import { iso } from "./time";

export interface WatchResult {
  /** One record for each finding, of all observations that show it. */
  readonly findings: readonly FindingRecord[];
  readonly changes: BaselineChanges;
  /** The baseline with the observations in it. */
  readonly baseline: Baseline;
}

/** Holds `observations` of one entity against its `baseline`. Pure: the same arguments give the same result. */
export function watch(
  observations: readonly Observation[],
  baseline: Baseline,
  context: WatchContext,
  detectors: readonly Detector[] = DETECTORS,
): WatchResult {
  const { after, changes } = absorb(baseline, observations, context.config);
  const findings = new Map<string, FindingRecord>();
  for (const observation of observations) {
    for (const detector of detectors) {
      const verdict = detector.detect(observation, after, context);
      if (typeof verdict === "string") continue;
      const seen = toRecord(verdict, detector, context.entity);
      const known = findings.get(seen.id);
      findings.set(seen.id, known === undefined ? seen : combineSightings(known, seen));
    }
  }
  return { findings: [...findings.values()], changes, baseline: after };
}

function toRecord(sighting: Sighting, detector: Detector, entity: Entity): FindingRecord {
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
    firstSeen: iso(sighting.firstSeen),
    lastSeen: iso(sighting.lastSeen),
    status: "open",
    mitre: sighting.mitre ?? detector.mitre,
    learnedFrom: sighting.learnedFrom === null ? null : iso(sighting.learnedFrom),
    occurrences: sighting.occurrences,
  };
}

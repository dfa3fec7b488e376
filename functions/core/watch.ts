/** The one engine: what an entity did, held against what is normal for it. Every source goes through it. */

import type { Entity } from "./attribution/entity";
import { absorb } from "./baseline/absorb";
import type { Baseline, BaselineChanges } from "./baseline/baseline";
import { ALL_PEERS } from "./baseline/trace";
import { inContext } from "./context";
import { deploysBefore } from "./deploy-context";
import { DETECTORS } from "./detectors";
import type {
  Detector,
  Ending,
  EntityHour,
  Observation,
  Sighting,
  Verdict,
  WatchContext,
} from "./detectors/detector";
import { combineSightings, descriptionKey, type FindingRecord, findingId } from "./finding";
import { groupBy } from "./group";
import { severityOf } from "./severity";
import { HOUR, iso } from "./time";

export interface WatchResult {
  /** One record for each finding, of all observations that show it. */
  readonly findings: readonly FindingRecord[];
  /** Findings that ended, if there are such. */
  readonly endings: readonly FindingEnd[];
  readonly changes: BaselineChanges;
  /** The baseline with the observations in it. */
  readonly baseline: Baseline;
}

/** The end of a finding: its id, and when, seconds since 1970. */
export interface FindingEnd {
  readonly id: string;
  readonly at: number;
}

/** Holds what one entity did against its `baseline`. Pure: the same arguments give the same result. */
export function watch(
  observations: readonly Observation[],
  baseline: Baseline,
  context: WatchContext,
  detectors: readonly Detector[] = DETECTORS,
): WatchResult {
  const { after, changes } = absorb(baseline, observations, context.config, context.account);
  const findings = new Map<string, FindingRecord>();
  const endings: FindingEnd[] = [];
  const judged = groupBy([...observations, ...entityHours(observations, after)], ({ kind }) => kind);
  for (const detector of detectors) {
    const some = judged.get(detector.judges);
    if (some === undefined) continue;
    for (const verdict of verdictsOf(detector, some, after, context)) {
      if ("ends" in verdict) {
        endings.push({ id: findingId(detector.type, context.entity.id, verdict.ends), at: verdict.at });
        continue;
      }
      const seen = toRecord(verdict, detector, context.entity, after);
      const known = findings.get(seen.id);
      findings.set(seen.id, known === undefined ? seen : combineSightings(known, seen));
    }
  }
  return { findings: [...findings.values()], endings, changes, baseline: after };
}

/** Usage of a function that is off by too little to be told alone: findings, should another one coincide with them. */
export function weakSignals(
  baseline: Baseline,
  context: WatchContext,
  detectors: readonly Detector[] = DETECTORS,
): FindingRecord[] {
  if (context.entity.functionArn === null) return [];
  return detectors.flatMap((detector) =>
    detector.judges !== "usage"
      ? []
      : detector.weakly(baseline, context).map((one) => toRecord(one, detector, context.entity, baseline)),
  );
}

function verdictsOf(
  detector: Detector,
  judged: readonly (Observation | EntityHour)[],
  baseline: Baseline,
  context: WatchContext,
): (Sighting | Ending)[] {
  const detect = detector.detect as (one: unknown, baseline: Baseline, context: WatchContext) => Verdict;
  return judged
    .flatMap((one) => detect(one, baseline, context))
    .filter((verdict) => typeof verdict !== "string");
}

/** The hours in which something was done that left traces: each in all, and with each peer that it has traces of. */
function entityHours(observations: readonly Observation[], { hours }: Baseline): EntityHour[] {
  const connections = observations.filter((one) => one.kind === "connection");
  const touched = new Set(connections.map(({ flow }) => Math.floor(flow.firstSeen / HOUR)));
  return [...touched].flatMap((hour) => {
    const traces = Object.values(hours.get(hour)?.traces ?? {});
    const peers = traces.flatMap(({ sent, rhythms }) => [...Object.keys(sent), ...Object.keys(rhythms)]);
    const keys = [...new Set(peers)].filter((key) => key !== ALL_PEERS);
    return traces.length === 0 ? [] : [null, ...keys].map((peerKey) => ({ kind: "hour", hour, peerKey }));
  });
}

function toRecord(
  sighting: Sighting,
  detector: Detector,
  entity: Entity,
  { trail }: Baseline,
): FindingRecord {
  const firstSeen = iso(sighting.firstSeen);
  const { score, explanation, weight, evidence } = sighting;
  const deploys = detector.mayComeOfDeploy ? (trail?.deploys ?? []) : [];
  return inContext({
    id: findingId(detector.type, entity.id, sighting.deviation),
    type: detector.type,
    severity: severityOf(score),
    score,
    entity: entity.id,
    functionArn: entity.functionArn,
    functionName: entity.functionName,
    candidates: entity.candidates,
    attribution: entity.attribution,
    accountId: entity.accountId,
    region: entity.region,
    subject: sighting.subject,
    title: sighting.title,
    explanation,
    baseline: sighting.baseline,
    evidence,
    count: Math.max(1, sighting.occurrences.length),
    firstSeen,
    lastSeen: iso(sighting.lastSeen),
    status: "open",
    mitre: sighting.mitre ?? detector.mitre,
    learnedFrom: sighting.learnedFrom === null ? null : iso(sighting.learnedFrom),
    occurrences: sighting.occurrences,
    described: { weight, key: descriptionKey(firstSeen, evidence), score, explanation },
    deploys: deploysBefore(deploys, sighting.firstSeen),
    related: [],
    endedAt: sighting.endedAt === undefined ? null : iso(sighting.endedAt),
  });
}

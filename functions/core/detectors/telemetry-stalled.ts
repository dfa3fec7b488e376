/**
 * Sees: flow logs, CloudTrail or metrics of an account that used to come and come no more.
 * Why: while they do not come nothing is seen, and silence looks like peace; who does not want to be seen sees to it.
 * How long a source may be silent follows from its own weeks (`core/baseline/stalls.ts`).
 */
import type { SourceFacet } from "../baseline/source-facets";
import { isLearned, type Stall, stallsOf } from "../baseline/stalls";
import type { Evidence } from "../finding";
import { severityOf } from "../severity";
import { SOURCE_NAMES, type Source, type SourceCheck } from "../telemetry/source";
import { plural } from "../text";
import { HOUR, hourOf, iso } from "../time";
import type { Ending, Sighting, SourceDetector, WatchContext } from "./detector";
import { round } from "./standout";

export const telemetryStalled: SourceDetector = {
  type: "TelemetryStalled",
  judges: "check",
  source: "all",
  title: "Flow logs, CloudTrail or metrics that used to come come no more",
  severity: "medium",
  misses:
    "One of several flow logs, trails or functions that falls silent while the rest goes on; silence shorter than four times the longest before, than 6 hours, or of CloudTrail than a day; a source that tells every third day or less; metrics where there is one function only, which `WentSilent` tells of. In a replay, a source that ends less than a day and a half before the others; one that ends earlier because the folder holds less of it is told all the same.",
  reference: "https://attack.mitre.org/techniques/T1562/008/",
  mitre: ["T1562.008"],
  mayComeOfFinding: true,
  lookAt:
    "Is the flow log or the trail still there and logging, may it still write to its bucket, and are Plumbline's rules, queues and functions at work? Then look at what was done since it fell silent.",
  detect(check, baseline, context) {
    const facet = baseline.sources.get(check.source);
    if (facet === undefined) return "normal";
    if (!isLearned(facet, hourOf(check.at), context.config)) return "learning";
    const stalls = stallsOf(facet, check, context.config);
    return [
      ...stalls.map((stall) => sightingOf(stall, facet, check, context)),
      ...late(stalls, facet, check),
    ];
  },
};

const deviationOf = (source: Source, after: number | string) => `${source} ${after}`;

/** Stalls that were told, and are none: what was missing had only been late. */
const late = (stalls: readonly Stall[], { told }: SourceFacet, { source, at }: SourceCheck): Ending[] =>
  Object.entries(told)
    .filter(([after, { over }]) => over === hourOf(at) && stalls.every((one) => String(one.after) !== after))
    .map(([after, { over }]) => ({ ends: deviationOf(source, after), at: over * HOUR }));

/** A score while the silence is just too long; up to 2 more as it goes on. */
const BASE = 4.5;
/** Weighs more than any silence that goes on. */
const OVER = 1e6;

const EVIDENCE: Readonly<Record<Source, Evidence["source"]>> = {
  flow: "flow-log",
  trail: "cloudtrail",
  metrics: "metric",
};

const UNSEEN: Readonly<Record<Source, string>> = {
  flow: "connections are",
  trail: "calls and changes are",
  metrics: "use is",
};

function sightingOf(
  { after, until, hours, longest, bound }: Stall,
  facet: SourceFacet,
  { source, at }: SourceCheck,
  { entity }: WatchContext,
): Sighting {
  const name = `${SOURCE_NAMES[source]} of account ${entity.accountId} in ${entity.region}`;
  const far = round(Math.min(2, Math.log2(hours / bound)));
  const score = round(BASE + far);
  const days = Math.floor((after - facet.firstHour) / 24);
  // By then an hour had passed without it: a change that cut it off came before.
  const firstSeen = (after + 2) * HOUR;
  // It may have been told for longer than it lasted: what ended it came late.
  const last = Math.max(until ?? hourOf(at), facet.told[after]?.until ?? 0) * HOUR;
  return {
    deviation: deviationOf(source, after),
    score,
    subject: { metric: SOURCE_NAMES[source], period: hours * HOUR, value: 0 },
    title: `${name} ${until === null ? "have not come" : "did not come"} for ${plural(hours, "hour")}`,
    explanation: [
      `${name} came last in the hour from ${iso(after * HOUR)}, and for ${plural(hours, "hour")} then did not.`,
      `In ${plural(days, "day")} of history the longest time without was ${plural(longest, "hour")}; more than ${plural(bound, "hour")} is told.`,
      until === null
        ? `It goes on at ${iso(last)}: ${UNSEEN[source]} not seen meanwhile.`
        : `It came again in the hour from ${iso(until * HOUR)}; in between ${UNSEEN[source]} not known.`,
      `Score ${score} (${severityOf(score)}): ${BASE} to begin with, ${far} for how much longer it is.`,
    ].join(" "),
    baseline: { days, expected: longest, observed: hours, threshold: bound, rarity: "UNSEEN" },
    firstSeen,
    lastSeen: last,
    occurrences: [firstSeen],
    evidence: [{ source: EVIDENCE[source], ref: name, at: iso(after * HOUR) }],
    // What is known later describes it better.
    weight: until === null ? hours : OVER,
    learnedFrom: facet.firstHour * HOUR,
    ...(until !== null && { endedAt: last }),
  };
}

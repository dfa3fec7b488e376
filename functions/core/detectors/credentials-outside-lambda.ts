/**
 * Sees: a function's credentials used from a place that is not the function.
 * Why: whoever reads a function's environment has its credentials for hours, and can use them from anywhere.
 * Where the function is: its own interfaces, the NAT gateways of the account, AWS's addresses in its Region (outside a
 * VPC), and what it used while it was learned. Without history, only a key is told that was used outside of AWS after the
 * function used it: at home, or as Lambda's runtimes call. The user agent proves nothing, since whoever calls writes it; it is told for what it is worth.
 * Tuned by: `learningDays`.
 */
import type { Call } from "../attribution/act";
import { entityName } from "../attribution/entity";
import type { Baseline } from "../baseline/baseline";
import { isEstablished, reportingFrom } from "../baseline/novelty";
import type { KeyUse } from "../baseline/trail-facets";
import { MAX_EVIDENCE, MAX_OCCURRENCES } from "../finding";
import { own } from "../own";
import { severityOf } from "../severity";
import { listed, plural } from "../text";
import { DAY, dayOf, iso } from "../time";
import { callSubject } from "./call-sighting";
import type { CallDetector, Sighting, WatchContext } from "./detector";
import { since } from "./standout";

const BASE_SCORE = 6;
const FOREIGN = 1;
const SAME_KEY = 1.5;
const NO_RUNTIME = 0.5;

/** A use of a key, and the key of the place where it was used. */
type PlacedUse = readonly [placeKey: string, use: KeyUse];

export const credentialsOutsideLambda: CallDetector = {
  type: "CredentialsOutsideLambda",
  judges: "call",
  source: "trail",
  title: "A function's credentials used from where the function is not",
  severity: "high",
  misses:
    "Use from AWS in the function's own Region, where the function is outside a VPC; use through the account's own NAT gateways; a key that was used nowhere else, while the function is learned; calls that no trail records.",
  reference: "https://attack.mitre.org/techniques/T1552/005/",
  mitre: ["T1552.005", "T1078.004"],
  lookAt:
    "What did that address call? Deny the role's sessions of before now (aws:TokenIssueTime), then look at how the environment could be read.",
  detect(call, baseline, context) {
    const key = call.event.identity.accessKeyId;
    if (key === null || baseline.trail === null) return "normal";
    const uses = usesOf(key, dayOf(call.event.at), baseline);
    return uses.flatMap((use) =>
      isOutside(use, uses, baseline, context)
        ? sighting(key, use, timesAt(use, call), uses, baseline, context)
        : [],
    );
  },
};

/** When it was used there, as far as this delivery or the first use tells. */
const timesAt = ([place, { at, id }]: PlacedUse, call: Call): Call["times"] =>
  call.place.key === place ? call.times : [{ at, id }];

/** Where a key was used, today and yesterday, the first use first. */
function usesOf(key: string, day: number, { trailDays }: Baseline): PlacedUse[] {
  const uses = new Map<string, KeyUse>();
  for (const one of [day, day - 1]) {
    for (const [place, use] of Object.entries(own(trailDays.get(one)?.keys, key) ?? {})) {
      // What AWS does in the function's name tells nothing of where the function is.
      if (!place.startsWith("service/")) uses.set(place, use);
    }
  }
  return [...uses].sort(([placeA, a], [placeB, b]) => a.at - b.at || (placeA < placeB ? -1 : 1));
}

function isOutside(
  [place, use]: PlacedUse,
  uses: readonly PlacedUse[],
  baseline: Baseline,
  context: WatchContext,
): boolean {
  if (use.isHome === true || isLearned(place, use, baseline, context)) return false;
  const before = uses.slice(
    0,
    uses.findIndex(([other]) => other === place),
  );
  const { trail } = baseline;
  if (dayOf(use.at) < reportingFrom({ profile: trail }, context.config)) {
    return use.isForeign && before.some((other) => isOfFunction(other, use, baseline, context));
  }
  // A private address may be that of an endpoint, or of anybody: only a key that was used elsewhere before tells.
  return use.isHome === false || (place === "private" && before.length > 0);
}

/** Whether the function itself used its key there: it is at home, or called as Lambda's runtimes do and `other` does not. */
const isOfFunction = (
  [place, use]: PlacedUse,
  other: KeyUse,
  baseline: Baseline,
  context: WatchContext,
): boolean =>
  use.isHome === true || isLearned(place, use, baseline, context) || (isRuntime(use) && !isRuntime(other));

const isRuntime = ({ userAgent }: KeyUse) => /exec-env\/AWS_Lambda/.test(userAgent ?? "");

/** Whether the function calls from there as a rule. A Region may have been known as AWS only. */
function isLearned(place: string, { at }: KeyUse, { trail }: Baseline, { config }: WatchContext): boolean {
  const learned = { profile: trail };
  if (dayOf(at) < reportingFrom(learned, config)) return false;
  return [place, ...(place.startsWith("aws/") ? ["aws"] : [])].some((one) => {
    const history = own(trail?.places, one);
    return history !== undefined && isEstablished(history, dayOf(at), learned, config);
  });
}

function sighting(
  key: string,
  [place, use]: PlacedUse,
  times: Call["times"],
  uses: readonly PlacedUse[],
  baseline: Baseline,
  context: WatchContext,
): Sighting {
  const { entity } = context;
  const name = entityName(entity);
  const day = dayOf(use.at);
  const began = baseline.trail?.activity.firstDay ?? day;
  const inside = uses.filter((other) => other[0] !== place && isOfFunction(other, use, baseline, context));
  const claimsRuntime = isRuntime(use);
  const parts = [
    [BASE_SCORE, "credentials away from their function"],
    [use.isForeign ? FOREIGN : 0, "a place outside of AWS and the account"],
    [inside.length > 0 ? SAME_KEY : 0, "the same key in use by the function"],
    [claimsRuntime ? 0 : NO_RUNTIME, "a user agent that names no Lambda runtime"],
  ] as const;
  const score = parts.reduce((sum, [part]) => sum + part, 0);
  const known = Object.entries(baseline.trail?.places ?? {}).filter(([, history]) => history.firstDay < day);
  const calls = `${use.eventSource.replace(".amazonaws.com", "")}:${use.eventName}`;
  const reasons = [
    `Credentials of ${name} (access key ${key}) were used for ${calls} in ${use.region} from ${use.sourceIp ?? use.place}, ${use.place}, at ${iso(use.at)}.`,
    inside.length === 0
      ? `The function is not there, as far as the inventory and its history ${since(began, day)} tell: ${plural(known.length, "place")} are known.`
      : `The same key was used from ${listed(inside.map(([, other]) => `${other.place} at ${iso(other.at)}`))}, where the function is.`,
    `The user agent, which the caller chooses, ${claimsRuntime ? "claims a Lambda runtime" : "names no Lambda runtime"}.`,
    `Score ${score} (${severityOf(score)}): ${parts
      .filter(([part]) => part > 0)
      .map(([part, why]) => `${part} for ${why}`)
      .join(", ")}.`,
  ];
  return {
    deviation: place,
    score,
    title: `Credentials of ${name} are used from ${use.place}`,
    subject: callSubject({ ...use, identity: { accessKeyId: key } }),
    explanation: reasons.join(" "),
    baseline: {
      days: day - began,
      expected: known.length,
      observed: known.length + 1,
      threshold: known.length,
      rarity: "UNSEEN",
    },
    firstSeen: Math.min(use.at, times[0]?.at ?? use.at),
    lastSeen: times.at(-1)?.at ?? use.at,
    occurrences: times.slice(0, MAX_OCCURRENCES).map(({ at }) => at),
    evidence: [...times.slice(0, MAX_EVIDENCE - 1), ...inside.slice(0, 1).map(([, other]) => other)].map(
      ({ id, at }) => ({ source: "cloudtrail", ref: id, at: iso(at) }),
    ),
    weight: score,
    learnedFrom: began * DAY,
  };
}

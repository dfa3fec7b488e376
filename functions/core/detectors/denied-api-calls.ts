/**
 * Sees: many permission denials of one function within an hour.
 * Why: who does not know what a role may do tries it out.
 * One finding for all of them. What a function is denied every day is known after a day, and not counted; quotas and
 * throttles are no denials.
 */
import { entityName } from "../attribution/entity";
import { fullestHour, isDenial, isUsuallyDenied, type KeptDenial } from "../baseline/denials";
import { MAX_EVIDENCE } from "../finding";
import { groupBy } from "../group";
import { severityOf } from "../severity";
import { listed, plural } from "../text";
import { DAY, dayOf, iso } from "../time";
import type { CallDetector } from "./detector";
import { round } from "./standout";

/** Denials within an hour from which on they are a burst. */
const BURST = 10;
const BASE_SCORE = 4.5;

export const deniedApiCalls: CallDetector = {
  type: "DeniedApiCalls",
  judges: "call",
  source: "trail",
  title: "Many permission denials within an hour",
  severity: "medium",
  misses: `Fewer than ${BURST} denials in an hour; denials of data events that no trail records; more than 100 a day are not counted on.`,
  reference: "https://attack.mitre.org/techniques/T1580/",
  mitre: ["T1580", "T1526"],
  lookAt: "Which actions were tried? If the code does not make them, look at its last deploy and its inputs.",
  detect(call, baseline, { entity, config }) {
    const { event } = call;
    if (!isDenial(event) || isUsuallyDenied(event, baseline, config)) return "normal";
    const denials = fullestHour(event.at, call.times.at(-1)?.at ?? event.at, baseline);
    const [first] = denials;
    if (first === undefined || denials.length < BURST) return "normal";
    const last = denials.at(-1) ?? first;
    const actions = [...groupBy(denials, actionOf)].sort(
      ([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1),
    );
    const variety = round(Math.min(2, 0.4 * (actions.length - 1)));
    const mass = round(Math.min(1.5, Math.log2(denials.length / BURST) / 2));
    const score = round(BASE_SCORE + variety + mass);
    const began = baseline.trail?.activity.firstDay ?? dayOf(first.at);
    const { eventSource, eventName, region, sourceIp, accessKeyId, errorCode } = first;
    return {
      deviation: "burst",
      score,
      title: `${entityName(entity)} was denied ${plural(denials.length, "call")} within an hour`,
      subject: { eventSource, eventName, region, sourceIp, accessKeyId, errorCode },
      explanation: [
        `${entityName(entity)} was denied ${plural(denials.length, "call")} from ${iso(first.at)} to ${iso(last.at)}, of ${plural(actions.length, "action")}: ${listed(actions.map(([action, some]) => `${action} (${some.length})`))}. The first was answered with ${errorCode}${sourceIp === null ? "" : ` to ${sourceIp}`}. ${BURST} within an hour are a burst.`,
        `Score ${score} (${severityOf(score)}): ${BASE_SCORE} for a burst, ${variety} for ${plural(actions.length, "action")}, ${mass} for how many.`,
      ].join(" "),
      baseline: {
        days: dayOf(first.at) - began,
        expected: 0,
        observed: denials.length,
        threshold: BURST,
        rarity: "RARE",
      },
      firstSeen: first.at,
      lastSeen: last.at,
      occurrences: denials.map(({ at }) => at),
      evidence: denials
        .slice(0, MAX_EVIDENCE)
        .map(({ id, at }) => ({ source: "cloudtrail", ref: id, at: iso(at) })),
      weight: denials.length,
      learnedFrom: began * DAY,
    };
  },
};

const actionOf = ({ eventSource, eventName }: KeptDenial) =>
  `${eventSource.replace(".amazonaws.com", "")}:${eventName}`;

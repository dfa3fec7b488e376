/**
 * Sees: a function's call in a Region in which it never called.
 * Why: who holds stolen credentials looks for Regions that nobody watches, and runs things there.
 * Calls of global services, which are recorded in us-east-1 wherever they were made, count in no Region.
 * Tuned by: `learningDays`.
 */
import { entityName } from "../attribution/entity";
import { isEstablished, isRestless, reportingFrom } from "../baseline/novelty";
import { own } from "../own";
import { hasRegion } from "../telemetry/global-services";
import { listed, plural } from "../text";
import { DAY, dayOf } from "../time";
import { powerOf } from "./api-power";
import { callSighting } from "./call-sighting";
import type { CallDetector } from "./detector";
import { since, standoutScore } from "./standout";

const BASE_SCORE = 4;

export const newApiRegion: CallDetector = {
  type: "NewApiRegion",
  judges: "call",
  source: "trail",
  title: "A call in a Region in which this function never called",
  severity: "medium",
  misses: "Regions whose events do not reach Plumbline: it sees its own Region, and what is forwarded to it.",
  reference: "https://attack.mitre.org/techniques/T1535/",
  mitre: ["T1535"],
  mayComeOfDeploy: true,
  lookAt: "What was made or read in that Region? Is the function meant to work there?",
  detect(call, { trail }, { entity, config }) {
    const { event } = call;
    const history = own(trail?.regions, event.region);
    const isNear = entity.region === event.region;
    if (trail === null || history === undefined || isNear || !hasRegion(event)) return "normal";
    const day = dayOf(event.at);
    const learned = { profile: trail };
    if (day < reportingFrom(learned, config)) return "learning";
    if (isEstablished(history, day, learned, config)) return "normal";
    const before = Object.entries(trail.regions).filter(([, one]) => one.firstDay < day);
    const began = trail.activity.firstDay;
    const histories = before.map(([, one]) => one);
    if (isRestless(histories, began, history.firstDay, learned, config)) return "normal";
    const power = powerOf(event);
    const quietDays = day - Math.max(began, ...histories.map((one) => one.firstDay));
    const { score, reason } = standoutScore({
      base: BASE_SCORE + Math.max(0, power.score - 4.5),
      baseReason: `a new Region, for a call that ${power.does}`,
      quietDays,
      known: before.length,
    });
    return callSighting(call, entity, {
      deviation: event.region,
      score,
      title: `${entityName(entity)} calls in ${event.region}, where it never did: ${event.service}:${event.action}`,
      reasons: [
        `Its calls ${since(began, day)} were made in ${plural(before.length, "Region")}: ${listed(before.map(([name]) => name))}.`,
        reason,
      ],
      baseline: {
        days: day - began,
        expected: before.length,
        observed: before.length + 1,
        threshold: before.length,
        rarity: "UNSEEN",
      },
      learnedFrom: began * DAY,
      weight: score,
    });
  },
};

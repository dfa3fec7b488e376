/**
 * Sees: a call of a service, or of an action of a known service, that this function never called before.
 * Why: code that was injected into a function, or a dependency that was, uses the role for what the function never did.
 * The history is the function's own, even where functions share a role. A new service is one finding, whatever is called of
 * it: described by the gravest action. What a function was denied is DeniedApiCalls' business.
 * Tuned by: `learningDays`. A function that calls something new all the time is not reported.
 */
import type { Call } from "../attribution/act";
import { entityName } from "../attribution/entity";
import { calledActions, calledServices, serviceHistory } from "../baseline/api-history";
import type { Baseline } from "../baseline/baseline";
import { isDenial } from "../baseline/denials";
import type { History } from "../baseline/history";
import { isEstablished, isRestless, reportingFrom } from "../baseline/novelty";
import { own } from "../own";
import { listed, plural } from "../text";
import { DAY, dayOf } from "../time";
import { powerOf } from "./api-power";
import { callSighting } from "./call-sighting";
import type { CallDetector, Verdict, WatchContext } from "./detector";
import { since, standoutScore } from "./standout";

export const unusualApiCall: CallDetector = {
  type: "UnusualApiCall",
  judges: "call",
  source: "trail",
  title: "A call of an API that this function never made",
  severity: "medium",
  misses:
    "Data events that no trail records (S3 objects, DynamoDB items); a known action on another resource; calls with a role that the function assumed; what only a trail with read events shows, where the trail has none.",
  reference: "https://attack.mitre.org/techniques/T1648/",
  mitre: ["T1648", "T1526"],
  mayComeOfDeploy: true,
  lookAt: "Does the code of that version make this call? If not: when was it last deployed, and by whom?",
  detect(call, baseline, context) {
    const { event } = call;
    const { trail } = baseline;
    const facet = baseline.calls.get(event.service);
    const history = own(facet?.actions, event.action)?.called;
    if (trail === null || facet === undefined || history == null || isDenial(event)) return "normal";
    const day = dayOf(event.at);
    const learned = { profile: trail };
    if (day < reportingFrom(learned, context.config)) return "learning";
    if (facet.manyActions || isEstablished(history, day, learned, context.config)) return "normal";
    const service = serviceHistory(facet, context.config.retentionDays) ?? history;
    return isEstablished(service, day, learned, context.config)
      ? newAction(call, history, calledActions(facet), service.firstDay, baseline, context)
      : newService(call, service, baseline, context);
  },
};

function newService(call: Call, history: History, baseline: Baseline, context: WatchContext): Verdict {
  const services = calledServices(baseline, context.config.retentionDays);
  const { service } = call.event;
  const began = baseline.trail?.activity.firstDay ?? history.firstDay;
  return unusual(call, services, history, began, baseline, context, {
    deviation: service,
    of: "service",
    title: `uses ${service}, which it never did: ${call.event.action}`,
  });
}

function newAction(
  call: Call,
  history: History,
  actions: readonly (readonly [string, History])[],
  began: number,
  baseline: Baseline,
  context: WatchContext,
): Verdict {
  const { service, action } = call.event;
  return unusual(call, actions, history, began, baseline, context, {
    deviation: `${service}:${action}`,
    of: "action",
    title: `calls ${service}:${action}, which it never did`,
  });
}

function unusual(
  call: Call,
  all: readonly (readonly [string, History])[],
  history: History,
  began: number,
  baseline: Baseline,
  { entity, config }: WatchContext,
  { deviation, of, title }: { deviation: string; of: "service" | "action"; title: string },
): Verdict {
  const { event, version } = call;
  const day = dayOf(event.at);
  const learned = { profile: baseline.trail };
  const learnedFrom = baseline.trail?.activity.firstDay ?? day;
  const before = all.filter(([, one]) => one.firstDay < day);
  // Asked for the day on which it came: what came while novelty said nothing is not reported when it calms down.
  if (
    isRestless(
      before.map(([, one]) => one),
      began,
      history.firstDay,
      learned,
      config,
    )
  )
    return "normal";
  const power = powerOf(event);
  const quietDays = day - Math.max(began, ...before.map(([, one]) => one.firstDay));
  const { score, reason } = standoutScore({
    base: of === "service" ? power.score : power.score - 1,
    baseReason: `a new ${of} that ${power.does}`,
    quietDays,
    known: before.length,
  });
  const names = listed(before.map(([name]) => name));
  const known = of === "service" ? plural(before.length, "service") : plural(before.length, "action");
  const scope = of === "service" ? "" : ` of ${event.service}`;
  const first = own(baseline.calls.get(event.service)?.actions, event.action)?.version ?? null;
  return callSighting(call, entity, {
    deviation,
    score,
    title: `${entityName(entity)} ${title}`,
    reasons: [
      `Its calls ${since(learnedFrom, day)} went to ${known}${scope}: ${names}, the last new one ${plural(quietDays, "day")} ago.`,
      ...(first === null || first === version ? [] : [`It appeared first with version ${first}.`]),
      reason,
    ],
    baseline: {
      days: day - learnedFrom,
      expected: before.length,
      observed: before.length + 1,
      threshold: before.length,
      rarity: "UNSEEN",
    },
    learnedFrom: learnedFrom * DAY,
    // Of all that is called of a new service, the gravest describes the finding.
    weight: score,
    mitre: power.mitre,
  });
}

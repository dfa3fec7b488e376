/**
 * Sees: a new way to start a function, made by somebody who does not deploy it as a rule: an event source, or a permission
 * for a service.
 * Why: a trigger runs what was put into a function again and again, and feeds it what others' queues hold.
 * Tuned by: `learningDays`.
 */
import { entityName } from "../attribution/entity";
import { fieldsOf, textAt } from "../telemetry/json-fields";
import type { TrailEvent } from "../telemetry/trail-event";
import { isOfFunction, unusualChange } from "./change-sighting";
import type { ChangeDetector } from "./detector";

const BASE = 4.5;

export const triggerAdded: ChangeDetector = {
  type: "TriggerAdded",
  judges: "change",
  source: "trail",
  title: "A trigger made by somebody who does not deploy the function as a rule",
  severity: "medium",
  misses:
    "Triggers that whoever deploys the function makes; rules, schedules and APIs that use a permission which is there already.",
  reference: "https://attack.mitre.org/techniques/T1546/",
  mitre: ["T1546"],
  lookAt: "What does the source send, and who can write to it?",
  detect(change, baseline, context) {
    if (!isOfFunction(context.entity) || change.event.service !== "lambda") return "normal";
    const source = sourceOf(change.event);
    if (source === null) return "normal";
    const detail = `${source} can start it`;
    return unusualChange(
      change,
      { deviation: source, base: BASE, what: `A new trigger of ${entityName(context.entity)}`, detail },
      baseline,
      context,
    );
  },
};

/** What a change lets start the function; `null` where that is nothing. */
function sourceOf({ action, request, response }: TrailEvent): string | null {
  const source =
    textAt(request, "eventSourceArn", 400) ?? textAt(response, "eventSourceArn", 400) ?? "an event source";
  if (action === "CreateEventSourceMapping") return request.enabled === false ? null : source;
  if (action === "UpdateEventSourceMapping") return request.enabled === true ? source : null;
  if (action !== "AddPermission") return null;
  const { principal } = request;
  const service = textAt(request, "principal") ?? textAt(fieldsOf(principal), "Service");
  return service !== null && /^[\w.-]+\.amazonaws\.com(\.cn)?$/.test(service) ? service : null;
}

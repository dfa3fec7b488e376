/**
 * Sees: a new way to start a function, made by somebody who does not deploy it as a rule: an event source, or a permission
 * for a service.
 * A source of another account weighs more.
 * Why: a trigger runs what was put into a function again and again, and feeds it what others' queues hold.
 * Tuned by: `learningDays`.
 */
import { entityName } from "../attribution/entity";
import { accountIn, servicePrincipals } from "../attribution/grantee";
import { flagAt, textAt } from "../telemetry/json-fields";
import type { TrailEvent } from "../telemetry/trail-event";
import { listed } from "../text";
import { isOfFunction, unusualChange } from "./change-sighting";
import type { ChangeDetector } from "./detector";

const BASE = 4.5;
const FOREIGN = 1.5;

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
    const trigger = triggerOf(change.event);
    if (trigger === null) return "normal";
    const { name, source } = trigger;
    const account = accountIn(source);
    const isForeign = account !== null && account !== context.entity.accountId;
    const by = name === source || source === null ? name : `${name} (${source})`;
    const whose = isForeign ? ` of account ${account}` : "";
    const detail = `${by}${whose} can start it`;
    return unusualChange(
      change,
      {
        deviation: `${name}${whose}`,
        base: BASE + (isForeign ? FOREIGN : 0),
        what: `A new trigger of ${entityName(context.entity)}`,
        detail,
      },
      baseline,
      context,
    );
  },
};

interface Trigger {
  /** A service, or an event source. */
  readonly name: string;
  /** ARN or account that it comes from, where it is told. */
  readonly source: string | null;
}

/** What a change lets start the function; `null` where that is nothing. */
function triggerOf({ action, request, response }: TrailEvent): Trigger | null {
  const enabled = flagAt(request, "enabled");
  if (action === "CreateEventSourceMapping" ? enabled !== false : enabled === true && action === SWITCH) {
    const source = textAt(request, "eventSourceArn", 400) ?? textAt(response, "eventSourceArn", 400);
    const uuid = textAt(request, "uUID", 40) ?? textAt(response, "uUID", 40);
    return { name: source ?? (uuid === null ? "an event source" : `event source mapping ${uuid}`), source };
  }
  const services = action === "AddPermission" ? servicePrincipals(request.principal) : [];
  if (services.length === 0) return null;
  const source = textAt(request, "sourceArn", 400);
  const account = textAt(request, "sourceAccount", 12);
  return { name: listed(services), source: accountIn(source) === null ? (account ?? source) : source };
}

const SWITCH = "UpdateEventSourceMapping";

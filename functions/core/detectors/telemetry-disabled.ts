/**
 * Sees: flow logs, trails, and Plumbline's own parts switched off, emptied or deleted.
 * Why: who is about to do something first turns off what would tell of it.
 * Plumbline's own deployment, by CloudFormation, may change its parts; deleting the stack is told all the same.
 */
import { ruleOf, trailOf } from "../attribution/grant";
import { changedPart } from "../attribution/own-part";
import { managementEventsKept } from "../telemetry/event-selectors";
import { fieldsOf, flagAt, listOf, textAt } from "../telemetry/json-fields";
import type { TrailEvent } from "../telemetry/trail-event";
import { ending, plainSighting } from "./change-sighting";
import type { ChangeDetector } from "./detector";

interface Loss {
  /** What is lost, by its name. */
  readonly thing: string;
  readonly score: number;
  readonly why: string;
  /** It goes on when it is switched on again. */
  readonly isSwitchedOff?: boolean;
}

export const telemetryDisabled: ChangeDetector = {
  type: "TelemetryDisabled",
  judges: "change",
  source: "trail",
  title: "Flow logs, a trail or a part of Plumbline cut off",
  severity: "high",
  misses:
    "A trail that is starved by its bucket or its key, or whose selectors leave out single services; what is switched off in another Region; an update of Plumbline's own stack that takes parts away; parts without a name of the stack's; whatever comes after the trail itself is off.",
  reference: "https://attack.mitre.org/techniques/T1562/008/",
  mitre: ["T1562.008"],
  lookAt: "Switch it on again, then look at everything that whoever did it called since.",
  detect(change, baseline, { entity, config }) {
    const { event } = change;
    // Each change is told to the account; those of functions, to the function as well.
    if (entity.functionArn !== null) return "normal";
    if (event.service === "cloudtrail" && event.action === "StartLogging")
      return ending(change, trailOf(event));
    if (event.service === "events" && event.action === "EnableRule") return ending(change, ruleOf(event));
    return lossesOf(event, config.stackName).map(({ thing, score, why, isSwitchedOff }) =>
      plainSighting(
        change,
        {
          // What is lost otherwise does not come back with a switch, and is told again where it gets worse.
          deviation: isSwitchedOff ? thing : `${event.action} ${thing}`,
          score,
          title: `${event.action} by ${change.by.name}: ${thing}`,
          detail: `${event.action} of ${thing}`,
          reasons: [why],
        },
        baseline,
      ),
    );
  },
};

function lossesOf(event: TrailEvent, stackName: string): Loss[] {
  const { service, action, request } = event;
  switch (`${service} ${action}`) {
    case "ec2 DeleteFlowLogs":
      return deletedFlowLogs(event).map((thing) => ({
        thing,
        score: 8,
        why: "Connections in what it covered are no longer seen.",
      }));
    case "cloudtrail StopLogging":
      return [{ thing: trailOf(event), score: 9, why: NO_TRAIL, isSwitchedOff: true }];
    case "cloudtrail DeleteTrail":
      return [{ thing: trailOf(event), score: 9, why: NO_TRAIL }];
    case "cloudtrail UpdateTrail": {
      const off = ["isMultiRegionTrail", "includeGlobalServiceEvents"].filter(
        (name) => flagAt(request, name) === false,
      );
      return off.length === 0
        ? []
        : [{ thing: trailOf(event), score: 5, why: `It was told to record less: ${off.join(", ")} is off.` }];
    }
    case "cloudtrail PutEventSelectors":
      return selectorLoss(event);
    default:
      return ownLoss(event, stackName);
  }
}

const NO_TRAIL = "Calls and changes are no longer seen, unless another trail records them.";

/** Those that were asked for, but those that AWS says it did not delete; a record may lack what was asked for. */
function deletedFlowLogs({ request, response }: TrailEvent): string[] {
  const asked = flowLogsIn(request);
  if (asked.length === 0) return ["a flow log that the record does not name"];
  const kept = new Set(flowLogsIn(response));
  return asked.filter((id) => !kept.has(id)).map((id) => `flow log ${id}`);
}

/** Ids come as text, as a list, or as the XML of EC2 turned into objects. */
function flowLogsIn(request: unknown, depth = 0): string[] {
  if (typeof request === "string") return /^fl-[0-9a-f]{1,40}$/.test(request) ? [request] : [];
  if (depth > 5) return [];
  const parts = Array.isArray(request) ? listOf(request) : Object.values(fieldsOf(request)).slice(0, 100);
  return [...new Set(parts.flatMap((part) => flowLogsIn(part, depth + 1)))].slice(0, 100);
}

/** Selectors that leave out management events, or some of them. */
function selectorLoss(event: TrailEvent): Loss[] {
  const kept = managementEventsKept(event.request);
  if (kept === null || (kept.reads && kept.writes)) return [];
  const thing = trailOf(event);
  if (kept.writes) return [{ thing, score: 5, why: "Its selectors leave out calls that only read." }];
  const lost = kept.reads ? "changes" : "management events: calls and changes";
  return [{ thing, score: 8, why: `Its selectors leave out ${lost}, which are no longer seen.` }];
}

const OWN_PART = 8;
/** What is in it is lost, and it works on. */
const EMPTIED = 7;

function ownLoss(event: TrailEvent, stackName: string): Loss[] {
  const { action, request } = event;
  const thing = changedPart(event, stackName);
  if (thing === null) return [];
  const why = thing.startsWith("stack ")
    ? "It is Plumbline itself."
    : "It is a part of Plumbline, and its own deployment did not do it: what is to be found may no longer be.";
  const isSwitchedOff =
    action === "DisableRule" || (action === "PutRule" && textAt(request, "state") === "DISABLED");
  return [{ thing, score: action === "PurgeQueue" ? EMPTIED : OWN_PART, why, isSwitchedOff }];
}

/**
 * Sees: a function given another role, or its role given more, by somebody who does not deploy it as a rule.
 * Why: a function does whatever its role may do, and whoever can invoke it does so, too.
 * Tuned by: `learningDays`. IAM is recorded in us-east-1: elsewhere its events have to be forwarded.
 */
import { entityName } from "../attribution/entity";
import { textAt } from "../telemetry/json-fields";
import type { TrailEvent } from "../telemetry/trail-event";
import { isOfFunction, unusualChange } from "./change-sighting";
import type { ChangeDetector } from "./detector";

const BASE = 6;
const ALL_POWERFUL = 1.5;

export const roleChange: ChangeDetector = {
  type: "RoleChange",
  judges: "change",
  source: "trail",
  title: "A function's role changed by somebody who does not do so as a rule",
  severity: "medium",
  misses:
    "A new version of a policy that is attached already; more than five functions of one role; roles of functions that the inventory does not know.",
  reference: "https://attack.mitre.org/techniques/T1098/003/",
  mitre: ["T1098.003"],
  lookAt: "What may the role do now that it could not before? Does the function need it?",
  detect(change, baseline, context) {
    const { event } = change;
    if (!isOfFunction(context.entity)) return "normal";
    const name = entityName(context.entity);
    const detail = detailOf(event, name);
    if (detail === null) return "normal";
    const base = BASE + (isAllPowerful(event) ? ALL_POWERFUL : 0);
    return unusualChange(
      change,
      { deviation: "role", base, what: `A change of the role of ${name}`, detail },
      baseline,
      context,
    );
  },
};

function detailOf({ service, action, request }: TrailEvent, name: string): string | null {
  const role = textAt(request, "roleName") ?? "its role";
  switch (`${service} ${action}`) {
    case "lambda UpdateFunctionConfiguration": {
      const given = textAt(request, "role", 400);
      return given === null ? null : `${name} runs with ${given}`;
    }
    case "iam AttachRolePolicy":
      return `${textAt(request, "policyArn", 400) ?? "a policy"} attached to ${role}`;
    case "iam PutRolePolicy":
      return `policy ${textAt(request, "policyName") ?? ""} written into ${role}`;
    case "iam UpdateAssumeRolePolicy":
      return `who may assume ${role}`;
    default:
      return null;
  }
}

/** Policies that allow next to everything, of a service or of all. */
const isAllPowerful = ({ request }: TrailEvent) =>
  /AdministratorAccess|PowerUserAccess|FullAccess$/.test(textAt(request, "policyArn", 400) ?? "") ||
  /"Action"\s*:\s*\[?\s*"\*"/.test(
    typeof request.policyDocument === "string" ? request.policyDocument.slice(0, 20_000) : "",
  );

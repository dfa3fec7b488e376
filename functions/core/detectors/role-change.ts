/**
 * Sees: a function given another role, or its role given more, by somebody who does not deploy it as a rule.
 * Why: a function does whatever its role may do, and whoever can invoke it does so, too.
 * Tuned by: `learningDays`. IAM is recorded in us-east-1: elsewhere its events have to be forwarded.
 */
import { entityName } from "../attribution/entity";
import { accountIn, awsPrincipals } from "../attribution/grantee";
import { textAt } from "../telemetry/json-fields";
import { allowances, allowsNextToEverything } from "../telemetry/policy-document";
import type { TrailEvent } from "../telemetry/trail-event";
import { isOfFunction, unusualChange } from "./change-sighting";
import type { ChangeDetector } from "./detector";

const BASE = 6;
/** More for a policy that allows next to everything, and for one that lets others in. */
const GRAVE = 1.5;

export const roleChange: ChangeDetector = {
  type: "RoleChange",
  judges: "change",
  source: "trail",
  title: "A function's role changed by somebody who does not do so as a rule",
  severity: "medium",
  misses:
    "A new version of a policy that is attached already; what a role that is set may do, and whether it was set before; more than five functions of one role; roles of functions that the inventory does not know.",
  reference: "https://attack.mitre.org/techniques/T1098/003/",
  mitre: ["T1098.003"],
  lookAt: "What may the role do now that it could not before? Does the function need it?",
  detect(change, baseline, context) {
    const { event } = change;
    if (!isOfFunction(context.entity)) return "normal";
    const name = entityName(context.entity);
    const detail = detailOf(event, name);
    if (detail === null) return "normal";
    const isGrave = isAllPowerful(event) || letsOthersIn(event, context.entity.accountId);
    return unusualChange(
      change,
      {
        // Graver than what was told before, it is told again.
        deviation: isGrave ? "role, grave" : "role",
        base: BASE + (isGrave ? GRAVE : 0),
        what: `A change of the role of ${name}`,
        detail,
      },
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
const isAllPowerful = ({ action, request }: TrailEvent) =>
  action === "AttachRolePolicy"
    ? /AdministratorAccess|PowerUserAccess|FullAccess$/.test(textAt(request, "policyArn", 400) ?? "")
    : action === "PutRolePolicy" && allowances(request).some(allowsNextToEverything);

const letsOthersIn = ({ action, request }: TrailEvent, accountId: string | null) =>
  action === "UpdateAssumeRolePolicy" &&
  allowances(request)
    .flatMap(({ Principal }) => awsPrincipals(Principal))
    .some((principal) => principal === "*" || (accountIn(principal) ?? accountId) !== accountId);

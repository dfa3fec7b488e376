/**
 * States that a change begins and another one ends: a statement in a function's policy, a function URL, a trail or a rule
 * that is switched off. Each has a name, so that what ends it is known to end it.
 */
import { type JsonFields, textAt } from "../telemetry/json-fields";
import type { TrailEvent } from "../telemetry/trail-event";
import { qualifierIn } from "./function-arn";

/** The statement that `AddPermission` or `RemovePermission` is about, with the version or alias that has it. */
export const statementOf = ({ request }: TrailEvent): string =>
  `statement ${textAt(request, "statementId", 100) ?? "unknown"}${ofQualifier(request)}`;

/** The URL of a function, or of one of its aliases. */
export const functionUrlOf = ({ request }: TrailEvent): string => `url${ofQualifier(request)}`;

/** A trail, by its name or the ARN that it goes by as well. */
export const trailOf = ({ request }: TrailEvent): string =>
  `trail ${(textAt(request, "name", 300) ?? textAt(request, "trailName", 300) ?? "unknown").split("/").at(-1)}`;

export const ruleOf = ({ request }: TrailEvent): string => `rule ${textAt(request, "name") ?? "unknown"}`;

/** What an event ends; `null` where it ends nothing. */
export function endedBy(event: TrailEvent): string | null {
  switch (`${event.service} ${event.action}`) {
    case "lambda RemovePermission":
      return statementOf(event);
    case "lambda DeleteFunctionUrlConfig":
      return functionUrlOf(event);
    case "lambda UpdateFunctionUrlConfig":
      return textAt(event.request, "authType") === "AWS_IAM" ? functionUrlOf(event) : null;
    case "cloudtrail StartLogging":
      return trailOf(event);
    case "events EnableRule":
      return ruleOf(event);
    default:
      return null;
  }
}

/** A version or alias stands by itself, or behind the name of the function. */
function ofQualifier(request: JsonFields): string {
  const qualifier = textAt(request, "qualifier") ?? qualifierIn(textAt(request, "functionName", 400));
  return qualifier === null ? "" : ` of ${qualifier}`;
}

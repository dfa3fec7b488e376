/**
 * Sees: a function URL that asks nobody who they are (auth type NONE).
 * Why: whoever learns of the address can run the function, at the owner's cost.
 * Deleting the URL, or asking for IAM, ends it.
 */
import { entityName } from "../attribution/entity";
import { endedBy, functionUrlOf } from "../attribution/grant";
import { textAt } from "../telemetry/json-fields";
import { ending, isOfFunction, plainSighting } from "./change-sighting";
import type { ChangeDetector } from "./detector";

const SCORE = 8;

export const publicFunctionUrl: ChangeDetector = {
  type: "PublicFunctionUrl",
  judges: "change",
  source: "trail",
  title: "A function URL that anybody can call",
  severity: "high",
  misses: "URLs of before Plumbline; what the function itself asks of its callers.",
  reference: "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
  mitre: ["T1190", "T1648"],
  lookAt:
    "Does the function check its callers itself? If it need not be public: set the auth type to AWS_IAM.",
  detect(change, baseline, { entity }) {
    const { event } = change;
    if (!isOfFunction(entity) || event.service !== "lambda" || !/FunctionUrlConfig$/.test(event.action))
      return "normal";
    const deviation = functionUrlOf(event);
    if (endedBy(event) === deviation) return ending(change, deviation);
    const authType = textAt(event.request, "authType") ?? textAt(event.response, "authType");
    if (authType !== "NONE" || event.action === "DeleteFunctionUrlConfig") return "normal";
    const address = textAt(event.response, "functionUrl");
    return plainSighting(
      change,
      {
        deviation,
        score: SCORE,
        title: `Anybody can call ${entityName(entity)} by its URL`,
        detail: `a function URL with auth type NONE${address === null ? "" : `, ${address}`}`,
        reasons: ["Without IAM, Lambda asks nobody who they are."],
      },
      baseline,
    );
  },
};

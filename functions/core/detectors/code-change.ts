/**
 * Sees: a function's code changed by somebody who does not deploy it as a rule: new code, or a setting that brings some in.
 * Why: code is where an attacker stays. What always deploys a function is learned and quiet; people stand out.
 * Tuned by: `learningDays`.
 */
import { entityName } from "../attribution/entity";
import { flagAt, textAt } from "../telemetry/json-fields";
import { isOfFunction, unusualChange } from "./change-sighting";
import type { ChangeDetector } from "./detector";

const NEW_CODE = 6;
const NEW_SETTING = 4.5;
/** Settings that can bring in code: another entry point, variables that a runtime loads code by, another image. */
const SETTINGS = ["handler", "runtime", "environment", "imageConfig", "fileSystemConfigs"];

export const codeChange: ChangeDetector = {
  type: "CodeChange",
  judges: "change",
  source: "trail",
  title: "A function's code changed by somebody who does not do so as a rule",
  severity: "medium",
  misses:
    "Changes by whoever deploys the function as a rule, also where their credentials were stolen; whether a setting that is set was that before; an alias that is moved to an older version; what is in the new code.",
  reference: "https://attack.mitre.org/techniques/T1525/",
  mitre: ["T1525", "T1648"],
  lookAt:
    "Ask whoever made it. Compare the code with the repository, and look at what the function does since.",
  detect(change, baseline, context) {
    const { action, service, request, response } = change.event;
    if (!isOfFunction(context.entity) || service !== "lambda" || flagAt(request, "dryRun") === true)
      return "normal";
    const name = entityName(context.entity);
    if (action === "UpdateFunctionCode") {
      const digest = textAt(response, "codeSha256");
      const detail = `new code for ${name}${digest === null ? "" : ` (SHA-256 ${digest})`}`;
      return unusualChange(
        change,
        { deviation: "code", base: NEW_CODE, what: `New code of ${name}`, detail },
        baseline,
        context,
      );
    }
    const settings = SETTINGS.filter(
      (setting) => Object.hasOwn(request, setting) && request[setting] != null,
    );
    if (action !== "UpdateFunctionConfiguration" || settings.length === 0) return "normal";
    const detail = `${settings.join(", ")} of ${name}`;
    return unusualChange(
      change,
      { deviation: "settings", base: NEW_SETTING, what: `New settings of ${name}`, detail },
      baseline,
      context,
    );
  },
};

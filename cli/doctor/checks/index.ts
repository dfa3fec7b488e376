import type { Check, Diagnosis } from "../check";
import type { Gathered } from "../facts";
import { FLOW_LOG_CHECKS } from "./flow-logs";
import { FUNCTION_CHECKS } from "./functions";
import { PIPELINE_CHECKS } from "./pipeline";
import { TRAIL_CHECKS } from "./trail";

/** Everything that the doctor looks at, in the order in which it says so. */
export const CHECKS: readonly Check[] = [
  ...FLOW_LOG_CHECKS,
  ...TRAIL_CHECKS,
  ...FUNCTION_CHECKS,
  ...PIPELINE_CHECKS,
];

export const examine = (gathered: Gathered): Diagnosis[] => CHECKS.flatMap((one) => one.examine(gathered));

/** Permission denials: which there are, which are nothing new, and how many come together. */
import type { DetectionConfig } from "../config";
import type { TrailEvent } from "../telemetry/trail-event";
import { dayOf, HOUR } from "../time";
import type { Baseline } from "./baseline";
import { daysBefore } from "./history";
import { reportingFrom } from "./novelty";

/** `AccessDenied`, `AccessDeniedException`, `Client.UnauthorizedOperation` and their kin; throttles and quotas are none. */
const DENIAL =
  /^(Client\.)?(AccessDenied|UnauthorizedOperation|UnauthorizedAccess|NotAuthorized|AuthorizationError)/i;

export const isDenial = ({ errorCode }: Pick<TrailEvent, "errorCode">): boolean =>
  errorCode !== null && DENIAL.test(errorCode);

/** Whether this function was denied this action while it was learned, or on as many days since. */
export function isUsuallyDenied(
  { service, action, at }: TrailEvent,
  { calls, trail }: Baseline,
  config: DetectionConfig,
): boolean {
  const denied = calls.get(service)?.actions[action]?.denied ?? null;
  if (denied === null) return false;
  const day = dayOf(at);
  const wasLearned = denied.firstDay < reportingFrom({ profile: trail }, config);
  return daysBefore(denied, day) >= (wasLearned ? 1 : Math.max(1, config.learningDays));
}

export interface Denials {
  /** In order of time: seconds since 1970, event id, `service:Action`. */
  readonly all: readonly { readonly at: number; readonly id: string; readonly action: string }[];
}

/** The denials in the hour from the first of those that lie within an hour before `at`, as far as they are kept. */
export function denialsAround(at: number, { trailDays }: Baseline): Denials["all"] {
  const day = dayOf(at);
  const all = [day - 1, day, day + 1]
    .flatMap((one) => Object.entries(trailDays.get(one)?.denied ?? {}))
    .map(([id, denial]) => ({ id, ...denial }))
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const near = all.filter((one) => Math.abs(one.at - at) < HOUR);
  // Of the windows of an hour that hold `at`, the fullest.
  return near.reduce<Denials["all"]>((fullest, { at: from }) => {
    const window = near.filter((one) => one.at >= from && one.at < from + HOUR);
    return from <= at && window.length > fullest.length ? window : fullest;
  }, []);
}

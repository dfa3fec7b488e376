/** Permission denials: which there are, which are nothing new, and how many come together. */
import type { DetectionConfig } from "../config";
import { own } from "../own";
import type { TrailEvent } from "../telemetry/trail-event";
import { dayOf, HOUR } from "../time";
import type { Baseline } from "./baseline";
import { daysBefore } from "./history";
import { reportingFrom } from "./novelty";
import type { Denial } from "./trail-facets";

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
  const denied = own(calls.get(service)?.actions, action)?.denied ?? null;
  if (denied === null) return false;
  const day = dayOf(at);
  const wasLearned = denied.firstDay < reportingFrom({ profile: trail }, config);
  return daysBefore(denied, day) >= (wasLearned ? 1 : Math.max(1, config.learningDays));
}

/** A denial with the id of its event. */
export interface KeptDenial extends Denial {
  readonly id: string;
}

/** Of the hours that reach into the time from `from` to `to`, the one with most denials, as far as they are kept. */
export function fullestHour(from: number, to: number, { trailDays }: Baseline): readonly KeptDenial[] {
  const days = [dayOf(from) - 1, dayOf(from), dayOf(to), dayOf(to) + 1];
  const near = [...new Set(days)]
    .flatMap((one) => Object.entries(trailDays.get(one)?.denied ?? {}))
    .map(([id, denial]): KeptDenial => ({ id, ...denial }))
    .filter(({ at }) => at > from - HOUR && at < to + HOUR)
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  let [begin, end] = [0, 0];
  for (let first = 0, next = 0; first < near.length; first++) {
    const until = (near[first] as KeptDenial).at + HOUR;
    while (next < near.length && (near[next] as KeptDenial).at < until) next++;
    if (next - first > end - begin) [begin, end] = [first, next];
  }
  return near.slice(begin, end);
}

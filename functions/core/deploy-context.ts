/**
 * What a deploy has to do with a finding. Right after a deploy as it always comes, something new is most likely part of it;
 * after a change by somebody who does not deploy this function, it is most likely what the change was for.
 */
import type { Deploy } from "./baseline/trail-facets";
import type { FindingRecord } from "./finding";
import type { SeverityStep } from "./severity";
import { plural } from "./text";
import { DAY, iso, secondsOf } from "./time";

/** For how long after a deploy what is new is put down to it, in seconds. */
export const DEPLOY_SHADOW = DAY;

/** The deploys in whose shadow something lies that was first seen at `firstSeen` (seconds since 1970). */
export const deploysBefore = (deploys: readonly Deploy[], firstSeen: number): readonly Deploy[] =>
  deploys.filter(({ at }) => at <= firstSeen && firstSeen < at + DEPLOY_SHADOW);

/** What the deploys before a finding say of it; `null` where there are none. */
export function deployStep({ entity, firstSeen, deploys }: FindingRecord): SeverityStep | null {
  const began = secondsOf(firstSeen) ?? 0;
  const near = deploysBefore(deploys, began);
  // A change that is out of the ordinary is not made up for by the usual deploy after it.
  const deploy = near.findLast(({ isUsual }) => !isUsual) ?? near.at(-1);
  if (deploy === undefined) return null;
  const minutes = Math.max(1, Math.round((began - deploy.at) / 60));
  const after = minutes < 120 ? plural(minutes, "minute") : plural(Math.round(minutes / 60), "hour");
  const who = entity.startsWith("account:")
    ? "which is a finding of its own"
    : deploy.isUsual
      ? "which deploys this function as a rule"
      : "who does not deploy this function as a rule";
  return {
    step: deploy.isUsual ? -1 : 1,
    why: `It came ${after} after ${deploy.action} by ${deploy.by} at ${iso(deploy.at)}, ${who}`,
  };
}

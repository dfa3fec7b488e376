/**
 * What a deploy has to do with a finding. Right after a deploy as it always comes, something new is most likely part of it;
 * after a change by somebody who does not deploy this function, it is most likely what the change was for.
 */
import { type Deploy, mergeDeploys } from "./baseline/trail-facets";
import type { FindingRecord } from "./finding";
import { nextBand, severityOf } from "./severity";
import { plural } from "./text";
import { DAY, iso, secondsOf } from "./time";

/** For how long after a deploy what is new is put down to it, in seconds. */
export const DEPLOY_SHADOW = DAY;

/** The deploys in whose shadow something lies that was first seen at `firstSeen` (seconds since 1970). */
export const deploysBefore = (deploys: readonly Deploy[], firstSeen: number): readonly Deploy[] =>
  deploys.filter(({ at }) => at <= firstSeen && firstSeen < at + DEPLOY_SHADOW);

/** A record as its sighting described it, moved by the deploys before it. */
export function afterDeploys(record: FindingRecord): FindingRecord {
  const { described } = record;
  const firstSeen = secondsOf(record.firstSeen) ?? 0;
  const near = deploysBefore(record.deploys, firstSeen);
  // A change that is out of the ordinary is not made up for by the usual deploy after it.
  const deploy = near.findLast(({ isUsual }) => !isUsual) ?? near.at(-1);
  if (deploy === undefined) {
    const { score, explanation } = described;
    return { ...record, score, severity: severityOf(score), explanation };
  }
  const score = nextBand(described.score, deploy.isUsual ? -1 : 1);
  const minutes = Math.max(1, Math.round((firstSeen - deploy.at) / 60));
  const after = minutes < 120 ? plural(minutes, "minute") : plural(Math.round(minutes / 60), "hour");
  const moved =
    score === described.score
      ? ""
      : `, so its severity is one step ${deploy.isUsual ? "lower" : "higher"}: score ${score} (${severityOf(score)})`;
  const who = record.entity.startsWith("account:")
    ? "which is a finding of its own"
    : deploy.isUsual
      ? "which deploys this function as a rule"
      : "who does not deploy this function as a rule";
  return {
    ...record,
    score,
    severity: severityOf(score),
    explanation: `${described.explanation} It came ${after} after ${deploy.action} by ${deploy.by} at ${iso(deploy.at)}, ${who}${moved}.`,
  };
}

const MAX_RELATED = 20;

/** A record with further deploys before it, and further findings that it belongs together with. */
export const withContext = (
  record: FindingRecord,
  deploys: readonly Deploy[],
  related: readonly string[],
): FindingRecord =>
  afterDeploys({
    ...record,
    deploys: mergeDeploys(record.deploys, deploys),
    related: [...new Set([...record.related, ...related])].sort().slice(0, MAX_RELATED),
  });

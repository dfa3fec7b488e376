/** Findings of one function that belong together: an unusual change, and what came of it within a day. */
import type { Deploy } from "./baseline/trail-facets";
import { withContext } from "./context";
import { DEPLOY_SHADOW, deploysBefore } from "./deploy-context";
import { detectorOf } from "./detectors";
import type { FindingRecord } from "./finding";
import { secondsOf } from "./time";

const mayComeOfDeploy = ({ type }: FindingRecord) => detectorOf(type)?.mayComeOfDeploy === true;
const mayComeOfFinding = ({ type }: FindingRecord) => detectorOf(type)?.mayComeOfFinding === true;
const isEffect = (finding: FindingRecord) => mayComeOfDeploy(finding) || mayComeOfFinding(finding);
const isChange = ({ subject }: FindingRecord) => "actor" in subject;

/** Whether it can be what others came of, or have come of another. */
export const mayBeRelated = (finding: FindingRecord): boolean => isChange(finding) || isEffect(finding);

/**
 * Findings of one function with what is known of its deploys, and with each other: those of them that this changes. So it
 * does not matter whether the change or what came of it is told first.
 */
export function related(findings: readonly FindingRecord[], deploys: readonly Deploy[]): FindingRecord[] {
  const effects = findings.filter(isEffect);
  const causes = findings.filter(isChange);
  const pairs = effects.flatMap((effect) =>
    causes
      .filter((cause) => isCause(cause, effect))
      .flatMap((cause) => [[effect, cause] as const, [cause, effect] as const]),
  );
  return findings.flatMap((finding) => {
    const tied = pairs.filter(([one]) => one === finding).map(([, other]) => other);
    const others = tied.map(({ id }) => id);
    const near = deploysBefore(
      mayComeOfDeploy(finding) ? deploys : mayComeOfFinding(finding) ? tied.flatMap(asDeploys) : [],
      began(finding),
    );
    const isKnown =
      near.every(({ id }) => finding.deploys.some((deploy) => deploy.id === id)) &&
      others.every((id) => finding.related.includes(id));
    if (isKnown) return [];
    return [withContext(finding, { deploys: near, related: others })];
  });
}

const began = ({ firstSeen }: FindingRecord) => secondsOf(firstSeen) ?? 0;

const isCause = (cause: FindingRecord, effect: FindingRecord) =>
  cause.occurrences.some((at) => at <= began(effect) && began(effect) < at + DEPLOY_SHADOW);

/** A change that is a finding, as what is put down to it takes it. */
const asDeploys = ({ id, subject, occurrences }: FindingRecord): Deploy[] =>
  "actor" in subject
    ? occurrences.map((at) => ({
        id: `${id} ${at}`,
        at,
        action: subject.eventName,
        by: subject.actor,
        isUsual: false,
      }))
    : [];

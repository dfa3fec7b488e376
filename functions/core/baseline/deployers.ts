/** Who changes a function as a matter of course. */
import type { Principal } from "../attribution/principal";
import type { DetectionConfig } from "../config";
import { own } from "../own";
import { daysBefore } from "./history";
import { isEstablished, reportingFrom } from "./novelty";
import type { Deployer, TrailFacet } from "./trail-facets";

/** A person is at home with a function after changing it on so many days; a role that does its work, after the first. */
const DAYS_OF_A_PERSON = 3;

export type DeployerStanding = "learning" | "usual" | "unusual";

/**
 * How a change of a function on `day` by `by` is to be taken, after what its trail and that of its account tell. While
 * the account is learned, everybody is. Then it is usual by whoever deployed this function before. By who deploys others
 * in the account it is usual where the function's own deployers are not known yet, and through CloudFormation: an
 * account's stacks are deployed by one role.
 */
export function standingOf(
  by: Principal,
  day: number,
  trail: Pick<TrailFacet, "deployers">,
  account: TrailFacet | null,
  config: DetectionConfig,
): DeployerStanding {
  if (day < reportingFrom({ profile: account }, config)) return "learning";
  const isKnown = (deployer: Deployer | undefined) =>
    deployer !== undefined && isUsual(deployer, day, account, config);
  if (isKnown(own(trail.deployers, by.key))) return "usual";
  const others = Object.entries(trail.deployers).filter(
    ([key, { history }]) => key !== by.key && history.firstDay < day,
  );
  // Asked for the day on which it came: who was there when the function was new belongs to it.
  const came = own(trail.deployers, by.key)?.history.firstDay ?? day;
  const isNew = others.every(([, { history }]) => history.firstDay > came - Math.max(1, config.learningDays));
  return (isNew || by.isStack) && isKnown(own(account?.deployers, by.key)) ? "usual" : "unusual";
}

/** Whoever deploys a function as a rule on `day`, first known first. */
export const usualDeployers = (
  day: number,
  { deployers }: Pick<TrailFacet, "deployers">,
  account: TrailFacet | null,
  config: DetectionConfig,
): Deployer[] =>
  Object.values(deployers)
    .filter((deployer) => deployer.history.firstDay < day && isUsual(deployer, day, account, config))
    .sort((a, b) => a.history.firstDay - b.history.firstDay || (a.name < b.name ? -1 : 1));

const isUsual = (
  { isPerson, history }: Deployer,
  day: number,
  account: TrailFacet | null,
  config: DetectionConfig,
): boolean =>
  isPerson
    ? daysBefore(history, day) >= DAYS_OF_A_PERSON
    : isEstablished(history, day, { profile: account }, config);

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
 * the account is learned, everybody is. Then it is usual by whoever deployed this function before; and, for a function of
 * which no deployer is known yet, by a role that deploys others in the account.
 */
export function standingOf(
  by: Principal,
  day: number,
  trail: Pick<TrailFacet, "deployers">,
  account: TrailFacet | null,
  config: DetectionConfig,
): DeployerStanding {
  const learned = { profile: account };
  if (day < reportingFrom(learned, config)) return "learning";
  const isKnown = (deployer: Deployer | undefined) =>
    deployer !== undefined &&
    (deployer.isPerson
      ? daysBefore(deployer.history, day) >= DAYS_OF_A_PERSON
      : isEstablished(deployer.history, day, learned, config));
  if (isKnown(own(trail.deployers, by.key))) return "usual";
  const others = Object.entries(trail.deployers).filter(
    ([key, { history }]) => key !== by.key && history.firstDay < day,
  );
  return others.length === 0 && isKnown(own(account?.deployers, by.key)) ? "usual" : "unusual";
}

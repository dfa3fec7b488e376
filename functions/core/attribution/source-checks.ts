/** Whom sources of telemetry tell of: which accounts metrics told of, and of which accounts each source should tell. */
import { groupBy } from "../group";
import { type Notice, SOURCES, type Source, type SourceCheck } from "../telemetry/source";
import { hourOf } from "../time";
import { accountEntity, type Entity } from "./entity";
import type { Inventory, LambdaFunction, Valid } from "./inventory";
import type { EntityUsage } from "./usage";

export interface SourceChecks {
  readonly entity: Entity;
  readonly checks: readonly SourceCheck[];
}

/**
 * What to ask at `at` (seconds since 1970): of each account and Region with functions, whether the sources tell that
 * should. Where there is no function, or none in a VPC, there is nothing to tell; and CloudWatch tells nothing of a function
 * that is not called, so of one alone it falls silent as the function does (`WentSilent`). Of `live` sources what has not
 * come by then is missing.
 */
export function sourceChecks({ functions }: Inventory, at: number, live: readonly Source[]): SourceChecks[] {
  return [...groupBy(functions, placeOf)].map(([place, some]) => {
    const [accountId = "", region = ""] = place.split(" ");
    const checks = SOURCES.flatMap((source): SourceCheck[] => {
      const told = some.filter(({ vpc }) => source !== "flow" || vpc.length > 0);
      if (told.length < (source === "metrics" ? 2 : 1)) return [];
      return [
        { kind: "check", source, at, since: Math.min(...told.map(beganOf)), isLive: live.includes(source) },
      ];
    });
    return { entity: accountEntity(accountId, region), checks };
  });
}

/** Whether there are functions in an account and Region. */
export const hasFunctions = ({ functions }: Inventory, accountId: string, region: string): boolean =>
  functions.some((one) => placeOf(one) === `${accountId} ${region}`);

/** Accounts in which functions were used, by what metrics tell. */
export function noticesOf(used: readonly EntityUsage[]): { entity: Entity; notices: Notice[] }[] {
  const inAccounts = used.filter(({ entity }) => entity.accountId !== null && entity.region !== null);
  const byAccount = groupBy(inAccounts, ({ entity }) => `${entity.accountId} ${entity.region}`);
  return [...byAccount].map(([place, some]) => {
    const [accountId = "", region = ""] = place.split(" ");
    const points = some.flatMap(({ usage }) => usage.flatMap((one) => one.points));
    const told = points.filter(({ value }) => value > 0).map(({ at }) => at);
    const hours = [...groupBy(told, hourOf).values()];
    return {
      entity: accountEntity(accountId, region),
      notices: hours.map(([at]) => ({ kind: "notice", source: "metrics", at: at as number })),
    };
  });
}

const beganOf = ({ validFrom }: Valid<LambdaFunction>) => validFrom;

function placeOf({ functionArn }: LambdaFunction): string {
  const [, , , region, accountId] = functionArn.split(":");
  return `${accountId} ${region}`;
}

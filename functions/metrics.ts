/** On a schedule: whether every source still tells, and how functions were used of late, held against the line of each. */
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { Context } from "aws-lambda";
import { cloudWatchUsage } from "./adapters/aws/cloudwatch-usage";
import { setting } from "./adapters/aws/environment";
import {
  deployedFindings,
  deployedInventory,
  deployedWatcher,
  lambdaHandler,
  logger,
  measure,
  once,
  systemClock,
} from "./adapters/aws/runtime";
import type { Clock, FindingStore, InventoryStore, Log, UsageSource } from "./adapters/ports";
import { tellInvoked } from "./adapters/tell-invoked";
import type { EntityWatcher } from "./adapters/watch-entity";
import { watchSources } from "./adapters/watch-sources";
import { type UsageReport, watchUsage } from "./adapters/watch-usage";
import { groupsIn } from "./core/attribution/entity";
import type { LambdaFunction } from "./core/attribution/inventory";
import type { EntityUsage } from "./core/attribution/usage";
import { PERIOD } from "./core/baseline/usage/parameters";
import type { FindingRecord } from "./core/finding";
import type { MetricName, MetricSeries } from "./core/telemetry/metric-data";
import { SOURCES } from "./core/telemetry/source";

export interface MetricsDependencies {
  readonly source: UsageSource;
  readonly inventory: Pick<InventoryStore, "current">;
  readonly watchEntity: EntityWatcher;
  readonly findings: Pick<FindingStore, "ofEntity" | "amend">;
  /** Seconds from one run to the next. */
  readonly every: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** A point is stamped when its invocation began, and comes when it ends: after a quarter of an hour at most. */
const SETTLED_AFTER = 20 * 60;
/**
 * What was asked for is asked for again for so long, since CloudWatch bills metrics and not points: should runs fail, the
 * next ones make up for it, also for what is asked for every half hour only.
 */
export const LOOK_BACK = 3 * 3600;
/** Where nothing was invoked for so long, the rest is not asked for. */
const INVOKED_WITHIN = 3600;
/** Whoever has to wait is first in another run within so long. */
const ROUND = 3600;
/** Each metric asked for costs money: all but invocations are asked for less often, and only where something was invoked. */
const REST_EVERY = 1800;
const REST = ["Errors", "Throttles", "ConcurrentExecutions", "Duration"] as const satisfies MetricName[];

/** So many functions are asked for and watched before the clock is looked at again. */
const SLICE = 500;
/** Of these, so many side by side: a processor that waits for tables is paid for. */
const AT_ONCE = 10;
/** A slice is not begun with less time than this left, in milliseconds. */
const LEAST_TIME = 60_000;

/**
 * Looks at all functions, a slice at a time, as long as there `isTime`. Whoever has to wait is first in another run of the
 * hour: nothing is lost while a run sees to its share of them.
 */
export function metricsHandler({
  source,
  inventory,
  watchEntity,
  findings: stored,
  every,
  clock,
  log,
}: MetricsDependencies) {
  return async (isTime = () => true): Promise<UsageReport> => {
    // First: that CloudWatch does not answer is told all the same.
    await watchSources(clock(), SOURCES, { inventory, watchEntity });
    const until = Math.floor((clock() - SETTLED_AFTER) / PERIOD) * PERIOD;
    const from = until - LOOK_BACK;
    const known = await inventory.current();
    const functions = inTurn(known.functions, until, every);
    const [, , , region = "", accountId = null] = functions[0]?.functionArn.split(":") ?? [];
    const report = { entities: [] as EntityUsage[], findings: [] as FindingRecord[] };
    /** Of invocations. What is not whole does not say who was not invoked. */
    const whole: MetricSeries[] = [];
    let seen = 0;
    for (; seen < functions.length && isTime(); seen += SLICE) {
      const { series, isWhole } = await seriesOf(functions.slice(seen, seen + SLICE), from, until);
      if (isWhole) whole.push(...series.filter(({ metric }) => metric === "Invocations"));
      const { entities, findings } = await watchUsage(series, from, until, {
        inventory,
        watchEntity,
        elsewhere: { accountId, region },
        atOnce: AT_ONCE,
      });
      report.entities.push(...entities);
      report.findings.push(...findings);
    }
    if (until % REST_EVERY < every)
      await tellInvoked(whole, from, until, groupsIn(known, until), known, stored);
    if (seen < functions.length)
      log.warn(
        "There was no time to look at the metrics of all functions; another run begins with the rest",
        {
          functions: functions.length,
          left: functions.length - seen,
        },
      );
    return report;
  };

  async function seriesOf(functions: readonly LambdaFunction[], from: number, until: number) {
    const invocations = await source.usage(functions, ["Invocations"], from, until);
    const invoked = new Set(
      invocations.series
        .filter(({ points }) => [...points.keys()].some((at) => at >= until - INVOKED_WITHIN))
        .map((one) => one.functionName),
    );
    const due = functions.filter(
      (one) => invoked.has(one.functionName) && (until + phaseOf(one)) % REST_EVERY < every,
    );
    const rest = due.length > 0 ? await source.usage(due, REST, from, until) : { series: [], problems: [] };
    for (const reason of [...invocations.problems, ...rest.problems])
      log.warn("A part of the metrics could not be read", { reason });
    return {
      series: [...invocations.series, ...rest.series],
      isWhole: invocations.problems.length === 0,
    };
  }
}

/** The functions in the order of this run, which begins with another part of them in each run of an hour. */
function inTurn<T>(functions: readonly T[], until: number, every: number): T[] {
  const turns = Math.max(1, Math.floor(ROUND / every));
  const first = Math.floor(((Math.floor(until / every) % turns) * functions.length) / turns);
  return [...functions.slice(first), ...functions.slice(0, first)];
}

/** Seconds by which a function's half hours are shifted, so that each run has a part of them and none has all. */
function phaseOf({ functionArn }: LambdaFunction): number {
  const sum = [...functionArn].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) >>> 0, 0);
  return (sum % (REST_EVERY / PERIOD)) * PERIOD;
}

const deployed = once(() => {
  const look = metricsHandler({
    source: cloudWatchUsage(new CloudWatchClient({})),
    inventory: deployedInventory(),
    watchEntity: deployedWatcher(),
    findings: deployedFindings(),
    every: 60 * Number(setting("metricsMinutes")),
    clock: systemClock,
    log: logger(),
  });
  return async (_event: unknown, context: Context) => {
    const { entities } = await look(() => context.getRemainingTimeInMillis() > LEAST_TIME);
    measure("FunctionsWithUsage", entities.length);
  };
});

export const handler = lambdaHandler(deployed);

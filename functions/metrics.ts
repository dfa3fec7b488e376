/** On a schedule: whether every source still tells, and how functions were used of late, held against the line of each. */
import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { Context } from "aws-lambda";
import { cloudWatchUsage } from "./adapters/aws/cloudwatch-usage";
import { setting } from "./adapters/aws/environment";
import {
  deployedInventory,
  deployedWatcher,
  logger,
  metrics,
  once,
  systemClock,
} from "./adapters/aws/runtime";
import type { Clock, InventoryStore, Log, UsageSource } from "./adapters/ports";
import type { EntityWatcher } from "./adapters/watch-entity";
import { watchSources } from "./adapters/watch-sources";
import { type UsageReport, watchUsage } from "./adapters/watch-usage";
import { PERIOD } from "./core/baseline/usage/parameters";
import type { MetricName } from "./core/telemetry/metric-data";
import { SOURCES } from "./core/telemetry/source";

export interface MetricsDependencies {
  readonly source: UsageSource;
  readonly inventory: Pick<InventoryStore, "current">;
  readonly watchEntity: EntityWatcher;
  /** Seconds from one run to the next. */
  readonly every: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** A point is stamped when its invocation began, and comes when it ends: after a quarter of an hour at most. */
const SETTLED_AFTER = 20 * 60;
/** What was asked for is asked for again for so long: should a run fail, the next ones make up for it. */
const LOOK_BACK = 3600;
/** Each metric asked for costs money: all but invocations are asked for less often, and only where something was invoked. */
const REST_EVERY = 1800;
const REST = ["Errors", "Throttles", "ConcurrentExecutions", "Duration"] as const satisfies MetricName[];

export function metricsHandler({ source, inventory, watchEntity, every, clock, log }: MetricsDependencies) {
  return async (): Promise<UsageReport> => {
    // First: that CloudWatch does not answer is told all the same.
    await watchSources(clock(), SOURCES, { inventory, watchEntity });
    const until = Math.floor((clock() - SETTLED_AFTER) / PERIOD) * PERIOD;
    const from = until - LOOK_BACK;
    const { functions } = await inventory.current();
    const invocations = await source.usage(functions, ["Invocations"], from, until);
    const isInvoked = new Set(
      invocations.series.filter(({ points }) => points.size > 0).map((one) => one.functionName),
    );
    const rest =
      until % REST_EVERY < every
        ? await source.usage(
            functions.filter((one) => isInvoked.has(one.functionName)),
            REST,
            from,
            until,
          )
        : { series: [], problems: [] };
    for (const reason of [...invocations.problems, ...rest.problems])
      log.warn("A part of the metrics could not be read", { reason });
    const [, , , region = "", accountId = null] = functions[0]?.functionArn.split(":") ?? [];
    return watchUsage([...invocations.series, ...rest.series], from, until, {
      inventory,
      watchEntity,
      elsewhere: { accountId, region },
    });
  };
}

const deployed = once(() =>
  metricsHandler({
    source: cloudWatchUsage(new CloudWatchClient({})),
    inventory: deployedInventory(),
    watchEntity: deployedWatcher(),
    every: 60 * Number(setting("metricsMinutes")),
    clock: systemClock,
    log: logger(),
  }),
);

export const handler = async (_event: unknown, context: Context): Promise<void> => {
  logger().addContext(context);
  try {
    const { entities } = await deployed()();
    metrics().addMetric("FunctionsWithUsage", MetricUnit.Count, entities.length);
  } finally {
    metrics().publishStoredMetrics();
  }
};

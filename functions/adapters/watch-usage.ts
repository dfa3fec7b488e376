/** Ties series of metrics to functions, and holds them against the usage line of each. */

import type { NamedIn } from "../core/attribution/function-arn";
import { noticesOf } from "../core/attribution/source-checks";
import { type EntityUsage, usageOf } from "../core/attribution/usage";
import type { FindingRecord } from "../core/finding";
import type { MetricSeries } from "../core/telemetry/metric-data";
import { eachAtOnce } from "./at-once";
import type { InventoryStore } from "./ports";
import type { EntityWatcher } from "./watch-entity";

export interface UsageDependencies {
  readonly inventory: Pick<InventoryStore, "current">;
  readonly watchEntity: EntityWatcher;
  /** Where functions are that the inventory does not know: metrics name neither account nor Region. */
  readonly elsewhere: NamedIn;
  /** How many functions are watched side by side, while tables answer; one after the other without it. */
  readonly atOnce?: number;
}

export interface UsageReport {
  readonly entities: readonly EntityUsage[];
  readonly findings: readonly FindingRecord[];
}

/**
 * Watches the usage in `from` <= time < `until` (seconds since 1970). Where that fails for some functions, the others are
 * watched all the same; then it rejects.
 */
export async function watchUsage(
  series: readonly MetricSeries[],
  from: number,
  until: number,
  { inventory, watchEntity, elsewhere, atOnce = 1 }: UsageDependencies,
): Promise<UsageReport> {
  const entities = usageOf(series, from, until, await inventory.current(), elsewhere);
  const findings: FindingRecord[] = [];
  const failures: unknown[] = [];
  const attempt = (watched: Promise<unknown>) => watched.catch((error: unknown) => failures.push(error));
  await eachAtOnce(entities, atOnce, async ({ entity, usage }) => {
    await attempt(watchEntity(entity, usage).then((watched) => findings.push(...watched.findings)));
  });
  for (const { entity, notices } of noticesOf(entities)) await attempt(watchEntity(entity, notices));
  if (failures.length > 0) {
    throw new AggregateError(
      failures,
      `The usage of ${failures.length} of ${entities.length} entities could not be watched (${(failures[0] as Error).message}); the next run makes up for it`,
    );
  }
  return { entities, findings };
}

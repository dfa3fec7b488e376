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

/** Watches the usage in `from` <= time < `until` (seconds since 1970). */
export async function watchUsage(
  series: readonly MetricSeries[],
  from: number,
  until: number,
  { inventory, watchEntity, elsewhere, atOnce = 1 }: UsageDependencies,
): Promise<UsageReport> {
  const entities = usageOf(series, from, until, await inventory.current(), elsewhere);
  const findings: FindingRecord[] = [];
  await eachAtOnce(entities, atOnce, async ({ entity, usage }) => {
    findings.push(...(await watchEntity(entity, usage)).findings);
  });
  for (const { entity, notices } of noticesOf(entities)) await watchEntity(entity, notices);
  return { entities, findings };
}

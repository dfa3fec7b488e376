/** Asks, for every account with functions, whether its sources still tell. */
import { sourceChecks } from "../core/attribution/source-checks";
import type { FindingRecord } from "../core/finding";
import type { Source } from "../core/telemetry/source";
import type { InventoryStore } from "./ports";
import type { EntityWatcher } from "./watch-entity";

export interface SourceDependencies {
  readonly inventory: Pick<InventoryStore, "current">;
  readonly watchEntity: EntityWatcher;
}

/** Checks at `at` (seconds since 1970). Of `live` sources what has not come by then is missing. */
export async function watchSources(
  at: number,
  live: readonly Source[],
  { inventory, watchEntity }: SourceDependencies,
): Promise<readonly FindingRecord[]> {
  const findings: FindingRecord[] = [];
  for (const { entity, checks } of sourceChecks(await inventory.current(), at, live))
    findings.push(...(await watchEntity(entity, checks)).findings);
  return findings;
}

/** Facts of the tables that a replay keeps. */
import { paginateScan } from "@aws-sdk/lib-dynamodb";
import { inventoryStore } from "../../functions/adapters/dynamodb/inventory-store";
import {
  type Facet,
  facetLastDay,
  isCalls,
  isHour,
  isPeer,
  isProfile,
  isTrail,
  isTrailDay,
  isUsage,
} from "../../functions/core/baseline/facets";
import { detectionConfig } from "../../functions/core/config";
import { DAY } from "../../functions/core/time";
import { openState } from "../local/state";
import { accountIn, unserved } from "./account";
import { derived, type Gathered, type Source } from "./facts";

const TELLS: Readonly<Record<Source["name"], ReadonlyArray<(facet: Facet) => boolean>>> = {
  "flow logs": [isPeer, isProfile, isHour],
  CloudTrail: [isTrail, isCalls, isTrailDay],
  metrics: [isUsage],
};

/** Rejects where the folder holds no tables, or another process has them open. */
export async function gatherState(dir: string): Promise<Gathered> {
  const { client, tables, stop } = await openState(dir);
  try {
    const { retentionDays } = detectionConfig.parse({});
    const inventory = inventoryStore(client, tables.inventory, retentionDays, () => 0);
    const days = new Map<Source["name"], number>();
    for await (const { Items = [] } of paginateScan({ client }, { TableName: tables.baselines })) {
      for (const facet of Items as Facet[]) {
        for (const [name, tests] of Object.entries(TELLS) as [Source["name"], (typeof TELLS)["metrics"]][]) {
          if (!tests.some((test) => test(facet))) continue;
          days.set(name, Math.max(days.get(name) ?? 0, facetLastDay(facet)));
        }
      }
    }
    // A baseline counts in days: a source was heard of until the end of its last one.
    const endOf = (day: number | undefined) => (day === undefined ? null : (day + 1) * DAY);
    const ranges = await inventory.awsRangesState();
    const now = Math.max(0, ...[...days.values()].map((day) => (day + 1) * DAY));
    const account = { value: accountIn(await inventory.items()) };
    return {
      now: { value: now },
      account,
      withoutInterface: derived(account, unserved),
      sources: {
        value: (Object.keys(TELLS) as Source["name"][]).map((name) => ({
          name,
          newest: endOf(days.get(name)),
        })),
      },
      awsRanges: { value: { checkedAt: ranges === null ? null : now } },
    };
  } finally {
    await stop();
  }
}

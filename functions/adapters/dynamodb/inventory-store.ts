import { type DynamoDBDocumentClient, PutCommand, paginateQuery, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { type AwsRanges, NO_AWS_RANGES } from "../../core/attribution/aws-ranges";
import { type Inventory, idOf, inventoryOf, type Valid } from "../../core/attribution/inventory";
import { DAY, iso } from "../../core/time";
import type { Clock, InventoryStore, Sync } from "../ports";
import { loadAwsRanges, RANGES_KEY, type RangesHead, saveAwsRanges } from "./aws-ranges-items";
import { invocationItems } from "./invocation-items";
import { TTL_ATTRIBUTE } from "./schema";

/** Seconds for which an inventory in memory is used before it is asked whether there is a newer one. */
const FRESH_FOR = 60;
const SYNC_KEY = { kind: "sync", key: "last" };

type StoredItem = Valid & { key: string; expiresAt?: number };

export function inventoryStore(
  client: DynamoDBDocumentClient,
  table: string,
  retentionDays: number,
  clock: Clock,
): InventoryStore {
  /** `version` is null where a part of it may be missing. */
  let cached: { inventory: Inventory; version: number | null; checkedAt: number } | null = null;

  /** What was last written of each part, in one request. */
  async function marks(): Promise<{ sync: Sync | null; ranges: RangesHead | null }> {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: "kind = :kind",
        ExpressionAttributeValues: { ":kind": SYNC_KEY.kind },
      }),
    );
    const of = (key: string) => Items.find((item) => item.key === key);
    const sync = of(SYNC_KEY.key);
    return {
      // Earlier versions marked only what was whole.
      sync: sync === undefined ? null : { at: sync.at, isWhole: sync.isWhole ?? true },
      ranges: (of(RANGES_KEY.key) as RangesHead | undefined) ?? null,
    };
  }

  /** The stored ranges; those in memory where they are the same, or where others are being written just now. */
  async function rangesOf(head: RangesHead | null, inMemory: AwsRanges): Promise<AwsRanges> {
    if (head === null || head.syncToken === inMemory.syncToken) return inMemory;
    return (await loadAwsRanges(client, table, head)) ?? inMemory;
  }

  async function items(): Promise<Valid[]> {
    const all: Valid[] = [];
    for (const kind of ["function", "interface"]) {
      const pages = paginateQuery(
        { client },
        {
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: "kind = :kind",
          ExpressionAttributeValues: { ":kind": kind },
        },
      );
      for await (const page of pages) {
        for (const item of page.Items ?? []) {
          const { key: _, expiresAt: __, ...record } = item as StoredItem;
          all.push(record as Valid);
        }
      }
    }
    return all;
  }

  return {
    ...invocationItems(client, table),
    items,
    lastSync: async () => (await marks()).sync,
    async current() {
      const now = clock();
      if (cached !== null && now < cached.checkedAt + FRESH_FOR) return cached.inventory;
      const { sync, ranges } = await marks();
      const awsRanges = await rangesOf(ranges, cached?.inventory.awsRanges ?? NO_AWS_RANGES);
      const version = sync?.isWhole === false ? null : (sync?.at ?? 0);
      // While changes are being written, what is known serves on: it is old, and whole.
      const isKnown = cached?.version != null && (version === null || version === cached.version);
      const kept = isKnown ? cached : null;
      cached = {
        inventory: kept ? { ...kept.inventory, awsRanges } : inventoryOf(await items(), awsRanges),
        version: kept ? kept.version : version,
        checkedAt: now,
      };
      return cached.inventory;
    },
    async save(changes, at) {
      const mark = (isWhole: boolean) =>
        client.send(new PutCommand({ TableName: table, Item: { ...SYNC_KEY, at, isWhole } }));
      await mark(false);
      for (const item of changes) {
        const key = `${idOf(item)}@${iso(item.validFrom)}`;
        // What ended stays for late telemetry, then goes by itself.
        const expiry = item.validTo === null ? {} : { [TTL_ATTRIBUTE]: item.validTo + retentionDays * DAY };
        await client.send(new PutCommand({ TableName: table, Item: { ...item, key, ...expiry } }));
      }
      await mark(true);
      cached = null;
    },
    awsRangesState: async () => (await marks()).ranges,
    async saveAwsRanges(ranges, checkedAt) {
      const before = (await marks()).ranges;
      if (before !== null && before.syncToken === ranges.syncToken) {
        // Written whole: the role needs no permission to update.
        await client.send(
          new PutCommand({ TableName: table, Item: { ...before, ...RANGES_KEY, checkedAt } }),
        );
        return;
      }
      await saveAwsRanges(client, table, ranges, checkedAt, before);
      cached = null;
    },
  };
}

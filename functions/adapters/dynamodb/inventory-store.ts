import { type DynamoDBDocumentClient, GetCommand, PutCommand, paginateQuery } from "@aws-sdk/lib-dynamodb";
import { type Inventory, idOf, inventoryOf, type Valid } from "../../core/attribution/inventory";
import { DAY, iso } from "../../core/time";
import type { Clock, InventoryStore } from "../ports";
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
  let cached: { inventory: Inventory; syncedAt: number | null; checkedAt: number } | null = null;

  async function syncedAt(): Promise<number | null> {
    const { Item } = await client.send(
      new GetCommand({ TableName: table, Key: SYNC_KEY, ConsistentRead: true }),
    );
    return (Item?.at as number | undefined) ?? null;
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
    items,
    syncedAt,
    async current() {
      const now = clock();
      if (cached !== null && now < cached.checkedAt + FRESH_FOR) return cached.inventory;
      const latest = await syncedAt();
      cached =
        cached !== null && cached.syncedAt === latest
          ? { ...cached, checkedAt: now }
          : { inventory: inventoryOf(await items()), syncedAt: latest, checkedAt: now };
      return cached.inventory;
    },
    async save(changes, at) {
      for (const item of changes) {
        const key = `${idOf(item)}@${iso(item.validFrom)}`;
        // What ended stays for late telemetry, then goes by itself.
        const expiry = item.validTo === null ? {} : { [TTL_ATTRIBUTE]: item.validTo + retentionDays * DAY };
        await client.send(new PutCommand({ TableName: table, Item: { ...item, key, ...expiry } }));
      }
      await client.send(new PutCommand({ TableName: table, Item: { ...SYNC_KEY, at } }));
      cached = null;
    },
  };
}

import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, paginateScan } from "@aws-sdk/lib-dynamodb";
import { type Block, isSettled } from "../../core/containment/block";
import { DAY, iso, secondsOf } from "../../core/time";
import type { BlockStore } from "../ports";
import { mergeItem, withoutRevision } from "./merge-item";
import { TTL_ATTRIBUTE } from "./schema";

type BlockItem = Block & { expiresAt?: number };

/** The one item of the table that is no block: who is at work. */
const LEASE = { id: "lease" };
/** Longer than any run lives. */
const LEASE_SECONDS = 300;

export function blockStore(client: DynamoDBDocumentClient, table: string, retentionDays: number): BlockStore {
  /** DynamoDB deletes what is long over; it is never what ends a block. */
  const toItem = (block: Block): BlockItem =>
    isSettled(block)
      ? {
          ...block,
          [TTL_ATTRIBUTE]: (secondsOf(block.endedAt ?? block.until) ?? 0) + retentionDays * DAY,
        }
      : block;

  return {
    async all() {
      const blocks: Block[] = [];
      const pages = paginateScan({ client }, { TableName: table, ConsistentRead: true });
      for await (const page of pages)
        for (const item of page.Items ?? [])
          if (item.id !== LEASE.id) blocks.push(toBlock(item as BlockItem));
      return blocks;
    },

    async change(id, change) {
      const { after } = await mergeItem<BlockItem>(client, table, { id }, (stored) =>
        toItem(change(stored && toBlock(stored))),
      );
      return toBlock(after);
    },

    async lease(now) {
      const until = iso(now + LEASE_SECONDS);
      const names = { ExpressionAttributeNames: { "#until": "until" } };
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item: { ...LEASE, until },
            ConditionExpression: "attribute_not_exists(id) OR #until < :now",
            ...names,
            ExpressionAttributeValues: { ":now": iso(now) },
          }),
        );
      } catch (error) {
        return lost(error);
      }
      return async () => {
        const mine = {
          ConditionExpression: "#until = :until",
          ExpressionAttributeValues: { ":until": until },
        };
        await client.send(new DeleteCommand({ TableName: table, Key: LEASE, ...names, ...mine })).catch(lost);
      };
    },
  };
}

/** Another has the lease. */
function lost(error: unknown): null {
  if (error instanceof ConditionalCheckFailedException) return null;
  throw error;
}

function toBlock(item: BlockItem): Block {
  const { expiresAt: _, ...block } = withoutRevision(item);
  return block;
}

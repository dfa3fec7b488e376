/**
 * Changes one item by a merge that core decides: read, merge, write if nobody wrote in between, else again. Since merges
 * are idempotent and free of order, whoever loses the race just merges once more.
 */
import { createHash } from "node:crypto";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { canonicalJson, isSameJson } from "../../core/canonical";

const MAX_ATTEMPTS = 25;

export interface MergedItem<T> {
  readonly before: T | null;
  readonly after: T;
}

/**
 * `merge` gets the item as stored, without its revision, and gives it as it shall be. Nothing is written where the two
 * are equal. The revision is a digest of the content, so the same content is the same item, however it came about; and
 * who read the item before can say what it `believed` to be stored, which spares a read where it still is.
 */
export async function mergeItem<T extends object>(
  client: DynamoDBDocumentClient,
  table: string,
  key: Record<string, string>,
  merge: (stored: T | null) => T,
  believed?: T | null,
): Promise<MergedItem<T>> {
  const read = async () => {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }));
    return Item === undefined ? null : withoutRevision(Item as T);
  };
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const before = attempt === 0 && believed !== undefined ? believed : await read();
    const after = merge(before);
    if (before !== null && isSameJson(before, after)) return { before, after };
    try {
      await client.send(
        new PutCommand({
          TableName: table,
          Item: { ...after, rev: revisionOf(after) },
          ...(before === null
            ? {
                ConditionExpression: "attribute_not_exists(#key)",
                ExpressionAttributeNames: { "#key": Object.keys(key)[0] as string },
              }
            : {
                ConditionExpression: "rev = :rev",
                ExpressionAttributeValues: { ":rev": revisionOf(before) },
              }),
        }),
      );
      return { before, after };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
  throw new Error(
    `${table}: item ${JSON.stringify(key)} was changed by others ${MAX_ATTEMPTS} times in a row; the delivery is tried again`,
  );
}

const revisionOf = (item: object) =>
  createHash("sha256").update(canonicalJson(item)).digest("hex").slice(0, 16);

/** An item as it was merged: for those that come from a query or a scan. */
export function withoutRevision<T extends object>(stored: T & { rev?: unknown }): T {
  const { rev: _, ...item } = stored;
  return item as T;
}

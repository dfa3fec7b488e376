import { BatchGetCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** DynamoDB takes so many keys at once. */
const MOST_KEYS = 100;
/** What it did not get to, for want of capacity, is asked for again so often. */
const MAX_ROUNDS = 20;

/** The items of these keys, in any order, without those that there are not. Rejects if DynamoDB keeps refusing some. */
export async function batchGet<T>(
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly Record<string, string>[],
): Promise<T[]> {
  const items: T[] = [];
  let open = [...keys];
  const most = MAX_ROUNDS + Math.ceil(keys.length / MOST_KEYS);
  for (let round = 0; open.length > 0; round++) {
    if (round === most) throw new Error(`${table}: ${open.length} of ${keys.length} items could not be read`);
    const now = open.slice(0, MOST_KEYS);
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: now } } }),
    );
    items.push(...((Responses?.[table] ?? []) as T[]));
    open = [...open.slice(MOST_KEYS), ...((UnprocessedKeys?.[table]?.Keys ?? []) as typeof keys)];
  }
  return items;
}

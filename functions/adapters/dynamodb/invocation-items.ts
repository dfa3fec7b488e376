/** Invocations in the inventory table: an item for each function behind each interface in each hour. */
import { type DynamoDBDocumentClient, PutCommand, paginateQuery } from "@aws-sdk/lib-dynamodb";
import type { Invocation } from "../../core/attribution/invocation";
import { DAY, HOUR, iso } from "../../core/time";
import type { InventoryStore } from "../ports";
import { TTL_ATTRIBUTE } from "./schema";

const KIND = "invocation";
/** A flow log may be some hours late. */
const KEPT = 3 * DAY;
const MOST_KNOWN = 10_000;

const hourKey = (hour: number) => iso(hour * HOUR).slice(0, 13);

export function invocationItems(
  client: DynamoDBDocumentClient,
  table: string,
): Pick<InventoryStore, "saveInvocations" | "invocations"> {
  /** Keys that this container wrote: a busy function is noted once an hour. */
  const known = new Set<string>();
  return {
    async saveInvocations(invocations) {
      for (const { interfaceId, functionArn, hour } of invocations) {
        const key = `${hourKey(hour)} ${interfaceId} ${functionArn}`;
        if (known.has(key)) continue;
        const item = { kind: KIND, key, interfaceId, functionArn, hour, [TTL_ATTRIBUTE]: hour * HOUR + KEPT };
        await client.send(new PutCommand({ TableName: table, Item: item }));
        if (known.size >= MOST_KNOWN) known.clear();
        known.add(key);
      }
    },
    async invocations(from, to) {
      const found: Invocation[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName: table,
          KeyConditionExpression: "kind = :kind AND #key BETWEEN :from AND :to",
          ExpressionAttributeNames: { "#key": "key" },
          ExpressionAttributeValues: { ":kind": KIND, ":from": hourKey(from), ":to": hourKey(to + 1) },
        },
      );
      for await (const page of pages) {
        for (const { interfaceId, functionArn, hour } of page.Items ?? []) {
          found.push({ interfaceId, functionArn, hour });
        }
      }
      return found;
    },
  };
}

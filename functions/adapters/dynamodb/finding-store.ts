import { type DynamoDBDocumentClient, GetCommand, paginateQuery, paginateScan } from "@aws-sdk/lib-dynamodb";
import { type FindingRecord, mergeFinding, STATUSES } from "../../core/finding";
import { DAY, secondsOf } from "../../core/time";
import type { FindingStore } from "../ports";
import { mergeItem, withoutRevision } from "./merge-item";
import { TTL_ATTRIBUTE } from "./schema";

type FindingItem = FindingRecord & { expiresAt: number };

export function findingStore(
  client: DynamoDBDocumentClient,
  table: string,
  retentionDays: number,
): FindingStore {
  const toItem = (record: FindingRecord): FindingItem => ({
    ...record,
    [TTL_ATTRIBUTE]: (secondsOf(record.lastSeen) ?? 0) + retentionDays * DAY,
  });

  return {
    async merge(seen, now) {
      const { before, after } = await mergeItem<FindingItem>(client, table, { id: seen.id }, (stored) =>
        toItem(mergeFinding(stored && toRecord(stored), seen, now)),
      );
      return {
        record: toRecord(after),
        alert: after.alertDue !== undefined && after.alertDue !== before?.alertDue,
      };
    },

    async amend(id, amend) {
      // What was written just now counts: its end may come right behind it.
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: { id }, ConsistentRead: true }),
      );
      if (Item === undefined) return null;
      const { after } = await mergeItem<FindingItem>(client, table, { id }, (stored) =>
        toItem(amend(toRecord(stored ?? (Item as FindingItem)))),
      );
      return toRecord(after);
    },

    async ofEntity(entity, since) {
      const records: FindingRecord[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName: table,
          IndexName: "byEntity",
          KeyConditionExpression: "entity = :entity AND lastSeen >= :since",
          ExpressionAttributeValues: { ":entity": entity, ":since": since },
        },
      );
      for await (const page of pages) {
        for (const item of page.Items ?? []) records.push(toRecord(item as FindingItem));
      }
      return records;
    },

    async claimAlert(id, alertDue, now) {
      let isOurs = false;
      const { after } = await mergeItem<FindingItem>(client, table, { id }, (stored) => {
        if (stored === null)
          throw new Error(`${table}: finding ${id} is gone before its alert was published`);
        isOurs = stored.alertDue === alertDue;
        return isOurs ? { ...stored, alertDue: now } : stored;
      });
      return isOurs ? toRecord(after) : null;
    },

    async alertSent(id, alertDue) {
      await mergeItem<FindingItem>(client, table, { id }, (stored) => {
        if (stored === null)
          throw new Error(`${table}: finding ${id} is gone before its alert was noted as sent`);
        if (stored.alertDue !== alertDue) return stored;
        const { alertDue: _, ...sent } = stored;
        return sent;
      });
    },

    async due(before) {
      const records: FindingRecord[] = [];
      // The index holds only what is due, which is next to nothing.
      for await (const page of paginateScan({ client }, { TableName: table, IndexName: "alertDue" })) {
        for (const item of page.Items ?? []) records.push(toRecord(item as FindingItem));
      }
      return records.filter(({ alertDue }) => alertDue !== undefined && alertDue <= before);
    },

    async get(id) {
      const { Item } = await client.send(new GetCommand({ TableName: table, Key: { id } }));
      return Item === undefined ? null : toRecord(Item as FindingItem);
    },

    async setStatus(id, status) {
      const { after } = await mergeItem<FindingItem>(client, table, { id }, (stored) => {
        if (stored === null) throw new Error(`There is no finding ${id}`);
        return { ...stored, status };
      });
      return toRecord(after);
    },

    async list({ status, limit }) {
      const records: FindingRecord[] = [];
      for (const one of status === undefined ? STATUSES : [status]) {
        let left = limit;
        const pages = paginateQuery(
          { client },
          {
            TableName: table,
            IndexName: "byStatus",
            KeyConditionExpression: "#status = :status",
            ExpressionAttributeNames: { "#status": "status" },
            ExpressionAttributeValues: { ":status": one },
            ScanIndexForward: false,
            Limit: limit,
          },
        );
        for await (const page of pages) {
          for (const item of (page.Items ?? []).slice(0, left)) records.push(toRecord(item as FindingItem));
          left -= page.Items?.length ?? 0;
          if (left <= 0) break;
        }
      }
      return records.sort((a, b) => (a.lastSeen < b.lastSeen ? 1 : -1)).slice(0, limit);
    },
  };
}

function toRecord(item: FindingItem): FindingRecord {
  const { expiresAt: _, ...record } = withoutRevision(item);
  return record;
}

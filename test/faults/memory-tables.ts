/**
 * DynamoDB in memory, as far as the stores use it: the same commands, conditions and answers as on the wire, a hundred times
 * as fast. That it is the same contract shows in every schedule that runs on the wire.
 */
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type IndexSchema, TABLES, type TableSchema } from "../../functions/adapters/dynamodb/schema";
import type { Answer, Command, Item } from "./command";

/** An item as it was put, to look at, and its text, to be read: nobody gets hold of what is stored. */
interface Row {
  readonly item: Item;
  readonly text: string;
}
type Rows = Map<string, Row>;

/** Items by table name and key. `names` tells the table of each schema. */
export function memoryTables(names: Readonly<Record<keyof typeof TABLES, string>>): Answer {
  const schemas = new Map<string, TableSchema>(
    Object.entries(names).map(([table, name]) => [name, TABLES[table as keyof typeof TABLES]]),
  );
  const tables = new Map<string, Rows>([...schemas.keys()].map((name) => [name, new Map()]));

  return async ({ name, input }: Command) => {
    if (name === "BatchWriteCommand") {
      for (const [table, requests] of Object.entries(input.RequestItems as Record<string, Item[]>)) {
        for (const { PutRequest } of requests) put(table, (PutRequest as { Item: Item }).Item);
      }
      return {};
    }
    const table = input.TableName as string;
    const rows = tables.get(table) as Rows;
    const key = keyOf(table, (input.Key ?? input.Item ?? {}) as Item);
    switch (name) {
      case "GetCommand":
        return { Item: read(rows.get(key)) };
      case "PutCommand":
        if (!holds(input, rows.get(key)?.item)) {
          throw new ConditionalCheckFailedException({
            message: "The conditional request failed",
            $metadata: {},
          });
        }
        put(table, input.Item as Item);
        return {};
      case "DeleteCommand":
        rows.delete(key);
        return {};
      case "ScanCommand":
        return { Items: inOrder(table, [...rows.values()], input.IndexName).map(read) };
      case "QueryCommand": {
        const wanted = keyCondition(input);
        const found = [...rows.values()].filter(({ item }) => wanted(item));
        return { Items: inOrder(table, found, input.IndexName).map(read) };
      }
      default:
        throw new Error(`The tables in memory do not know ${name}`);
    }
  };

  function put(table: string, item: Item): void {
    (tables.get(table) as Rows).set(keyOf(table, item), { item, text: JSON.stringify(item) });
  }

  function keyOf(table: string, item: Item): string {
    const { partitionKey, sortKey } = schemas.get(table) as TableSchema;
    return JSON.stringify([item[partitionKey], sortKey && item[sortKey]]);
  }

  /** What is in a table or an index, by its keys: an index holds only items that have all of its keys. */
  function inOrder(table: string, rows: readonly Row[], index: unknown): Row[] {
    const schema = schemas.get(table) as TableSchema;
    const keys: Pick<IndexSchema, "partitionKey" | "sortKey"> =
      schema.indexes.find(({ name }) => name === index) ?? schema;
    const names = [keys.partitionKey, keys.sortKey].filter((one) => one !== undefined);
    const sortable = ({ item }: Row) => names.map((one) => String(item[one])).join("\u0000");
    return rows
      .filter(({ item }) => names.every((one) => item[one] !== undefined))
      .map((row) => [sortable(row), row] as const)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([, row]) => row);
  }
}

/** As from the wire: attributes that are undefined are not there. */
const read = (row: Row | undefined): Item | undefined => row && JSON.parse(row.text);

function holds(input: Item, stored: Item | undefined): boolean {
  const { ConditionExpression: condition, ExpressionAttributeValues: values } = input as Record<string, Item>;
  if (condition === undefined) return true;
  if (String(condition) === "attribute_not_exists(#key)") return stored === undefined;
  if (String(condition) === "rev = :rev") return stored !== undefined && stored.rev === values?.[":rev"];
  throw new Error(`The tables in memory do not know the condition "${condition}"`);
}

/** `a = :a`, with or without `AND b >= :b` or `AND b BETWEEN :c AND :d`. */
function keyCondition(input: Item): (item: Item) => boolean {
  const { KeyConditionExpression: expression, ExpressionAttributeValues: values } = input as {
    KeyConditionExpression: string;
    ExpressionAttributeValues: Item;
  };
  const names = (input.ExpressionAttributeNames ?? {}) as Record<string, string>;
  const [, first = "", value = "", rest = ""] = /^(\S+) = (\S+)(?: AND (.+))?$/.exec(expression) ?? [];
  const [, second = "", least = ""] = /^(\S+) >= (\S+)$/.exec(rest) ?? [];
  const [, third = "", from = "", to = ""] = /^(\S+) BETWEEN (\S+) AND (\S+)$/.exec(rest) ?? [];
  if (first === "" || (rest !== "" && second === "" && third === "")) {
    throw new Error(`The tables in memory do not know the condition "${expression}"`);
  }
  const of = (item: Item, name: string) => item[names[name] ?? name] as string;
  return (item) =>
    of(item, first) === values[value] &&
    (second === "" || of(item, second) >= (values[least] as string)) &&
    (third === "" ||
      (of(item, third) >= (values[from] as string) && of(item, third) <= (values[to] as string)));
}

import { existsSync } from "node:fs";
import { join } from "node:path";
import { type EmbeddedDynamoDb, startEmbeddedDynamoDb } from "./embedded-dynamodb";

/** Opens the tables that a replay kept in a folder. Rejects where there are none. */
export async function openState(dir: string): Promise<EmbeddedDynamoDb> {
  if (!existsSync(join(dir, "dynamodb"))) {
    throw new Error(`${dir} holds no tables: plumbline replay DIR --state ${dir} makes them`);
  }
  return startEmbeddedDynamoDb(dir);
}

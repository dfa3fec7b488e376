/** DynamoDB in this process: the wire protocol on a loopback port, in memory or in a folder. */
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import dynalite from "dynalite";
import { Level } from "level";
import { TABLES, type TableName, type TableSchema } from "../../functions/adapters/dynamodb/schema";

export interface EmbeddedDynamoDb {
  readonly client: DynamoDBDocumentClient;
  /** The name of each table. */
  readonly tables: Readonly<Record<TableName, string>>;
  stop(): Promise<void>;
}

const NAMES: Record<TableName, string> = {
  inventory: "plumbline-inventory",
  baselines: "plumbline-baselines",
  findings: "plumbline-findings",
  blocks: "plumbline-blocks",
};

/** Starts it with Plumbline's tables. Rejects, naming the folder, if another process has it open. */
export async function startEmbeddedDynamoDb(stateDir?: string): Promise<EmbeddedDynamoDb> {
  const path = stateDir && join(stateDir, "dynamodb");
  if (path) await claim(path);
  const server = dynalite({
    ...(path && { path }),
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
  });
  // A replay computes for seconds between two calls: a connection that is kept must be there when the next one comes.
  server.keepAliveTimeout = 0;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "embedded", secretAccessKey: "embedded" },
    maxAttempts: 1,
  });
  async function stop(): Promise<void> {
    client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  await createTables(client);
  return {
    client: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
    tables: NAMES,
    stop,
  };
}

/** Opens the folder once, to fail with words where the server would fail by taking the process down. */
async function claim(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((cause: Error) => {
    throw new Error(`The folder ${path} for the tables cannot be made: ${cause.message}`, { cause });
  });
  const level = new Level(path);
  try {
    await level.open();
    await level.close();
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? cause.message : message;
    throw new Error(`The tables in ${path} cannot be opened: is another plumbline using them? (${reason})`, {
      cause: error,
    });
  }
}

async function createTables(client: DynamoDBClient): Promise<void> {
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  for (const [name, schema] of Object.entries(TABLES) as [TableName, TableSchema][]) {
    if (TableNames.includes(NAMES[name])) continue;
    await client.send(new CreateTableCommand(createTable(NAMES[name], schema)));
    while (!(await isActive(client, NAMES[name])));
  }
}

async function isActive(client: DynamoDBClient, table: string): Promise<boolean> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
  return Table?.TableStatus === "ACTIVE";
}

function createTable(name: string, schema: TableSchema) {
  const keys = ({ partitionKey, sortKey }: { partitionKey: string; sortKey?: string }) => [
    { AttributeName: partitionKey, KeyType: "HASH" as const },
    ...(sortKey === undefined ? [] : [{ AttributeName: sortKey, KeyType: "RANGE" as const }]),
  ];
  const attributes = new Set(
    [schema, ...schema.indexes].flatMap(({ partitionKey, sortKey }) => [
      partitionKey,
      sortKey ?? partitionKey,
    ]),
  );
  return {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST" as const,
    AttributeDefinitions: [...attributes].map((AttributeName) => ({
      AttributeName,
      AttributeType: "S" as const,
    })),
    KeySchema: keys(schema),
    ...(schema.indexes.length > 0 && {
      GlobalSecondaryIndexes: schema.indexes.map((index) => ({
        IndexName: index.name,
        KeySchema: keys(index),
        Projection: { ProjectionType: "ALL" as const },
      })),
    }),
  };
}

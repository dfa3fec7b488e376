/** Measures what a piece of work takes: CPU of this process, and calls of a DynamoDB that runs in another. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { EmbeddedDynamoDb } from "../../cli/local/embedded-dynamodb";
import { countingCalls, type Work } from "../counting-calls";

/** What something took. */
export interface Taken extends Work {
  /** User and system, all threads. */
  readonly cpuSeconds: number;
}

export interface Meter {
  readonly database: EmbeddedDynamoDb;
  /** A client of the same tables that is not counted. */
  readonly uncounted: EmbeddedDynamoDb["client"];
  /** Begins to count anew. */
  start(): void;
  /** What was done since, divided by `times`. */
  taken(times?: number): Taken;
}

/** Runs `use` with a meter on fresh tables. */
export async function withMeter<T>(use: (meter: Meter) => Promise<T>): Promise<T> {
  const server = fork(join(__dirname, "database-process.ts"));
  try {
    return await use(await meterOn(server));
  } finally {
    const ended = once(server, "exit");
    server.disconnect();
    await ended;
  }
}

async function meterOn(server: ChildProcess): Promise<Meter> {
  const [{ endpoint, tables }] = (await once(server, "message")) as [
    { endpoint: string; tables: EmbeddedDynamoDb["tables"] },
  ];
  const plain = new DynamoDBClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "embedded", secretAccessKey: "embedded" },
  });
  const uncounted = DynamoDBDocumentClient.from(plain, { marshallOptions: { removeUndefinedValues: true } });
  const counted = countingCalls(uncounted);
  let cpu = process.cpuUsage();
  return {
    database: { client: counted.client, tables, stop: async () => plain.destroy() },
    uncounted,
    start() {
      counted.clear();
      cpu = process.cpuUsage();
    },
    taken(times = 1) {
      const { user, system } = process.cpuUsage(cpu);
      const { reads, writes, readUnits, writeUnits } = counted.work;
      return {
        cpuSeconds: (user + system) / 1e6 / times,
        reads: reads / times,
        writes: writes / times,
        readUnits: readUnits / times,
        writeUnits: writeUnits / times,
      };
    },
  };
}

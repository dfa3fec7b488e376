/** A client of DynamoDB that counts what is sent, and the capacity units that it takes. */
import type { EmbeddedDynamoDb } from "../cli/local/embedded-dynamodb";

/** What DynamoDB was asked for: calls, and units as AWS bills them (on demand). */
export interface Work {
  reads: number;
  writes: number;
  /** Of 4 kB each; a consistent read is one, another half of one. */
  readUnits: number;
  /** Of 1 kB each. */
  writeUnits: number;
}

export interface CountedCalls {
  readonly client: EmbeddedDynamoDb["client"];
  /** Calls by kind and table: `Put baselines`. */
  readonly calls: Map<string, number>;
  readonly work: Work;
  writes(): number;
  /** Begins anew. */
  clear(): void;
}

interface Command {
  constructor: { name: string };
  input: { TableName?: string; ReturnConsumedCapacity?: string };
}
interface Answer {
  ConsumedCapacity?: { CapacityUnits?: number };
}

const isWrite = (call: string) => /^(Put|Delete)/.test(call);

export function countingCalls(client: EmbeddedDynamoDb["client"]): CountedCalls {
  const calls = new Map<string, number>();
  const work: Work = { reads: 0, writes: 0, readUnits: 0, writeUnits: 0 };
  const counting = Object.create(client) as typeof client;
  counting.send = (async (command: Command) => {
    const call = `${command.constructor.name.replace("Command", "")} ${command.input.TableName}`;
    calls.set(call, (calls.get(call) ?? 0) + 1);
    work[isWrite(call) ? "writes" : "reads"]++;
    command.input.ReturnConsumedCapacity = "TOTAL";
    const answer = (await client.send(command as never)) as Answer;
    work[isWrite(call) ? "writeUnits" : "readUnits"] += answer.ConsumedCapacity?.CapacityUnits ?? 0;
    return answer;
  }) as typeof client.send;
  return {
    client: counting,
    calls,
    work,
    writes: () => [...calls].filter(([call]) => isWrite(call)).reduce((sum, [, count]) => sum + count, 0),
    clear() {
      calls.clear();
      Object.assign(work, { reads: 0, writes: 0, readUnits: 0, writeUnits: 0 });
    },
  };
}

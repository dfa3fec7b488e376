/** A client of DynamoDB that counts what is sent. */
import type { EmbeddedDynamoDb } from "../cli/local/embedded-dynamodb";

export interface CountedCalls {
  readonly client: EmbeddedDynamoDb["client"];
  /** Calls by kind and table: `Put baselines`. */
  readonly calls: Map<string, number>;
  writes(): number;
}

export function countingCalls(client: EmbeddedDynamoDb["client"]): CountedCalls {
  const calls = new Map<string, number>();
  const counting = Object.create(client) as typeof client;
  counting.send = ((command: { constructor: { name: string }; input: { TableName?: string } }) => {
    const call = `${command.constructor.name.replace("Command", "")} ${command.input.TableName}`;
    calls.set(call, (calls.get(call) ?? 0) + 1);
    return client.send(command as never);
  }) as typeof client.send;
  return {
    client: counting,
    calls,
    writes: () =>
      [...calls].filter(([call]) => /^(Put|Delete)/.test(call)).reduce((sum, [, count]) => sum + count, 0),
  };
}

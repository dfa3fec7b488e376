/** Notes every call that goes through a client of DynamoDB, and lets another writer come in between. */
import { type DynamoDBDocumentClient, PutCommand, type PutCommandInput } from "@aws-sdk/lib-dynamodb";

export interface SdkCall {
  readonly service: string;
  /** `PutItem` */
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

export interface SdkRecorder {
  readonly calls: SdkCall[];
  /** Another container that had the same delivery puts the next item of the table a moment before. */
  raceIn(table: string): void;
}

/** `others` is a client that nobody watches. */
export function recordCalls(client: DynamoDBDocumentClient, others: DynamoDBDocumentClient): SdkRecorder {
  const calls: SdkCall[] = [];
  const races = new Set<string>();
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const input = args.input as Record<string, unknown>;
      const operation = operationOf(context.commandName);
      calls.push({ service: "dynamodb", operation, input });
      const table = String(input.TableName);
      if (operation === "PutItem" && races.delete(table)) {
        await others.send(new PutCommand({ TableName: table, Item: input.Item as PutCommandInput["Item"] }));
      }
      return next(args);
    },
    { step: "initialize", name: "recordCalls" },
  );
  return { calls, raceIn: (table) => void races.add(table) };
}

/** The name of an operation in the API, from that of its command in the SDK. */
export const operationOf = (commandName = ""): string => {
  const name = commandName.replace(/Command$/, "");
  // The document client has shorter names of its own.
  return /^(Get|Put|Delete|Update)$/.test(name) ? `${name}Item` : name;
};

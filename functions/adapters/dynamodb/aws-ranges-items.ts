/** AWS's own address ranges in the inventory table: compressed, in items below DynamoDB's limit of 400 KB. */
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { type AwsRanges, parseAwsRanges, publishedForm } from "../../core/attribution/aws-ranges";
import type { AwsRangesState } from "../ports";

const compress = promisify(gzip);
const decompress = promisify(gunzip);

const CHUNK_BYTES = 350_000;
/** Beside the mark of the last look at the account, so that one query gives both. */
export const RANGES_KEY = { kind: "sync", key: "aws-ranges" };

export interface RangesHead extends AwsRangesState {
  readonly chunks: number;
}

const chunkKey = (syncToken: string, chunk: number) => ({ kind: "aws-ranges", key: `${syncToken}#${chunk}` });

/** Writes the chunks, then the head that names them: a reader never sees a part. */
export async function saveAwsRanges(
  client: DynamoDBDocumentClient,
  table: string,
  ranges: AwsRanges,
  checkedAt: number,
  before: RangesHead | null,
): Promise<void> {
  const syncToken = ranges.syncToken ?? "0";
  const bytes = await compress(JSON.stringify(publishedForm(ranges)));
  const chunks = Math.ceil(bytes.length / CHUNK_BYTES);
  for (let chunk = 0; chunk < chunks; chunk++) {
    const data = bytes.subarray(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES);
    await client.send(new PutCommand({ TableName: table, Item: { ...chunkKey(syncToken, chunk), data } }));
  }
  await client.send(
    new PutCommand({ TableName: table, Item: { ...RANGES_KEY, syncToken, chunks, checkedAt } }),
  );
  if (before === null || before.syncToken === syncToken) return;
  for (let chunk = 0; chunk < before.chunks; chunk++) {
    await client.send(new DeleteCommand({ TableName: table, Key: chunkKey(before.syncToken, chunk) }));
  }
}

/** The ranges that a head names; `null` where they have just been replaced, so that the head has to be read again. */
export async function loadAwsRanges(
  client: DynamoDBDocumentClient,
  table: string,
  { syncToken, chunks }: RangesHead,
): Promise<AwsRanges | null> {
  const parts: Uint8Array[] = [];
  for (let chunk = 0; chunk < chunks; chunk++) {
    const { Item } = await client.send(
      new GetCommand({ TableName: table, Key: chunkKey(syncToken, chunk), ConsistentRead: true }),
    );
    if (Item === undefined) return null;
    parts.push(Item.data as Uint8Array);
  }
  return parseAwsRanges(JSON.parse((await decompress(Buffer.concat(parts))).toString("utf8"))).ranges;
}

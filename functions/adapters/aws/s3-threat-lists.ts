/** Threat lists as objects under one prefix of a bucket. */
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import type { ThreatListText } from "../../core/threat-list";
import type { ThreatListReader } from "../refreshed-threats";
import { bucketAndPrefix } from "./s3-location";

/** More than a million entries take; what lies beyond is an error, since it would be read in vain. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_LISTS = 100;

interface ListedObject {
  readonly key: string;
  readonly etag: string;
  readonly bytes: number;
}

/** `location` is `s3://bucket/prefix`; every object below the prefix is a list, called by its key. */
export function s3ThreatLists(client: S3Client, location: string): ThreatListReader {
  const { bucket, prefix } = bucketAndPrefix(location);
  return {
    async read(knownVersion) {
      try {
        const objects = await list();
        const version = objects.map(({ key, etag }) => `${key} ${etag}`).join("\n");
        if (version === knownVersion) return null;
        const lists: ThreatListText[] = [];
        for (const { key } of objects) lists.push({ name: key.slice(prefix.length), text: await get(key) });
        return { version, lists };
      } catch (cause) {
        throw new Error(
          `The threat lists in ${location} cannot be read (${cause instanceof Error ? cause.message : String(cause)}). The function needs s3:ListBucket and s3:GetObject there, and kms:Decrypt if the bucket has its own key`,
          { cause },
        );
      }
    },
  };

  async function list(): Promise<ListedObject[]> {
    const objects: ListedObject[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client },
      { Bucket: bucket, Prefix: prefix },
    )) {
      for (const { Key = "", ETag = "", Size = 0 } of Contents) {
        if (Size > 0) objects.push({ key: Key, etag: ETag, bytes: Size });
      }
      const bytes = objects.reduce((sum, object) => sum + object.bytes, 0);
      if (objects.length > MOST_LISTS || bytes > MOST_BYTES) {
        throw new Error(
          `there are ${objects.length} objects with ${bytes} bytes or more; ${MOST_LISTS} and ${MOST_BYTES} are read at most`,
        );
      }
    }
    return objects.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  async function get(key: string): Promise<string> {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await Body?.transformToString("utf8")) ?? "";
  }
}

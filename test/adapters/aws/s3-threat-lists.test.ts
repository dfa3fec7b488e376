import { Readable } from "node:stream";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { bucketAndPrefix } from "../../../functions/adapters/aws/s3-location";
import { s3ThreatLists } from "../../../functions/adapters/aws/s3-threat-lists";

const s3 = mockClient(S3Client);
beforeEach(() => s3.reset());

const reader = () => s3ThreatLists(new S3Client({ region: "us-east-1" }), "s3://lists/threats/");
const holds = (...objects: [key: string, etag: string, size?: number][]) =>
  s3
    .on(ListObjectsV2Command)
    .resolves({ Contents: objects.map(([Key, ETag, Size = 12]) => ({ Key, ETag, Size })) });
const body = (text: string) =>
  Object.assign(Readable.from([text]), { transformToString: async () => text }) as never;

test("every object below the prefix is a list, called by its name there", async () => {
  holds(["threats/", "0", 0], ["threats/tor/exits.txt", "b"], ["threats/a.txt", "a"]);
  s3.on(GetObjectCommand).callsFake(async ({ Key }) => ({ Body: body(`content of ${Key}`) }));
  expect(await reader().read(null)).toEqual({
    version: "threats/a.txt a\nthreats/tor/exits.txt b",
    lists: [
      { name: "a.txt", text: "content of threats/a.txt" },
      { name: "tor/exits.txt", text: "content of threats/tor/exits.txt" },
    ],
  });
  expect(s3.commandCalls(ListObjectsV2Command)[0]?.args[0].input).toMatchObject({
    Bucket: "lists",
    Prefix: "threats/",
  });
});

test("lists that are the same still are not read again", async () => {
  holds(["threats/a.txt", "a"]);
  expect(await reader().read("threats/a.txt a")).toBeNull();
  expect(s3.commandCalls(GetObjectCommand)).toEqual([]);
});

test.each<[string, () => void, RegExp]>([
  [
    "access is denied",
    () => void s3.on(ListObjectsV2Command).rejects(new Error("AccessDenied")),
    /AccessDenied.*s3:ListBucket and s3:GetObject/,
  ],
  ["there is too much", () => void holds(["threats/a.txt", "a", 10 ** 9]), /1 objects with 1000000000 bytes/],
  [
    "there are too many",
    () => void holds(...Array.from({ length: 101 }, (_, i) => [`threats/${i}`, "x"] as [string, string])),
    /101 objects/,
  ],
])("an error names the place where %s", async (_, prepare, message) => {
  prepare();
  await expect(reader().read(null)).rejects.toThrow(message);
  await expect(reader().read(null)).rejects.toThrow("s3://lists/threats/");
});

test.each([
  ["s3://lists", { bucket: "lists", prefix: "" }],
  ["s3://lists/", { bucket: "lists", prefix: "" }],
  ["s3://lists/a/b", { bucket: "lists", prefix: "a/b/" }],
  ["s3://lists/a/b//", { bucket: "lists", prefix: "a/b/" }],
])("%s is a bucket and a folder", (location, expected) => {
  expect(bucketAndPrefix(location)).toEqual(expected);
});

import { gzipSync } from "node:zlib";
import { decompressedWhole, isGzipError } from "../../functions/adapters/gunzip";

const text = '{"Records": []}'.repeat(1_000);
const gzip = gzipSync(text);

async function* inPieces(bytes: Buffer, size = 100) {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

describe("a small object is decompressed at once", () => {
  test.each([
    ["gzip", gzip, text],
    ["gzip of two members", Buffer.concat([gzip, gzip]), text + text],
    ["what is not compressed", Buffer.from(text), text],
    ["nothing", Buffer.alloc(0), ""],
  ])("%s", async (_, bytes, expected) => {
    expect((await decompressedWhole(inPieces(bytes), 100_000))?.toString()).toBe(expected);
  });

  test.each([
    ["gzip that grows beyond it", gzip],
    ["what is not compressed", Buffer.from(text)],
  ])("and is refused where it is larger than may be: %s", async (_, bytes) => {
    expect(await decompressedWhole(inPieces(bytes), text.length)).toHaveLength(text.length);
    expect(await decompressedWhole(inPieces(bytes), text.length - 1)).toBeNull();
  });

  test.each([
    ["ends too soon", gzip.subarray(0, -9)],
    ["is damaged", Buffer.concat([gzip.subarray(0, 20), Buffer.from("damage"), gzip.subarray(26)])],
  ])("and gzip that %s is an error", async (_, bytes) => {
    const error = await decompressedWhole(inPieces(bytes), 100_000).catch((one: unknown) => one);
    expect(isGzipError(error)).toBe(true);
  });
});

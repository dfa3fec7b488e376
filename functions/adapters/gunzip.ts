/** Decompression of what AWS delivers, as a stream. */
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** Small chunks cost more in calls than in work: with 16 KiB, the default, decompression takes about twice as long. */
const CHUNK = 256 * 1024;

/** Gunzips what begins like gzip (1f 8b), whatever its name; members that follow each other are one stream. */
export async function decompressed(bytes: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const iterator = bytes[Symbol.asyncIterator]();
  let head = new Uint8Array();
  while (head.length < 2) {
    const next = await iterator.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  async function* all() {
    yield head;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  }
  if (head[0] !== 0x1f || head[1] !== 0x8b) return all();
  const source = Readable.from(all(), { objectMode: false });
  const gunzip = createGunzip({ chunkSize: CHUNK });
  source.on("error", (error) => gunzip.destroy(error));
  return source.pipe(gunzip);
}

/** zlib's errors have codes such as Z_DATA_ERROR, and Z_BUF_ERROR where the data ends too soon. */
export function isGzipError(error: unknown): error is Error {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && code.startsWith("Z_");
}

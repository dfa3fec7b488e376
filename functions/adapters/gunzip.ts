/** Decompression of what AWS delivers, as a stream. */
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** Small chunks cost more in calls than in work: with 16 KiB, the default, decompression takes about twice as long. */
const CHUNK = 256 * 1024;

/** Gunzips what begins like gzip (1f 8b), whatever its name; members that follow each other are one stream. */
export async function decompressed(bytes: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const iterator = blocks(bytes);
  const first = await iterator.next();
  async function* all() {
    if (first.done) return;
    yield first.value;
    yield* iterator;
  }
  if (first.value?.[0] !== 0x1f || first.value[1] !== 0x8b) return all();
  return inflated(Readable.from(all(), { objectMode: false }));
}

/** Whoever stops in the middle closes the source as well. */
async function* inflated(source: Readable): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: CHUNK });
  source.on("error", (error) => gunzip.destroy(error));
  try {
    yield* source.pipe(gunzip);
  } finally {
    source.destroy();
  }
}

/** Joins what comes in small pieces, as from a network: each that is decompressed costs a turn to another thread and back. */
async function* blocks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    pieces.push(piece);
    length += piece.length;
    if (length < CHUNK) continue;
    yield Buffer.concat(pieces, length);
    pieces = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(pieces, length);
}

/** zlib's errors have codes such as Z_DATA_ERROR, and Z_BUF_ERROR where the data ends too soon. */
export function isGzipError(error: unknown): error is Error {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && code.startsWith("Z_");
}

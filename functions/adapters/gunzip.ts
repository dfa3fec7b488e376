/** Decompression of what AWS delivers. */
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { createGunzip, gunzip } from "node:zlib";

/** Small chunks cost more in calls than in work: with 16 KiB, the default, decompression takes about twice as long. */
const CHUNK = 512 * 1024;

/** A stream of what is decompressed. Members that follow each other are one. */
export async function decompressed(bytes: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const iterator = blocks(bytes);
  const first = await iterator.next();
  async function* all() {
    if (first.done) return;
    yield first.value;
    yield* iterator;
  }
  if (first.value === undefined || !isGzip(first.value)) return all();
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

/** What begins like gzip is, whatever its name. */
const isGzip = (bytes: Uint8Array) => bytes[0] === 0x1f && bytes[1] === 0x8b;

const gunzipped = promisify(gunzip);

/**
 * The same of an object that is small, at once: a stream costs more than the work there. `null` where it would be larger
 * than `most` bytes.
 */
export async function decompressedWhole(
  bytes: AsyncIterable<Uint8Array>,
  most: number,
): Promise<Buffer | null> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    length += piece.length;
    if (length > most) return null;
    pieces.push(piece);
  }
  const whole = Buffer.concat(pieces, length);
  if (!isGzip(whole)) return whole;
  return gunzipped(whole, { chunkSize: CHUNK, maxOutputLength: most }).catch((error) => {
    if (error.code === "ERR_BUFFER_TOO_LARGE") return null;
    throw error;
  });
}

/** Joins what comes in small pieces, as from a network: each that is decompressed costs a turn to another thread and back. */
async function* blocks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    pieces.push(piece);
    length += piece.length;
    if (length < CHUNK) continue;
    yield joined(pieces, length);
    pieces = [];
    length = 0;
  }
  if (length > 0) yield joined(pieces, length);
}

const joined = (pieces: readonly Uint8Array[], length: number): Uint8Array =>
  pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces, length);

/** zlib's errors have codes such as Z_DATA_ERROR, and Z_BUF_ERROR where the data ends too soon. */
export function isGzipError(error: unknown): error is Error {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && code.startsWith("Z_");
}

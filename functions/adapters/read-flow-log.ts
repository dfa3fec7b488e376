/** Reads one flow log object: opens it, decompresses it, scans it. Parquet is known by its name. */
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { DEFAULT_LIMITS, type FlowLogScan, type LambdaInterfaces } from "../core/telemetry/flow-log";
import { flowLogTextScanner } from "../core/telemetry/flow-log-text";
import type { ObjectLocation } from "../core/telemetry/s3-notification";
import type { TelemetryObjects } from "./ports";
import { readParquet } from "./read-parquet";

/** Small chunks cost more in calls than in work: with 16 KiB, the default, decompression takes about twice as long. */
const CHUNK = 256 * 1024;

/**
 * What an object holds for `interfaces`, records after `notAfter` (seconds since 1970) left out. Damage does not reject:
 * what came before it is kept, and `problem` says what happened. Rejects where the object cannot be fetched, so that the
 * delivery is tried again.
 */
export async function readFlowLog(
  objects: TelemetryObjects,
  location: ObjectLocation,
  interfaces: LambdaInterfaces,
  notAfter: number,
): Promise<FlowLogScan> {
  const limits = { ...DEFAULT_LIMITS, notAfter };
  const bytes = await objects.open(location);
  if (location.key.endsWith(".parquet")) return readParquet(bytes, interfaces, limits);
  // A Buffer finds bytes several times as fast as another Uint8Array.
  const scanner = flowLogTextScanner(interfaces, limits, Buffer.alloc);
  try {
    for await (const chunk of await decompressed(bytes)) scanner.push(chunk);
  } catch (error) {
    if (!isGzipError(error)) throw error;
    const scan = scanner.end();
    const reason = `its gzip data is damaged (${error.message}); ${scan.coverage.records} records before that were used`;
    return { ...scan, problem: { kind: "unreadable", reason } };
  }
  return scanner.end();
}

/** Gunzips what begins like gzip (1f 8b), whatever its name; members that follow each other are one stream. */
async function decompressed(bytes: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const iterator = blocks(bytes);
  const first = await iterator.next();
  async function* all() {
    if (first.done) return;
    yield first.value;
    yield* iterator;
  }
  if (first.value?.[0] !== 0x1f || first.value[1] !== 0x8b) return all();
  const source = Readable.from(all(), { objectMode: false });
  const gunzip = createGunzip({ chunkSize: CHUNK });
  source.on("error", (error) => gunzip.destroy(error));
  return source.pipe(gunzip);
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
function isGzipError(error: unknown): error is Error {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && code.startsWith("Z_");
}

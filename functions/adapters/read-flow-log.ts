/** Reads one flow log object: opens it, decompresses it, scans it. Parquet is known by its name. */
import { DEFAULT_LIMITS, type FlowLogScan, type LambdaInterfaces } from "../core/telemetry/flow-log";
import { flowLogTextScanner } from "../core/telemetry/flow-log-text";
import type { ObjectLocation } from "../core/telemetry/s3-notification";
import { decompressed, isGzipError } from "./gunzip";
import type { TelemetryObjects } from "./ports";
import { readParquet } from "./read-parquet";

/** AWS closes a file at 75 MB, which become 1 GB or less: what becomes this much is none of its own. */
const MOST_BYTES = 4 * 1024 ** 3;

/**
 * What an object holds for `interfaces`, records after `notAfter` (seconds since 1970) left out. Damage does not reject:
 * what came before it is kept, and `problem` says what happened; so it is where more than `most` bytes come. Rejects where the object cannot be fetched, so that the
 * delivery is tried again.
 */
export async function readFlowLog(
  objects: TelemetryObjects,
  location: ObjectLocation,
  interfaces: LambdaInterfaces,
  notAfter: number,
  most = MOST_BYTES,
): Promise<FlowLogScan> {
  const limits = { ...DEFAULT_LIMITS, notAfter };
  const bytes = await objects.open(location);
  if (location.key.endsWith(".parquet")) return readParquet(bytes, interfaces, limits);
  // A Buffer finds bytes several times as fast as another Uint8Array.
  const scanner = flowLogTextScanner(interfaces, limits, Buffer.alloc);
  const usedUntil = (what: string): FlowLogScan => {
    const scan = scanner.end();
    const reason = `${what}; ${scan.coverage.records} records before that were used`;
    return { ...scan, problem: { kind: "unreadable", reason } };
  };
  let size = 0;
  try {
    for await (const chunk of await decompressed(bytes)) {
      if (!scanner.push(chunk)) break;
      size += chunk.length;
      if (size > most) return usedUntil(`it is larger than ${most / 1024 ** 2} MB`);
    }
  } catch (error) {
    if (!isGzipError(error)) throw error;
    return usedUntil(`its gzip data is damaged (${error.message})`);
  }
  return scanner.end();
}

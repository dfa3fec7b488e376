/** Reads one flow log object: opens it, decompresses it, scans it. Parquet is known by its name. */
import { DEFAULT_LIMITS, type FlowLogScan, type LambdaInterfaces } from "../core/telemetry/flow-log";
import { flowLogTextScanner } from "../core/telemetry/flow-log-text";
import type { ObjectLocation } from "../core/telemetry/s3-notification";
import { decompressed, isGzipError } from "./gunzip";
import type { TelemetryObjects } from "./ports";
import { readParquet } from "./read-parquet";

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

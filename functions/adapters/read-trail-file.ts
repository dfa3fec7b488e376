/** Reads one file of a trail: opens it, decompresses it, reads its records. */
import type { ObjectLocation } from "../core/telemetry/s3-notification";
import { readTrailFile, type TrailScan, unreadableTrail } from "../core/telemetry/trail-file";
import { decompressed, isGzipError } from "./gunzip";
import type { TelemetryObjects } from "./ports";

/** CloudTrail closes a file every five minutes: one of this size, decompressed, is none of its own. */
const MOST_BYTES = 256 * 1024 * 1024;

/** The events of a file. Damage does not reject: `problem` says what it is. Rejects where it cannot be fetched. */
export async function readTrailObject(
  objects: TelemetryObjects,
  location: ObjectLocation,
): Promise<TrailScan> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of await decompressed(await objects.open(location))) {
      size += chunk.length;
      if (size > MOST_BYTES) return unreadableTrail(`it is larger than ${MOST_BYTES / 1024 ** 2} MB`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (!isGzipError(error)) throw error;
    return unreadableTrail(`its gzip data is damaged (${error.message})`);
  }
  return readTrailFile(Buffer.concat(chunks).toString("utf8"));
}

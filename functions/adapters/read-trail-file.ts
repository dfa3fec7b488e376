/** Reads one file of a trail: opens it, decompresses it, reads its records. */
import type { ObjectLocation } from "../core/telemetry/s3-notification";
import { readTrailFile, type TrailScan, unreadableTrail } from "../core/telemetry/trail-file";
import { decompressedWhole, isGzipError } from "./gunzip";
import type { TelemetryObjects } from "./ports";

/** CloudTrail closes a file every five minutes: one of this size, decompressed, is none of its own. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * Values of JSON in one file. One that is made of little else than brackets becomes objects of many times its size; of
 * CloudTrail's own, a value takes thirty bytes or more.
 */
const MOST_VALUES = 8_000_000;

/** The events of a file. Damage does not reject: `problem` says what it is. Rejects where it cannot be fetched. */
export async function readTrailObject(
  objects: TelemetryObjects,
  location: ObjectLocation,
): Promise<TrailScan> {
  let bytes: Buffer | null;
  try {
    bytes = await decompressedWhole(await objects.open(location), MOST_BYTES);
  } catch (error) {
    if (!isGzipError(error)) throw error;
    return unreadableTrail(`its gzip data is damaged (${error.message})`);
  }
  if (bytes === null) return unreadableTrail(`it is larger than ${MOST_BYTES / 1024 ** 2} MB`);
  if (hasMoreValues(bytes, MOST_VALUES)) return unreadableTrail(`it holds more than ${MOST_VALUES} values`);
  return readTrailFile(bytes.toString("utf8"));
}

const [COMMA, BRACKET, BRACE] = [0x2c, 0x5b, 0x7b];

/** Whether JSON has more than `most` values, counted by what goes before one; in texts, too. */
function hasMoreValues(json: Uint8Array, most: number): boolean {
  if (json.length <= most) return false;
  let values = 0;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i];
    if (byte === COMMA || byte === BRACKET || byte === BRACE) values++;
  }
  return values > most;
}

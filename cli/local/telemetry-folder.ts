/** A folder of telemetry in the form in which AWS delivers it: what is in it, in the order of its time. */
import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { deliveryTime, kindOfObject } from "../../functions/core/telemetry/object-key";
import { secondsOf } from "../../functions/core/time";

export interface TelemetryFile {
  /** Path in the folder, with slashes: what an S3 key would be. */
  readonly key: string;
  /** When it was delivered, as far as its name tells, seconds since 1970. */
  readonly at: number | null;
}

export interface SnapshotFiles {
  /** Since when it holds; `null` for the one without a date, which holds from the beginning. */
  readonly at: number | null;
  readonly functions: string | null;
  readonly interfaces: string | null;
}

export interface TelemetryFolder {
  /** In the order of their time. */
  readonly flowLogs: readonly TelemetryFile[];
  readonly cloudTrail: readonly TelemetryFile[];
  readonly metrics: readonly string[];
  /** In time order, the one without a date first. */
  readonly snapshots: readonly SnapshotFiles[];
  /** AWS's address ranges, the latest of the folder; `null` where there are none. */
  readonly awsRanges: string | null;
  readonly threatLists: readonly string[];
  /** Files that are none of these, where telemetry or a snapshot was expected. */
  readonly others: readonly string[];
}

/** Lists a folder. Rejects if it cannot be listed. */
export async function openTelemetryFolder(dir: string): Promise<TelemetryFolder> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const keys = entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
  const delivered = keys.filter((key) => /(^|\/)AWSLogs\//.test(key));
  const ofKind = (kind: ReturnType<typeof kindOfObject>) =>
    delivered.filter((key) => kindOfObject(key) === kind);
  const inTime = (kind: ReturnType<typeof kindOfObject>) =>
    ofKind(kind)
      .map((key) => ({ key, at: deliveryTime(key) }))
      .sort(byTime);
  return {
    flowLogs: inTime("flow-log"),
    cloudTrail: inTime("trail"),
    metrics: keys.filter((key) => /^metrics\/[^/]+\.json$/.test(key)),
    snapshots: snapshotsIn(keys),
    awsRanges: latestRanges(keys),
    threatLists: keys.filter((key) => /^threat-lists\/[^.]/.test(key)),
    others: [
      ...ofKind("other"),
      ...keys.filter(
        (key) => key.startsWith("inventory/") && snapshotPart(key) === null && !RANGES.test(key),
      ),
    ],
  };
}

/** Files in the order in which they were delivered; those whose name does not tell come last. */
export const byTime = (a: TelemetryFile, b: TelemetryFile): number =>
  (a.at ?? Infinity) - (b.at ?? Infinity) || (a.key < b.key ? -1 : 1);

function snapshotsIn(keys: readonly string[]): SnapshotFiles[] {
  const snapshots = new Map<number | null, SnapshotFiles>();
  for (const key of keys) {
    const part = snapshotPart(key);
    if (part === null) continue;
    const known = snapshots.get(part.at) ?? { at: part.at, functions: null, interfaces: null };
    snapshots.set(part.at, { ...known, [part.of]: key });
  }
  return [...snapshots.values()].sort((a, b) => (a.at ?? -Infinity) - (b.at ?? -Infinity));
}

function snapshotPart(key: string): { at: number | null; of: "functions" | "interfaces" } | null {
  const match = key.match(/^inventory\/(?:([^/]+)\/)?(functions|network-interfaces)\.json$/);
  if (match === null) return null;
  const at = match[1] === undefined ? null : folderTime(match[1]);
  if (match[1] !== undefined && at === null) return null;
  return { at, of: match[2] === "functions" ? "functions" : "interfaces" };
}

const RANGES = /^inventory\/(?:([^/]+)\/)?ip-ranges\.json$/;

/** Ranges are as good as they are new: those of the latest snapshot stand for the whole time. */
function latestRanges(keys: readonly string[]): string | null {
  const dated = keys.flatMap((key) => {
    const match = RANGES.exec(key);
    return match === null ? [] : [{ key, at: folderTime(match[1] ?? "") ?? -Infinity }];
  });
  return dated.sort((a, b) => a.at - b.at).at(-1)?.key ?? null;
}

/** The time in a snapshot folder's name: ISO 8601 with `-` for `:`, as file systems need it; zone and seconds optional. */
function folderTime(name: string): number | null {
  const match = name.match(
    /^(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d)[-:]?(\d\d)(?:[-:]?(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d[-:]?\d\d)?)?$/,
  );
  if (match === null) return null;
  const [, year, month, day, hour = "00", minute = "00", second = "00", zone = "Z"] = match;
  const offset = zone === "Z" ? "Z" : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  return secondsOf(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
}

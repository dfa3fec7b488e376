/** Facts of a telemetry folder. What only AWS can tell (alarms, subscriptions, rules) does not apply there. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readTrailObject } from "../../functions/adapters/read-trail-file";
import { parseAwsRanges } from "../../functions/core/attribution/aws-ranges";
import { flowLogFields } from "../local/flow-log-fields";
import { folderAccount } from "../local/folder-account";
import { folderMetrics } from "../local/folder-metrics";
import { folderObjects } from "../local/folder-objects";
import { openTelemetryFolder, type TelemetryFile, type TelemetryFolder } from "../local/telemetry-folder";
import { accountOf, unserved } from "./account";
import { derived, type Fact, type Facts, type FlowLogFormat, type Gathered, type Source } from "./facts";

/** Files of CloudTrail that are looked into, the latest ones, and the fewest events that tell what a trail leaves out. */
const MOST_TRAIL_FILES = 50;
const FEWEST_EVENTS = 20;

/** Rejects if the folder cannot be listed. */
export async function gatherFolder(dir: string): Promise<Gathered> {
  const folder = await openTelemetryFolder(dir);
  const metrics = await folderMetrics(dir, folder.metrics);
  const sources: Source[] = [
    { name: "flow logs", newest: newestOf(folder.flowLogs) },
    { name: "CloudTrail", newest: newestOf(folder.cloudTrail) },
    { name: "metrics", newest: metrics.hours.at(-1)?.until ?? null },
  ];
  const now = sources.reduce((last, { newest }) => Math.max(last, newest ?? 0), 0);
  const known = await account(dir, folder, now);
  return {
    now: { value: now },
    account: known,
    withoutInterface: derived(known, unserved),
    sources: { value: sources },
    threatLists: { value: { location: null, lists: folder.threatLists.length } },
    awsRanges: await awsRanges(dir, folder, now),
    ...(folder.flowLogs.length > 0 && { formats: await formats(dir, folder.flowLogs) }),
    ...(folder.cloudTrail.length > 0 && { trails: await trails(dir, folder.cloudTrail) }),
  };
}

const newestOf = (files: readonly TelemetryFile[]) =>
  files.reduce<number | null>((last, { at }) => (at === null ? last : Math.max(last ?? 0, at)), null);

/** By the latest snapshot of each part. */
async function account(
  dir: string,
  { snapshots }: TelemetryFolder,
  now: number,
): Promise<Fact<Facts["account"]>> {
  const latest = (part: "functions" | "interfaces") =>
    snapshots.findLast((one) => one[part] !== null)?.[part] ?? null;
  const files = { at: now, functions: latest("functions"), interfaces: latest("interfaces") };
  const { snapshot, problems } = await folderAccount(dir, files).look();
  if (snapshot.functions !== null && snapshot.interfaces !== null) return { value: accountOf(snapshot, now) };
  const lacking = [
    snapshot.functions === null &&
      "inventory/functions.json (aws lambda list-functions --function-version ALL)",
    snapshot.interfaces === null && "inventory/network-interfaces.json (aws ec2 describe-network-interfaces)",
  ].filter((one) => one !== false);
  const why = problems.map(({ ref, reason }) => `${ref}: ${reason}`);
  return { missing: `it takes ${lacking.join(" and ")}${why.length > 0 ? ` (${why.join("; ")})` : ""}` };
}

async function awsRanges(
  dir: string,
  { awsRanges: file }: TelemetryFolder,
  now: number,
): Promise<Fact<Facts["awsRanges"]>> {
  if (file === null) return { value: { checkedAt: null } };
  try {
    parseAwsRanges(JSON.parse(await readFile(join(dir, file), "utf8")));
    return { value: { checkedAt: now } };
  } catch (error) {
    return { missing: `${file} cannot be used (${(error as Error).message})` };
  }
}

/** Of the latest object of each flow log, which its name tells. */
async function formats(dir: string, files: readonly TelemetryFile[]): Promise<Fact<FlowLogFormat[]>> {
  const latest = new Map(files.map(({ key }) => [/_(fl-[0-9a-z]+)_/.exec(key)?.[1] ?? "", key]));
  const all: FlowLogFormat[] = [];
  const unreadable: string[] = [];
  for (const [id, key] of latest) {
    try {
      const fields = await flowLogFields(join(dir, key));
      if (fields !== null)
        all.push({ of: id === "" ? `The flow log of ${key}` : `The flow log ${id}`, fields });
    } catch (error) {
      unreadable.push(`${key} cannot be read (${(error as Error).message})`);
    }
  }
  return all.length === 0 && unreadable.length > 0 ? { missing: unreadable.join("; ") } : { value: all };
}

/** The latest files tell which events the trail keeps. That it logs is what they prove. */
async function trails(dir: string, files: readonly TelemetryFile[]): Promise<Fact<Facts["trails"]>> {
  const objects = folderObjects(dir);
  const events = [];
  for (const { key } of files.slice(-MOST_TRAIL_FILES)) {
    // One that cannot be read is what a replay names.
    const scan = await readTrailObject(objects, { bucket: "", key }).catch(() => null);
    events.push(...(scan?.events ?? []));
  }
  const keeps =
    events.length < FEWEST_EVENTS
      ? null
      : { reads: events.some(({ readOnly }) => readOnly === true), writes: true };
  return { value: [{ name: "the trail of this folder", isLogging: true, keeps }] };
}

/** What names and condemns addresses in a replay: AWS's ranges, databases of networks, threat lists. */
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { mmdbNetworks } from "../../functions/adapters/networks/mmdb";
import { npmNetworks } from "../../functions/adapters/networks/npm-databases";
import type { InputProblem } from "../../functions/adapters/ports";
import { type AwsRanges, parseAwsRanges } from "../../functions/core/attribution/aws-ranges";
import { firstThatKnows, type Networks, NO_NETWORKS } from "../../functions/core/attribution/network";
import { plural } from "../../functions/core/text";
import { parseThreatLists, type ThreatLists, type ThreatListText } from "../../functions/core/threat-list";
import type { TelemetryFolder } from "./telemetry-folder";

/** Files that the command's options name; they go before those of the folder. */
export interface ReferenceFiles {
  readonly ipRanges?: string;
  readonly networkDb?: string;
  readonly threatLists?: string;
}

export interface References {
  readonly awsRanges: AwsRanges | null;
  readonly networks: Networks;
  readonly threats: ThreatLists;
  readonly problems: readonly InputProblem[];
  /** Sentences about what names addresses, and what does not. */
  readonly notes: readonly string[];
}

/**
 * Reads what there is. Rejects where a file that an option names cannot be read; what is in the folder and cannot be is a
 * problem, and the rest is used.
 */
export async function openReferences(
  dir: string,
  folder: TelemetryFolder,
  files: ReferenceFiles,
): Promise<References> {
  const problems: InputProblem[] = [];
  const notes: string[] = [];
  const awsRanges = await openRanges();
  const networks = openNetworks();
  const threats = await openThreats();
  return { awsRanges, networks, threats, problems, notes };

  async function openRanges(): Promise<AwsRanges | null> {
    const file = files.ipRanges ?? (folder.awsRanges && join(dir, folder.awsRanges));
    if (file === null) {
      notes.push(
        "No inventory/ip-ranges.json (https://ip-ranges.amazonaws.com/ip-ranges.json): AWS's addresses are told by pkt-dst-aws-service only, without Region.",
      );
      return null;
    }
    try {
      const read = parseAwsRanges(JSON.parse(await readFile(file, "utf8")));
      if (read.unreadable > 0) {
        problems.push({
          ref: folder.awsRanges ?? file,
          reason: `${plural(read.unreadable, "entry", "entries")} left out: no prefix with service and region`,
        });
      }
      return read.ranges;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      if (files.ipRanges !== undefined)
        throw new Error(`The ranges ${file} cannot be used: ${reason}`, { cause });
      problems.push({ ref: folder.awsRanges ?? file, reason });
      return null;
    }
  }

  function openNetworks(): Networks {
    const own = files.networkDb === undefined ? [] : [mmdbNetworks(files.networkDb)];
    try {
      return firstThatKnows([...own, npmNetworks()]);
    } catch (error) {
      notes.push(
        `The databases of networks that come with npm ci cannot be used (${(error as Error).message}): public peers are told by address block only.`,
      );
      return own[0] ?? NO_NETWORKS;
    }
  }

  async function openThreats(): Promise<ThreatLists> {
    const lists: ThreatListText[] = [];
    for (const key of folder.threatLists) {
      try {
        lists.push({ name: key.slice("threat-lists/".length), text: await readFile(join(dir, key), "utf8") });
      } catch (error) {
        problems.push({ ref: key, reason: (error as Error).message });
      }
    }
    if (files.threatLists !== undefined) lists.push(...(await listsIn(files.threatLists)));
    const threats = parseThreatLists(lists);
    // A list without a single entry was meant to be another file; a refused line among good ones is only told.
    if (threats.entries === 0 && threats.problemCount > 0) {
      problems.push({
        ref: "threat lists",
        reason: "none of their lines is an address, a CIDR block or a range",
      });
    }
    notes.push(
      lists.length === 0
        ? "No threat lists (threat-lists/ in the folder, or --threat-lists): no address is known as bad."
        : `${plural(threats.lists, "threat list")} with ${plural(threats.entries, "entry", "entries")}, ${threats.duplicates.toLocaleString("en-US")} of them twice and ${threats.overlapping.toLocaleString("en-US")} within others.`,
    );
    for (const { list, line, reason } of threats.problems) {
      notes.push(`Refused in the threat list ${list}, line ${line}: ${reason}.`);
    }
    const unnamed = threats.problemCount - threats.problems.length;
    if (unnamed > 0) notes.push(`Refused in the threat lists: ${plural(unnamed, "further line")}.`);
    return threats;
  }
}

async function listsIn(dir: string): Promise<ThreatListText[]> {
  try {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    const lists: ThreatListText[] = [];
    for (const path of paths) {
      lists.push({ name: relative(dir, path).split(sep).join("/"), text: await readFile(path, "utf8") });
    }
    return lists;
  } catch (cause) {
    throw new Error(`The threat lists in ${dir} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

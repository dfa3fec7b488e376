/** Threat lists kept in memory and read again from time to time: a list that cannot be read must stop nothing. */
import {
  NO_THREAT_LISTS,
  parseThreatLists,
  type ThreatLists,
  type ThreatListText,
} from "../core/threat-list";
import type { Clock, Log, ThreatSource } from "./ports";

export interface ThreatListReader {
  /** The lists, and what tells them from others; `null` where they are those of `knownVersion` still. */
  read(knownVersion: string | null): Promise<{ version: string; lists: ThreatListText[] } | null>;
}

/** Seconds after which it is asked whether there are other lists. */
const REFRESH_AFTER = 900;

/** Reads at the first use and then every quarter of an hour. Where that fails, the lists in memory are used on. */
export function refreshedThreats(reader: ThreatListReader, clock: Clock, log: Log): ThreatSource {
  let known: { threats: ThreatLists; version: string | null } = { threats: NO_THREAT_LISTS, version: null };
  let readAt: number | null = null;
  return {
    async current() {
      const now = clock();
      if (readAt !== null && now < readAt + REFRESH_AFTER) return known.threats;
      readAt = now;
      try {
        const read = await reader.read(known.version);
        if (read !== null) {
          known = { threats: parseThreatLists(read.lists), version: read.version };
          tell(known.threats, log);
        }
      } catch (error) {
        log.warn("The threat lists could not be read; those in memory are used on", {
          entries: known.threats.entries,
          error: error instanceof Error ? error : new Error(String(error)),
        });
      }
      return known.threats;
    },
  };
}

function tell(threats: ThreatLists, log: Log): void {
  const { lists, entries, duplicates, overlapping, problems, problemCount } = threats;
  const fields = { lists, entries, duplicates, overlapping };
  if (problemCount === 0) log.info("Threat lists read", fields);
  else log.warn("Threat lists read; some lines are refused", { ...fields, refused: problemCount, problems });
}

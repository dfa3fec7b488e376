/**
 * Lists of addresses that nobody should talk to, as their owners keep them: plain text, one address, CIDR block or range
 * `first-last` a line, comments from `#` or `;` on. Tor's exits come as plain addresses or as `ExitAddress` lines. A line
 * that is none of these, or would condemn half the internet, is refused and named; the rest is used.
 */
import { parseAddress, plainAddress } from "./address";
import { addressTableBuilder, NONE, valueAt } from "./attribution/address-table";
import { GrowingNumbers } from "./growing";
import { cleanText } from "./text";
import { entryIn, rangeIn } from "./threat-list-line";

export interface ThreatListText {
  /** What the list is called: its file's name. */
  readonly name: string;
  readonly text: string;
}

/** Where an address is listed. */
export interface ThreatEntry {
  readonly list: string;
  /** As it is written: an address, a block or a range. */
  readonly entry: string;
  /** The first line is 1. */
  readonly line: number;
  /** Whether the list's name says that it holds Tor's exits. */
  readonly isTor: boolean;
}

export interface ListProblem {
  readonly list: string;
  readonly line: number;
  readonly reason: string;
}

export interface ThreatLists {
  /** The narrowest entry that holds `address`; `null` where none does. */
  find(address: string): ThreatEntry | null;
  readonly lists: number;
  readonly entries: number;
  /** Entries that were there already. */
  readonly duplicates: number;
  /** Entries that lie in or over another one. */
  readonly overlapping: number;
  /** Lines that were refused; `MOST_PROBLEMS` of them are named. */
  readonly problems: readonly ListProblem[];
  readonly problemCount: number;
}

export const MOST_ENTRIES = 1_000_000;
export const MOST_PROBLEMS = 20;
/** Longest line in characters that is looked at. */
const LONGEST_LINE = 500;

/** Reads lists. Never throws: what cannot be used is counted and named. Of equal entries the first counts. */
export function parseThreatLists(lists: readonly ThreatListText[]): ThreatLists {
  const builder = addressTableBuilder();
  /** Of each entry: its list, its line, and where the line begins in the list's text. */
  const [ofList, ofLine, ofStart] = [new GrowingNumbers(), new GrowingNumbers(), new GrowingNumbers()];
  const problems: ListProblem[] = [];
  let problemCount = 0;
  for (const [index, { name, text }] of lists.entries()) {
    let line = 0;
    for (let start = 0; start < text.length; ) {
      line++;
      const end = endOfLine(text, start);
      const entry = entryAt(text, start);
      const range = entry === "" ? null : verdictOn(entry, end - start, ofList.length);
      if (typeof range === "string") {
        problemCount++;
        const reason = `"${cleanText(entry, 60)}" ${range}`;
        if (problems.length < MOST_PROBLEMS) problems.push({ list: cleanText(name, 100), line, reason });
      } else if (range !== null) {
        if (range.family === 4) builder.addIpv4(range.first, range.last, ofList.length);
        else builder.addIpv6(range.first, range.last, ofList.length);
        ofList.push(index);
        ofLine.push(line);
        ofStart.push(start);
      }
      start = end + 1;
    }
  }
  const { table, duplicates, overlapping } = builder.build();
  return {
    find(address) {
      const sought = parseAddress(address);
      const value = sought === null ? NONE : valueAt(table, plainAddress(sought));
      const list = lists[ofList.all()[value] ?? NONE];
      if (list === undefined) return null;
      const entry = entryAt(list.text, ofStart.all()[value] ?? 0);
      const line = ofLine.all()[value] ?? 0;
      return { list: cleanText(list.name, 100), entry, line, isTor: isTorName(list.name) };
    },
    lists: lists.length,
    entries: ofList.length,
    duplicates,
    overlapping,
    problems,
    problemCount,
  };
}

export const NO_THREAT_LISTS: ThreatLists = parseThreatLists([]);

function verdictOn(entry: string, length: number, entriesBefore: number) {
  if (length > LONGEST_LINE) return `is on a line longer than ${LONGEST_LINE} characters`;
  if (entriesBefore >= MOST_ENTRIES)
    return `is beyond the ${MOST_ENTRIES.toLocaleString("en-US")} entries that are kept`;
  return rangeIn(entry);
}

/** `tor-exits.txt`, `TorBulkExitList`, but not `monitor.txt`. */
const isTorName = (name: string) =>
  /(^|[^a-z])tor([^a-z]|$)/i.test(name) || /(^|[^A-Za-z])Tor[A-Z]/.test(name);

function endOfLine(text: string, start: number): number {
  const newline = text.indexOf("\n", start);
  return newline < 0 ? text.length : newline;
}

const entryAt = (text: string, start: number): string =>
  entryIn(text.slice(start, Math.min(endOfLine(text, start), start + LONGEST_LINE)));

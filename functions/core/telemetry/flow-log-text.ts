/**
 * Reads text flow logs as AWS delivers them to S3, decompressed: a header line, then one record a line.
 *
 * Most lines of a VPC belong to interfaces that are not Lambda's. So a line is looked at up to its interface id, and if
 * that is none of ours, the next newline is looked for. No line becomes a string, but headers.
 */
import { cleanText } from "../text";
import { flowGroups } from "./flow-groups";
import {
  DEFAULT_LIMITS,
  emptyCoverage,
  type FlowLogScan,
  type FlowLogScanner,
  type LambdaInterfaces,
  type ScanLimits,
} from "./flow-log";
import { type Columns, isHeader, readHeader } from "./flow-log-columns";
import { emptyRecord } from "./flow-log-record";
import { interfaceTable } from "./interface-table";
import { type LineReader, lineReader } from "./text-record";

const BLOCK = 256 * 1024;
const NEWLINE = 10;
const SPACE = 32;
const DASH = 45;
/** Length of an interface id since 2018: `eni-` and 17 digits. */
const USUAL_ID = 21;

/**
 * A scanner for one object that keeps the flows of `interfaces`. Never throws on input.
 *
 * `allocate` makes the one buffer that is searched for newlines: a class whose `indexOf` is fast can be given.
 */
export function flowLogTextScanner(
  interfaces: LambdaInterfaces,
  limits: ScanLimits = DEFAULT_LIMITS,
  allocate: (size: number) => Uint8Array = (size) => new Uint8Array(size),
): FlowLogScanner {
  const coverage = emptyCoverage();
  const known = interfaceTable(interfaces);
  const groups = flowGroups(known, coverage, limits);
  const record = emptyRecord();
  /** A line's beginning from the chunk before, a block of the next, and a newline at the very end. */
  const buffer = allocate(limits.line + BLOCK + 64);
  let filled = 0;
  let layout: (Columns & { readonly reader: LineReader }) | null = null;
  let problem: FlowLogScan["problem"] = null;
  let lineNumber = 0;
  let oversized = false;
  /** Where the interface id of the line before was, and the separator before the last, from its beginning. */
  let idOffset = 0;
  let firstSeparator = 0;

  /** Reads the lines that are complete, and moves the rest to the front. */
  function readLines(): void {
    let end = filled;
    while (end > 0 && buffer[end - 1] !== NEWLINE) end--;
    for (let from = 0; from < end && problem === null; ) from = readLine(from) + 1;
    buffer.copyWithin(0, end, filled);
    filled -= end;
    if (filled > limits.line) {
      oversized = true; // its end has yet to come, and will be passed over too
      filled = 0;
    }
  }

  /** Reads the line that begins at `from`, and gives where its newline is. */
  function readLine(from: number): number {
    lineNumber++;
    if (layout === null || oversized || !isPlain(buffer[from] as number)) return readUnusual(from);
    const { interfaceId, tell, reader } = layout;
    let id = from + idOffset;
    if (!isGuessed(from, interfaceId)) {
      id = skip(buffer, from, interfaceId);
      idOffset = id - from;
      if (interfaceId === 2) firstSeparator = skip(buffer, from, 1) - from - 1;
    }
    if (known.mayBe(buffer, id)) {
      // Of these all cells are read, to see whether the line is what it seems to be.
      if (reader.first < interfaceId) reader.read(buffer, from, 0, record);
      else reader.read(buffer, id, interfaceId, record);
      const { end, idFrom, idTo } = reader.line;
      const isWhole = end > 0 && (buffer[end - 1] as number) > SPACE && end - from <= limits.line;
      if (!isWhole || !isInterfaceId(idFrom)) return readUnusual(from);
      coverage.records++;
      count(known.find(buffer, idFrom, idTo), reader);
      return end;
    }
    // Of a record with no data, AWS says so in its status, and knows neither address.
    let tellAt = id + USUAL_ID + 1;
    if (tell < interfaceId) tellAt = skip(buffer, from, tell);
    else if (tell > interfaceId + 1 || buffer[id + USUAL_ID] !== SPACE) {
      tellAt = skip(buffer, id, tell - interfaceId);
    }
    if (buffer[tellAt] === DASH || !isInterfaceId(id)) return readUnusual(from);
    const end = buffer.indexOf(NEWLINE, id);
    if (end - from > limits.line) return readUnusual(from);
    coverage.records++;
    coverage.otherRecords++;
    return end;
  }

  /**
   * Whether the interface id stands where it stood in the line before: mostly so in the default format, where a version
   * and an account come first. (No id of ours fits before it: those have at least twelve characters.)
   */
  function isGuessed(from: number, interfaceId: number): boolean {
    return (
      interfaceId === 2 &&
      buffer[from + firstSeparator] === SPACE &&
      buffer[from + idOffset - 1] === SPACE &&
      isInterfaceId(from + idOffset)
    );
  }

  const isInterfaceId = (from: number) =>
    buffer[from] === 101 && buffer[from + 1] === 110 && buffer[from + 2] === 105 && buffer[from + 3] === DASH;

  /** Any line but a good one of another interface. */
  function readUnusual(from: number): number {
    const newline = buffer.indexOf(NEWLINE, from);
    const begin = trimStart(buffer, from, newline);
    const end = trimEnd(buffer, begin, newline);
    if (oversized || newline - from > limits.line) {
      oversized = false;
      coverage.records++;
      coverage.oversized++;
    } else if (begin === end) {
      // Nothing is in it.
    } else if (mayBeHeader(buffer, begin, end) && isHeader(text(begin, end))) {
      // A header may stand in the middle as well: objects that were joined keep theirs, and may differ in layout.
      readColumns(text(begin, end));
    } else if (layout === null) {
      const beginning = cleanText(text(begin, Math.min(end, begin + 240)), 60);
      problem = { kind: "unreadable", reason: `it has no flow log header but begins "${beginning}"` };
    } else {
      coverage.records++;
      buffer[end] = NEWLINE;
      layout.reader.read(buffer, begin, 0, record);
      const { idFrom, idTo } = layout.reader.line;
      const isId = isInterfaceId(idFrom) || (idTo === idFrom + 1 && buffer[idFrom] === DASH);
      if (layout.reader.line.end < 0 || !isId) coverage.malformed++;
      else count(known.find(buffer, idFrom, idTo), layout.reader);
    }
    return newline;
  }

  /** Counts a line that has an interface id, and as many columns as the header. */
  function count(index: number, { line }: LineReader): void {
    if (line.status === "NODATA") coverage.noData++;
    else if (line.status === "SKIPDATA") coverage.skipData++;
    else if (index < 0) coverage.otherRecords++;
    else {
      coverage.lambdaRecords++;
      record.interface = index;
      if (line.isWellFormed) groups.add(record, lineNumber);
      else coverage.malformed++;
    }
  }

  const text = (from: number, to: number) => new TextDecoder().decode(buffer.subarray(from, to));

  function readColumns(line: string): void {
    const read = readHeader(line);
    if (read.kind === "columns") layout = { ...read.columns, reader: lineReader(read.columns) };
    else problem = read;
  }

  return {
    push(chunk) {
      for (let from = 0; from < chunk.length && problem === null; from += BLOCK) {
        const block = chunk.subarray(from, from + BLOCK);
        buffer.set(block, filled);
        filled += block.length;
        readLines();
      }
    },
    end() {
      if (problem === null && (filled > 0 || oversized)) {
        buffer[filled++] = NEWLINE;
        readLines();
      }
      if (layout === null) problem ??= { kind: "unreadable", reason: noHeader(coverage.oversized) };
      return { flows: groups.flows(), coverage, problem };
    },
  };
}

/** From `from`, past so many separators; no further than the newline. */
function skip(bytes: Uint8Array, from: number, separators: number): number {
  let at = from;
  for (let left = separators; left > 0; at++) {
    const byte = bytes[at] as number;
    if (byte > SPACE) continue;
    if (byte === SPACE) left--;
    else if (byte === NEWLINE) return at;
  }
  return at;
}

const isLowerCase = (byte: number) => byte >= 97 && byte <= 122;
/** What a record begins with, but where its first column is a name: no space, and no letter of a header. */
const isPlain = (byte: number) => byte > SPACE && byte < 128 && !isLowerCase(byte);
const isSpace = (byte: number | undefined) =>
  byte === SPACE || (byte !== undefined && byte >= 9 && byte <= 13);

/** Past white space (ASCII's), and past the mark that some editors put before UTF-8. */
function trimStart(bytes: Uint8Array, from: number, to: number): number {
  const isMarked = bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf;
  let begin = isMarked ? from + 3 : from;
  while (begin < to && isSpace(bytes[begin])) begin++;
  return begin;
}

function trimEnd(bytes: Uint8Array, from: number, to: number): number {
  let end = to;
  while (end > from && isSpace(bytes[end - 1])) end--;
  return end;
}

/** Whether a line has the characters of field names only: what is not, is cheaply told. */
function mayBeHeader(bytes: Uint8Array, from: number, to: number): boolean {
  let begins = true;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    if (begins && !isLowerCase(byte)) return false;
    begins = byte === SPACE;
    if (!begins && !isLowerCase(byte) && !(byte >= 48 && byte <= 57) && byte !== DASH && byte !== 95)
      return false;
  }
  return true;
}

const noHeader = (oversized: number) =>
  oversized === 0
    ? "it is empty: a flow log has at least a header line"
    : "it has no flow log header, but lines too long to be one";

/**
 * Reads text flow logs as AWS delivers them to S3, decompressed: a header line, then one record a line.
 *
 * Most lines of a VPC belong to interfaces that are not Lambda's. So a line is looked at up to its interface id, and if
 * that is none of ours, only its separators are counted. No line becomes a string, but headers.
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
import { findLineEnd, type LineEnd } from "./line-end";
import { type Cells, isWord, recordReader } from "./text-record";

const BLOCK = 256 * 1024;
const NEWLINE = 10;
const SPACE = 32;
const DASH = 45;

/** A scanner for one object that keeps the flows of `interfaces`. Never throws on input. */
export function flowLogTextScanner(
  interfaces: LambdaInterfaces,
  limits: ScanLimits = DEFAULT_LIMITS,
): FlowLogScanner {
  const coverage = emptyCoverage();
  const known = interfaceTable(interfaces);
  const groups = flowGroups(known, coverage, limits);
  const reader = recordReader();
  const record = emptyRecord();
  /** A line's beginning from the chunk before, a block of the next, and a newline at the very end. */
  const buffer = new Uint8Array((limits.line + BLOCK + 8) & ~3);
  const words = new Int32Array(buffer.buffer);
  const lineEnd: LineEnd = { at: 0, spaces: 0 };
  let filled = 0;
  let columns: Columns | null = null;
  let cells: Cells = new Int32Array(1);
  let problem: FlowLogScan["problem"] = null;
  let lineNumber = 0;
  let oversized = false;

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
    const first = buffer[from] as number;
    if (columns === null || oversized || !isPlain(first)) return readUnusual(from);
    const tellsFirst = columns.tell < columns.interfaceId;
    const before = tellsFirst ? skip(from, columns.tell) : 0;
    const id = tellsFirst
      ? skip(before, columns.interfaceId - columns.tell)
      : skip(from, columns.interfaceId);
    let idEnd = id;
    while ((buffer[idEnd] as number) > SPACE) idEnd++;
    if (buffer[idEnd] !== SPACE || known.find(buffer, id, idEnd) >= 0) return readUnusual(from);
    const tell = tellsFirst ? before : skip(idEnd, columns.tell - columns.interfaceId);
    // Of a record with no data, AWS says so in its status, and knows neither address.
    if (buffer[tell] === DASH || !isInterfaceId(id, idEnd)) return readUnusual(from);
    findLineEnd(buffer, words, idEnd, lineEnd);
    const { at, spaces } = lineEnd;
    const isWhole = (buffer[at - 1] as number) > SPACE && spaces + columns.interfaceId + 1 === columns.count;
    if (!isWhole || at - from > limits.line) return readUnusual(from);
    coverage.records++;
    coverage.otherRecords++;
    return at;
  }

  /** From `from`, past so many separators; no further than the newline. */
  function skip(from: number, separators: number): number {
    let at = from;
    for (let left = separators; left > 0; at++) {
      const byte = buffer[at];
      if (byte === SPACE) left--;
      else if (byte === NEWLINE) return at;
    }
    return at;
  }

  const isInterfaceId = (from: number, to: number) =>
    (buffer[from] === 101 &&
      buffer[from + 1] === 110 &&
      buffer[from + 2] === 105 &&
      buffer[from + 3] === DASH) ||
    (buffer[from] === DASH && to === from + 1);

  /** Any line but a good one of another interface. */
  function readUnusual(from: number): number {
    findLineEnd(buffer, words, from, lineEnd);
    const newline = lineEnd.at;
    const [begin, end] = trimmed(buffer, from, newline);
    if (oversized || newline - from > limits.line) {
      oversized = false;
      coverage.records++;
      coverage.oversized++;
    } else if (begin === end) {
      // Nothing is in it.
    } else if (mayBeHeader(buffer, begin, end) && isHeader(text(begin, end))) {
      // A header may stand in the middle as well: objects that were joined keep theirs, and may differ in layout.
      readColumns(text(begin, end));
    } else if (columns === null) {
      problem = {
        kind: "unreadable",
        reason: `it has no flow log header but begins "${cleanText(text(begin, Math.min(end, begin + 240)), 60)}"`,
      };
    } else {
      coverage.records++;
      readRecord(begin, end, columns);
    }
    return newline;
  }

  const text = (from: number, to: number) => new TextDecoder().decode(buffer.subarray(from, to));

  function readColumns(line: string): void {
    const read = readHeader(line);
    if (read.kind === "columns") {
      columns = read.columns;
      cells = new Int32Array(columns.count + 1);
    } else problem = read;
  }

  function readRecord(from: number, to: number, at: Columns): void {
    if (!readCells(from, to, at.count)) coverage.malformed++;
    else {
      const id = cells[at.interfaceId] as number;
      const idEnd = (cells[at.interfaceId + 1] as number) - 1;
      if (!isInterfaceId(id, idEnd)) coverage.malformed++;
      else if (isWord(buffer, cells, at.logStatus, NODATA)) coverage.noData++;
      else if (isWord(buffer, cells, at.logStatus, SKIPDATA)) coverage.skipData++;
      else {
        const index = known.find(buffer, id, idEnd);
        if (index < 0) coverage.otherRecords++;
        else {
          coverage.lambdaRecords++;
          record.interface = index;
          if (reader.read(buffer, cells, at, record)) groups.add(record, lineNumber);
          else coverage.malformed++;
        }
      }
    }
  }

  /** Finds where the cells begin; `false` if there are not `count` of them. */
  function readCells(from: number, to: number, count: number): boolean {
    let cell = 0;
    cells[0] = from;
    for (let at = from; at < to; at++) {
      if (buffer[at] !== SPACE) continue;
      if (++cell >= count) return false;
      cells[cell] = at + 1;
    }
    cells[count] = to + 1;
    return cell === count - 1;
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
      if (columns === null) problem ??= { kind: "unreadable", reason: noHeader(coverage.oversized) };
      return { flows: groups.flows(), coverage, problem };
    },
  };
}

const NODATA = new TextEncoder().encode("NODATA");
const SKIPDATA = new TextEncoder().encode("SKIPDATA");

const isLowerCase = (byte: number) => byte >= 97 && byte <= 122;
/** What a record begins with, but where its first column is a name: no space, and no letter of a header. */
const isPlain = (byte: number) => byte > SPACE && byte < 128 && !isLowerCase(byte);

/** Without white space at either end (ASCII's), and without the mark that some editors put before UTF-8. */
function trimmed(bytes: Uint8Array, from: number, to: number): [number, number] {
  const isSpace = (byte: number | undefined) =>
    byte === SPACE || (byte !== undefined && byte >= 9 && byte <= 13);
  let [begin, end] = [from, to];
  if (end - begin >= 3 && bytes[begin] === 0xef && bytes[begin + 1] === 0xbb && bytes[begin + 2] === 0xbf) {
    begin += 3;
  }
  while (begin < end && isSpace(bytes[begin])) begin++;
  while (end > begin && isSpace(bytes[end - 1])) end--;
  return [begin, end];
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

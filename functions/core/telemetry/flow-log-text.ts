/**
 * Reads text flow logs as AWS delivers them to S3, decompressed: a header line, then one record a line.
 *
 * Most lines of a VPC belong to interfaces that are not Lambda's. So a line is looked at up to its interface id, and if
 * that is none of ours, the next newline is looked for. No line becomes a string, but headers.
 */
import { cleanText } from "../text";
import { cellsEnd } from "./byte-words";
import { Conversations } from "./conversations";
import { FlowGroups } from "./flow-groups";
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
import { InterfaceTable, USUAL_ID } from "./interface-table";
import { ShortText } from "./short-text";
import { LineReader } from "./text-record";

const BLOCK = 256 * 1024;
const NEWLINE = 10;
const SPACE = 32;
const DASH = 45;

/**
 * A scanner for one object that keeps the flows of `interfaces`. Never throws on input.
 *
 * `allocate` makes the one buffer that is searched for newlines: a class whose `indexOf` is fast can be given.
 */
export const flowLogTextScanner = (
  interfaces: LambdaInterfaces,
  limits: ScanLimits = DEFAULT_LIMITS,
  allocate: (size: number) => Uint8Array = (size) => new Uint8Array(size),
): FlowLogScanner => new TextScanner(interfaces, limits, allocate);

interface Layout extends Columns {
  readonly reader: LineReader;
}

class TextScanner implements FlowLogScanner {
  private readonly coverage = emptyCoverage();
  private readonly known: InterfaceTable;
  private readonly groups: FlowGroups;
  private readonly record = emptyRecord();
  /** A line's beginning from the chunk before, a block of the next, a newline at the very end, and what is read ahead. */
  private readonly buffer: Uint8Array;
  private readonly view: DataView;
  private filled = 0;
  private layout: Layout | null = null;
  private problem: FlowLogScan["problem"] = null;
  private lineNumber = 0;
  private oversized = false;
  /**
   * How a line before began, up to its interface id. In the default format a version and an account come first, so that
   * nearly all lines of an object begin alike, and their ids stand at the same place.
   */
  private readonly beginning = new ShortText();
  private readonly conversations: Conversations;

  constructor(
    interfaces: LambdaInterfaces,
    private readonly limits: ScanLimits,
    allocate: (size: number) => Uint8Array,
  ) {
    this.known = new InterfaceTable(interfaces);
    this.groups = new FlowGroups(this.known, this.coverage, limits);
    this.buffer = allocate(limits.line + BLOCK + 64);
    this.view = new DataView(this.buffer.buffer, this.buffer.byteOffset, this.buffer.length);
    this.conversations = new Conversations(this.known, this.view);
  }

  push(chunk: Uint8Array): boolean {
    for (let from = 0; from < chunk.length && this.problem === null; from += BLOCK) {
      const block = chunk.subarray(from, from + BLOCK);
      this.buffer.set(block, this.filled);
      this.readLines(block.length);
    }
    return this.problem === null;
  }

  end(): FlowLogScan {
    const { coverage } = this;
    if (this.problem === null && (this.filled > 0 || this.oversized)) {
      this.buffer[this.filled] = NEWLINE;
      this.readLines(1);
    }
    if (this.layout === null)
      this.problem ??= { kind: "unreadable", reason: "it is empty: a flow log has at least a header line" };
    return { flows: this.groups.flows(), coverage, problem: this.problem };
  }

  /** Reads the lines that `added` bytes complete, and moves the rest to the front. */
  private readLines(added: number): void {
    const before = this.filled; // none of these ends a line
    this.filled += added;
    let end = this.filled;
    while (end > before && this.buffer[end - 1] !== NEWLINE) end--;
    if (end === before) end = 0;
    for (let from = 0; from < end && this.problem === null; ) {
      this.lineNumber++;
      const { layout } = this;
      from = layout === null || this.oversized ? this.readUnusual(from) : this.readRecord(from, layout);
    }
    if (end > 0) this.buffer.copyWithin(0, end, this.filled);
    this.filled -= end;
    if (this.filled > this.limits.line) {
      this.oversized = true; // its end has yet to come, and will be passed over too
      this.filled = 0;
      if (this.layout === null && this.problem === null) this.passOver();
    }
  }

  /** Reads the line that begins at `from`, most likely a record, and gives where the next one begins. */
  private readRecord(from: number, layout: Layout): number {
    const { buffer, view } = this;
    let newline = 0; // not looked for yet: a usual record of ours leads to it
    let id = (from + this.beginning.length) | 0;
    if (!this.beginning.isAt(view, from)) {
      if (!isPlain(buffer[from] as number)) return this.readUnusual(from);
      newline = buffer.indexOf(NEWLINE, from);
      id = skip(view, from, newline, layout.interfaceId);
      this.beginning.become(view, from, id < newline ? id - from : 0);
    }
    if (this.known.mayHave(view, id)) {
      const next = this.readUsual(from, id, layout.reader);
      if (next > 0) return next;
      const index = this.known.find(view, id, view.byteLength);
      if (index >= 0) return this.readOurs(from, id, index, layout);
    }
    return this.readOther(from, id, newline > 0 ? newline : buffer.indexOf(NEWLINE, id), layout);
  }

  /** A record of a conversation of ours that looks as most do; 0 where it has to be read as any is. */
  private readUsual(from: number, id: number, reader: LineReader): number {
    const conversation = reader.usualFollowsId ? this.conversations.at(id) : null;
    if (conversation === null) return 0;
    const end = reader.readUsual((id + conversation.length) | 0, conversation, this.record) | 0;
    if (end === 0 || end - from > this.limits.line) return 0;
    this.coverage.records++;
    this.count(this.record.interface, reader);
    return (end + 1) | 0;
  }

  /** A record of an interface of ours: all its cells are read, to see whether the line is what it seems to be. */
  private readOurs(from: number, id: number, index: number, { interfaceId, reader }: Layout): number {
    const { buffer, record } = this;
    const end = buffer.indexOf(NEWLINE, id);
    const isRead =
      reader.first < interfaceId
        ? reader.read(from - 1, end, 0, record)
        : reader.read(id + this.known.lengthOf(index), end, interfaceId + 1, record);
    if (!isRead || (buffer[end - 1] as number) <= SPACE || end - from > this.limits.line)
      return this.readUnusual(from);
    this.coverage.records++;
    this.count(index, reader);
    return end + 1;
  }

  /** A record of any other: no more is looked at than tells that it is one. */
  private readOther(from: number, id: number, end: number, { interfaceId, tell }: Layout): number {
    const { buffer, view, coverage } = this;
    // Of a record with no data, AWS says so in its status, and knows neither address.
    let tellAt = id + USUAL_ID + 1;
    if (tell < interfaceId) tellAt = skip(view, from, end, tell);
    else if (tell > interfaceId + 1 || buffer[id + USUAL_ID] !== SPACE)
      tellAt = skip(view, id, end, tell - interfaceId);
    const isPlainly =
      buffer[tellAt] !== DASH &&
      view.getInt32(id, true) === ENI &&
      (buffer[end - 1] as number) > SPACE &&
      end - from <= this.limits.line;
    if (!isPlainly) return this.readUnusual(from);
    coverage.records++;
    coverage.otherRecords++;
    return end + 1;
  }

  /** Any line but a good record; gives where the next one begins. */
  private readUnusual(from: number): number {
    const { buffer, view, coverage, layout } = this;
    const newline = buffer.indexOf(NEWLINE, from);
    const begin = trimStart(buffer, from, newline);
    const end = trimEnd(buffer, begin, newline);
    if (this.oversized || newline - from > this.limits.line) {
      this.oversized = false;
      this.passOver();
    } else if (begin === end) {
      // Nothing is in it.
    } else if (mayBeHeader(buffer, begin, end) && isHeader(this.text(begin, end))) {
      // A header may stand in the middle as well: objects that were joined keep theirs, and may differ in layout.
      this.readColumns(this.text(begin, end));
    } else if (layout === null) {
      const beginning = cleanText(this.text(begin, Math.min(end, begin + 240)), 60);
      this.problem = { kind: "unreadable", reason: `it has no flow log header but begins "${beginning}"` };
    } else {
      coverage.records++;
      const { reader, interfaceId } = layout;
      const id = skip(view, begin, end, interfaceId);
      const isDash = buffer[id] === DASH && (id + 1 === end || buffer[id + 1] === SPACE);
      const isRead = reader.read(begin - 1, end, 0, this.record);
      if (!isRead || !(isDash || view.getInt32(id, true) === ENI)) coverage.malformed++;
      else this.count(this.known.find(view, id, end), reader);
    }
    return newline + 1;
  }

  /** Counts a line that is too long. Where a header should be, nothing that follows can be read. */
  private passOver(): void {
    this.coverage.records++;
    this.coverage.oversized++;
    if (this.layout === null) this.problem = { kind: "unreadable", reason: NO_HEADER };
  }

  /** Counts a line that has an interface id, and as many columns as the header. */
  private count(index: number, { status, isWellFormed }: LineReader): void {
    const { coverage, record } = this;
    if (status === "NODATA") coverage.noData++;
    else if (status === "SKIPDATA") coverage.skipData++;
    else if (index < 0) coverage.otherRecords++;
    else {
      coverage.lambdaRecords++;
      record.interface = index;
      if (isWellFormed) this.groups.add(record, this.lineNumber);
      else coverage.malformed++;
    }
  }

  private readColumns(line: string): void {
    const read = readHeader(line);
    this.beginning.become(this.view, 0, 0);
    this.conversations.forget();
    if (read.kind === "columns")
      this.layout = { ...read.columns, reader: new LineReader(read.columns, this.buffer) };
    else this.problem = read;
  }

  private text(from: number, to: number): string {
    return new TextDecoder().decode(this.buffer.subarray(from, to));
  }
}

/** `eni-` */
const ENI = 0x2d696e65;

/** From `from`, past so many separators; no further than `end`. */
const skip = (view: DataView, from: number, end: number, separators: number): number =>
  separators === 0 ? from : Math.min(cellsEnd(view, from, end, separators) + 1, end);

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

const NO_HEADER = "it has no flow log header, but lines too long to be one";

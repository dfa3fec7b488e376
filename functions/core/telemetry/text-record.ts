/**
 * Reads one line into a record, in one pass: what a cell means is told by its column.
 */
import { type AddressWords, readAddress, readIpv4 } from "./address-words";
import { cellEnd, cellsEnd } from "./byte-words";
import type { Conversation } from "./conversations";
import type { Columns } from "./flow-log-columns";
import {
  BAD,
  EARLIEST_SECONDS,
  type FlowRecord,
  MOST_FLAGS,
  MOST_PORT,
  MOST_PROTOCOL,
  NONE,
  secondsOfTime,
} from "./flow-log-record";
import type { KnownTail } from "./known-tail";
import { SharedTexts } from "./shared-texts";
import { ShortText } from "./short-text";
import { USUAL_COLUMNS, UsualColumns, usualColumn } from "./usual-columns";

const NEWLINE = 10;
const SPACE = 32;
const DASH = 45;
const ZERO = 48;
const THREE = 51;

// Columns by what is done with their cells. (No enum and no list: as single constants they are compiled into the code.)
// Small numbers and times, by their place in `numbers`:
const SOURCE_PORT = 0;
const DESTINATION_PORT = 1;
const PROTOCOL = 2;
const TCP_FLAGS = 3;
const START = 4;
const END = 5;
// Sums, which may need more than 32 bits, by their place in `sums` behind those.
const PACKETS = 6;
const BYTES = 7;
const OTHER = 8;
const SOURCE = 9;
const DESTINATION = 10;
const ACTION = 11;
const STATUS = 12;
const DIRECTION = 13;
const SERVICE = 14;

/** The most that each of the small numbers may be. */
const MOST = Int32Array.of(MOST_PORT, MOST_PORT, MOST_PROTOCOL, MOST_FLAGS);

export class LineReader {
  /** What the line read last holds besides its record. */
  status: "NODATA" | "SKIPDATA" | null = null;
  /** Whether each of its cells holds what its column holds. */
  isWellFormed = true;
  private readonly usual: UsualColumns;
  /** Whether the usual columns begin behind the interface's id, and nothing is read of what is before them. */
  readonly usualFollowsId: boolean;
  /** The first column behind them. */
  private readonly afterUsual: number;
  /** Behind them, how many columns stand before the TCP flags; negative where there are no flags. */
  private readonly beforeFlags: number;
  /** The first column that is read. */
  readonly first: number;
  private readonly kinds: Uint8Array;
  /** How many columns that are not read follow each other, by the first of them. */
  private readonly runs: Int32Array;
  private readonly hasOneTime: boolean;
  private readonly numbers = new Int32Array(6).fill(NONE);
  private readonly sums = new Float64Array(2);
  private readonly services = new SharedTexts();
  private readonly view: DataView;

  /** A reader of lines that stand in `bytes`, which must go on for some bytes after the last newline. */
  constructor(
    columns: Columns,
    private readonly bytes: Uint8Array,
  ) {
    this.kinds = kindsOf(columns);
    this.runs = runsOf(this.kinds);
    this.first = this.kinds.findIndex((kind) => kind !== OTHER);
    this.hasOneTime = columns.end === columns.start;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.usual = new UsualColumns(bytes, this.view);
    const first = usualColumn(columns);
    this.usualFollowsId = first === columns.interfaceId + 1 && first === this.first;
    this.afterUsual = first + USUAL_COLUMNS;
    this.beforeFlags = columns.tcpFlags - this.afterUsual;
  }

  /**
   * Fills `record` with a usual line of a conversation, which goes on behind both addresses at `from`. Gives where its
   * newline is; 0 if the line is not as most are, and has to be read as any is.
   */
  readUsual(from: number, conversation: Conversation, record: FlowRecord): number {
    conversation.fill(record);
    record.awsService = null;
    this.status = null;
    this.isWellFormed = true;
    const last = this.usual.read(from, record) | 0;
    if (last === 0) return 0;
    if (this.afterUsual < this.kinds.length) return this.readTail(last, conversation.tail, record);
    record.tcpFlags = NONE;
    return this.bytes[last] === NEWLINE ? last : 0;
  }

  /** What follows the usual columns, from where the last of them ends; gives where the newline is, or 0. */
  private readTail(from: number, tail: KnownTail, record: FlowRecord): number {
    const { bytes, view, beforeFlags } = this;
    const known = tail.read(bytes, view, from, beforeFlags, record) | 0;
    if (known !== 0) return known;
    if (bytes[from] !== SPACE) return 0;
    const newline = bytes.indexOf(NEWLINE, from);
    const byAddress = record.direction;
    record.direction = null;
    if (!this.readCells(from, newline, this.afterUsual, record)) return 0;
    if ((bytes[newline - 1] as number) <= SPACE) return 0;
    tail.become(view, from, newline, beforeFlags, record);
    record.tcpFlags = this.numbers[TCP_FLAGS] as number;
    record.direction ??= byAddress;
    return newline;
  }

  /**
   * Fills `record` (all but its interface) with what stands between `from`, where the cell before `column` ends, and `to`,
   * where the line's newline is. `false` if it has not as many columns as the header.
   */
  read(from: number, to: number, column: number, record: FlowRecord): boolean {
    const { numbers, sums } = this;
    this.status = null;
    this.isWellFormed = true;
    record.conversation = 0;
    record.rejected = false;
    record.direction = null;
    record.awsService = null;
    const isRead = this.readCells(from, to, column, record);
    record.tcpFlags = numbers[TCP_FLAGS] as number;
    record.sourcePort = numbers[SOURCE_PORT] as number;
    record.destinationPort = numbers[DESTINATION_PORT] as number;
    record.protocol = numbers[PROTOCOL] as number;
    record.start = numbers[START] as number;
    record.end = this.hasOneTime ? record.start : (numbers[END] as number);
    record.packets = sums[0] as number;
    record.bytes = sums[1] as number;
    return isRead;
  }

  /** The cells from `column` on; `false` if they are not as many as there are columns. */
  private readCells(from: number, to: number, column: number, record: FlowRecord): boolean {
    const { kinds, view } = this;
    const count = kinds.length;
    const end = to | 0;
    let at = from | 0;
    let index = column | 0;
    for (; index < count; index = (index + 1) | 0) {
      if (at >= end) return false;
      at = (at + 1) | 0;
      const kind = kinds[index] as number;
      if (kind < OTHER) at = this.readNumber(kind, at, end) | 0;
      else if (kind === OTHER) {
        const run = this.runs[index] as number;
        at = cellsEnd(view, at, end, run) | 0;
        index = (index + run - 1) | 0;
      } else if (kind === SOURCE) at = this.readAddress(at, end, record.source) | 0;
      else if (kind === DESTINATION) at = this.readAddress(at, end, record.destination) | 0;
      else at = this.readText(kind, at, end, record) | 0;
    }
    return at === end;
  }

  /** A cell that is a number, from its beginning on; gives where it ends, as the others do. */
  private readNumber(kind: number, from: number, end: number): number {
    const { bytes } = this;
    let at = from | 0;
    let value = 0;
    for (let digit = (bytes[at] as number) ^ ZERO; digit <= 9; digit = (bytes[at] as number) ^ ZERO) {
      value = (Math.imul(value, 10) + digit) | 0;
      at = (at + 1) | 0;
    }
    const length = (at - from) | 0;
    const isShort = length > 0 && length < 10;
    if (bytes[at] !== SPACE && at !== end) return this.readOdd(kind, from, end);
    if (kind < START) {
      if (!isShort || value > (MOST[kind] as number)) return this.readOdd(kind, from, end);
      this.numbers[kind] = value;
    } else if (kind < PACKETS) {
      // Below 3,000,000,000: a time that does not fit has become negative.
      if (length !== 10 || (bytes[from] as number) >= THREE || value < EARLIEST_SECONDS)
        return this.readOdd(kind, from, end);
      this.numbers[kind] = value;
    } else {
      if (!isShort) return this.readOdd(kind, from, end);
      this.sums[kind - PACKETS] = value;
    }
    return at;
  }

  /** A cell of a number that is not as most are: it has no value, or many digits, or is none. */
  private readOdd(kind: number, from: number, end: number): number {
    const { bytes, numbers, sums } = this;
    const to = cellEnd(this.view, from, end);
    const value = isDash(bytes, from, to) ? NONE : digits(bytes, from, to);
    if (value === BAD) this.isWellFormed = false;
    if (kind >= PACKETS) sums[kind - PACKETS] = Math.max(0, value);
    else {
      const number = kind < START ? upTo(MOST[kind] as number, value) : secondsOfTime(value);
      if (number === BAD) this.isWellFormed = false;
      numbers[kind] = number;
    }
    return to;
  }

  /** A cell that is neither number nor address. */
  private readText(kind: number, from: number, end: number, record: FlowRecord): number {
    const { bytes, view } = this;
    const to = cellEnd(view, from, end);
    if (kind === ACTION) record.rejected = isWord(view, from, to, REJECT);
    else if (kind === STATUS) {
      if (isWord(view, from, to, NODATA)) this.status = "NODATA";
      else if (isWord(view, from, to, SKIPDATA)) this.status = "SKIPDATA";
    } else if (kind === DIRECTION) {
      if (isWord(view, from, to, EGRESS)) record.direction = "egress";
      else if (isWord(view, from, to, INGRESS)) record.direction = "ingress";
    } else if (!isDash(bytes, from, to)) record.awsService = this.services.of(view, from, to);
    return to;
  }

  private readAddress(from: number, end: number, into: AddressWords): number {
    const { bytes, view } = this;
    const last = readIpv4(view, from, into);
    if (last > 0) return last;
    const to = cellEnd(view, from, end);
    if (isDash(bytes, from, to)) into.family = 0;
    else if (!readAddress(bytes, from, to, into)) this.isWellFormed = false;
    return to;
  }
}

/** What is done with the cells of each column. */
function kindsOf(columns: Columns): Uint8Array {
  const kinds = new Uint8Array(columns.count).fill(OTHER);
  const wanted: [number, number][] = [
    [columns.source, SOURCE],
    [columns.destination, DESTINATION],
    [columns.sourcePort, SOURCE_PORT],
    [columns.destinationPort, DESTINATION_PORT],
    [columns.protocol, PROTOCOL],
    [columns.packets, PACKETS],
    [columns.bytes, BYTES],
    [columns.end, END],
    [columns.start, START],
    [columns.action, ACTION],
    [columns.logStatus, STATUS],
    [columns.tcpFlags, TCP_FLAGS],
    [columns.direction, DIRECTION],
    [columns.awsService, SERVICE],
  ];
  for (const [column, kind] of wanted) if (column >= 0) kinds[column] = kind;
  return kinds;
}

function runsOf(kinds: Uint8Array): Int32Array {
  const runs = new Int32Array(kinds.length);
  for (let index = kinds.length - 1; index >= 0; index--)
    if (kinds[index] === OTHER) runs[index] = 1 + (runs[index + 1] ?? 0);
  return runs;
}

/** The number that so many digits are; `BAD` where there is anything else, or more of them than a double holds. */
function digits(bytes: Uint8Array, from: number, to: number): number {
  if (from === to || to - from > 15) return BAD;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = (bytes[at] as number) ^ ZERO;
    if (digit > 9) return BAD;
    value = value * 10 + digit;
  }
  return value;
}

const word = (text: string): ShortText => {
  const bytes = new TextEncoder().encode(text);
  const short = new ShortText();
  short.become(new DataView(bytes.buffer), 0, bytes.length);
  return short;
};
const REJECT = word("REJECT");
const EGRESS = word("egress");
const INGRESS = word("ingress");
const NODATA = word("NODATA");
const SKIPDATA = word("SKIPDATA");

/** A small number in its range. */
const upTo = (most: number, value: number) => (value <= most ? value : BAD);
const isDash = (bytes: Uint8Array, from: number, to: number) => bytes[from] === DASH && to === from + 1;

/** Whether a cell holds exactly this word. */
const isWord = (view: DataView, from: number, to: number, expected: ShortText) =>
  to - from === expected.length && expected.isAt(view, from);

/**
 * Reads one line into a record, in one pass: what a cell means is told by its column.
 */
import { cleanText } from "../text";
import { type AddressWords, readAddress, readIpv4 } from "./address-words";
import { ByteTable } from "./byte-table";
import { cellEnd, digitsIn, numberOf } from "./byte-words";
import type { Columns } from "./flow-log-columns";
import {
  BAD,
  type FlowRecord,
  isWellFormed,
  MOST_FLAGS,
  MOST_PORT,
  MOST_PROTOCOL,
  NONE,
  secondsOfTime,
} from "./flow-log-record";

/** What a line holds besides its record. */
export interface TextLine {
  /** Where its newline is; -1 if it has not as many columns as the header. */
  end: number;
  /** Where the interface id begins and ends. */
  idFrom: number;
  idTo: number;
  status: "NODATA" | "SKIPDATA" | null;
  /** Whether every cell holds what its column holds. */
  isWellFormed: boolean;
}

const NEWLINE = 10;
const SPACE = 32;
const DASH = 45;

// Columns by what is done with their cells. Those before OTHER are numbers, by their place in `numbers`. (No enum and no
// list: as single constants they are compiled into the code.)
const SOURCE_PORT = 0;
const DESTINATION_PORT = 1;
const PROTOCOL = 2;
const PACKETS = 3;
const BYTES = 4;
const START = 5;
const END = 6;
const TCP_FLAGS = 7;
const OTHER = 8;
const INTERFACE = 9;
const SOURCE = 10;
const DESTINATION = 11;
const ACTION = 12;
const STATUS = 13;
const DIRECTION = 14;
const SERVICE = 15;

export class LineReader {
  readonly line: TextLine = { end: 0, idFrom: 0, idTo: 0, status: null, isWellFormed: true };
  /** The first column that is read. */
  readonly first: number;
  private readonly kinds: Uint8Array;
  private readonly hasOneTime: boolean;
  private readonly numbers = new Float64Array(8).fill(NONE);
  private readonly services = new Texts();

  private readonly view: DataView;

  /** A reader of lines that stand in `bytes`, which must go on for some bytes after the last newline. */
  constructor(
    columns: Columns,
    private readonly bytes: Uint8Array,
  ) {
    this.kinds = kindsOf(columns);
    this.first = this.kinds.findIndex((kind) => kind !== OTHER);
    this.hasOneTime = columns.end === columns.start;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Fills `line` and `record` (all but its interface) from `from` on, where `column` begins. A newline must follow. */
  read(from: number, column: number, record: FlowRecord): void {
    const { kinds, bytes, view, line } = this;
    const count = kinds.length;
    line.status = null;
    line.isWellFormed = true;
    record.rejected = false;
    record.direction = null;
    record.awsService = null;
    let at = from;
    for (let index = column; ; index++) {
      const kind = kinds[index] as number;
      if (kind < OTHER) at = this.readNumber(kind, at);
      else if (kind === OTHER) at = cellEnd(view, at);
      else if (kind === SOURCE) at = this.readAddress(at, record.source);
      else if (kind === DESTINATION) at = this.readAddress(at, record.destination);
      else at = this.readText(kind, at, record);
      if (bytes[at] === NEWLINE) {
        line.end = index === count - 1 ? at : -1;
        break;
      }
      if (index === count - 1) {
        line.end = -1;
        return;
      }
      at++;
    }
    const { numbers } = this;
    record.sourcePort = upTo(MOST_PORT, numbers[SOURCE_PORT] as number);
    record.destinationPort = upTo(MOST_PORT, numbers[DESTINATION_PORT] as number);
    record.protocol = upTo(MOST_PROTOCOL, numbers[PROTOCOL] as number);
    record.packets = orZero(numbers[PACKETS] as number);
    record.bytes = orZero(numbers[BYTES] as number);
    record.start = secondsOfTime(numbers[START] as number);
    record.end = this.hasOneTime ? record.start : secondsOfTime(numbers[END] as number);
    record.tcpFlags = upTo(MOST_FLAGS, numbers[TCP_FLAGS] as number);
    if (!isWellFormed(record)) line.isWellFormed = false;
  }

  /** A cell that is a number, from its beginning on; gives where it ends, as the other two do. */
  private readNumber(kind: number, from: number): number {
    const { bytes, view } = this;
    let value = 0;
    let at = from;
    for (let count = 4; count === 4; at += count) {
      const word = view.getInt32(at, true);
      count = digitsIn(word);
      if (count > 0) value = value * (POWERS[count] as number) + numberOf(word, count);
    }
    const next = bytes[at] as number;
    if ((next !== SPACE && next !== NEWLINE) || at === from || at - from > 15) {
      at = cellEnd(view, at);
      value = isDash(bytes, from, at) ? NONE : BAD;
    }
    this.numbers[kind] = value;
    return at;
  }

  /** A cell that is neither number nor address. */
  private readText(kind: number, from: number, record: FlowRecord): number {
    const { bytes, line } = this;
    const to = cellEnd(this.view, from);
    if (kind === INTERFACE) {
      line.idFrom = from;
      line.idTo = to;
    } else if (kind === ACTION) record.rejected = isWord(bytes, from, to, REJECT);
    else if (kind === STATUS) {
      if (isWord(bytes, from, to, NODATA)) line.status = "NODATA";
      else if (isWord(bytes, from, to, SKIPDATA)) line.status = "SKIPDATA";
    } else if (kind === DIRECTION) {
      if (isWord(bytes, from, to, EGRESS)) record.direction = "egress";
      else if (isWord(bytes, from, to, INGRESS)) record.direction = "ingress";
    } else if (!isDash(bytes, from, to)) record.awsService = this.services.of(bytes, from, to);
    return to;
  }

  private readAddress(from: number, into: AddressWords): number {
    const { bytes, view } = this;
    const end = readIpv4(view, from, into);
    if (end > 0) return end;
    const to = cellEnd(view, from);
    if (isDash(bytes, from, to)) into.family = 0;
    else if (!readAddress(bytes, from, to, into)) this.line.isWellFormed = false;
    return to;
  }
}

/** What is done with the cells of each column. */
function kindsOf(columns: Columns): Uint8Array {
  const kinds = new Uint8Array(columns.count).fill(OTHER);
  const wanted: [number, number][] = [
    [columns.interfaceId, INTERFACE],
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

/** Powers of ten. */
const POWERS = [1, 10, 100, 1_000, 10_000];

const word = (text: string) => new TextEncoder().encode(text);
const REJECT = word("REJECT");
const EGRESS = word("egress");
const INGRESS = word("ingress");
const NODATA = word("NODATA");
const SKIPDATA = word("SKIPDATA");

const orZero = (value: number) => (value === NONE ? 0 : value);
/** A small integer (`| 0`), which is passed on without being put into an object of its own, as a double is. */
const upTo = (most: number, value: number) => (value <= most ? value | 0 : BAD);
const isDash = (bytes: Uint8Array, from: number, to: number) => bytes[from] === DASH && to === from + 1;

/** Whether a cell holds exactly this word. */
function isWord(bytes: Uint8Array, from: number, to: number, expected: Uint8Array): boolean {
  if (to - from !== expected.length) return false;
  for (let i = 0; i < expected.length; i++) if (bytes[from + i] !== expected[i]) return false;
  return true;
}

const MOST_TEXTS = 1_024;

/** Gives the same string for the same bytes, so that a record makes none: there are few services. */
class Texts {
  private readonly table = new ByteTable();
  private readonly texts: (string | null)[] = [];

  of(bytes: Uint8Array, from: number, to: number): string | null {
    const known = this.table.find(bytes, from, to);
    if (known >= 0) return this.texts[known] as string | null;
    const text = cleanText(new TextDecoder().decode(bytes.subarray(from, to)), 64) || null;
    if (this.table.size < MOST_TEXTS) {
      this.table.add(bytes, from, to);
      this.texts.push(text);
    }
    return text;
  }
}

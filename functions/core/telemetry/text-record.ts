/** Reads the cells of one line into a record. */
import { cleanText } from "../text";
import { type AddressWords, readAddress } from "./address-words";
import { byteTable } from "./byte-table";
import type { Columns } from "./flow-log-columns";
import {
  BAD,
  type FlowRecord,
  isWellFormed,
  MOST_COUNT,
  MOST_FLAGS,
  MOST_PORT,
  MOST_PROTOCOL,
  NONE,
  secondsOfTime,
} from "./flow-log-record";

/** Where the cells of a line begin: cell `i` ends one byte before cell `i + 1` begins. */
export type Cells = Int32Array;

export interface RecordReader {
  /** Fills `record`, all but its interface; `false` if a cell does not hold what its column holds. */
  read(bytes: Uint8Array, cells: Cells, at: Columns, record: FlowRecord): boolean;
}

export function recordReader(): RecordReader {
  const services = internedTexts();
  return {
    read(bytes, cells, at, record) {
      if (!address(bytes, cells, at.source, record.source)) return false;
      if (!address(bytes, cells, at.destination, record.destination)) return false;
      record.sourcePort = number(bytes, cells, at.sourcePort, MOST_PORT);
      record.destinationPort = number(bytes, cells, at.destinationPort, MOST_PORT);
      record.protocol = number(bytes, cells, at.protocol, MOST_PROTOCOL);
      record.packets = orZero(number(bytes, cells, at.packets, MOST_COUNT));
      record.bytes = orZero(number(bytes, cells, at.bytes, MOST_COUNT));
      record.start = secondsOfTime(number(bytes, cells, at.start, MOST_COUNT));
      record.end =
        at.end === at.start ? record.start : secondsOfTime(number(bytes, cells, at.end, MOST_COUNT));
      record.tcpFlags = number(bytes, cells, at.tcpFlags, MOST_FLAGS);
      if (!isWellFormed(record)) return false;
      record.rejected = isWord(bytes, cells, at.action, REJECT);
      record.direction = isWord(bytes, cells, at.direction, EGRESS)
        ? "egress"
        : isWord(bytes, cells, at.direction, INGRESS)
          ? "ingress"
          : null;
      record.awsService = isKnown(bytes, cells, at.awsService)
        ? services(bytes, start(cells, at.awsService), end(cells, at.awsService))
        : null;
      return true;
    },
  };
}

const DASH = 45;
const word = (text: string) => new TextEncoder().encode(text);
const [REJECT, EGRESS, INGRESS] = [word("REJECT"), word("egress"), word("ingress")];

const start = (cells: Cells, column: number) => cells[column] as number;
const end = (cells: Cells, column: number) => (cells[column + 1] as number) - 1;
const orZero = (value: number) => (value === NONE ? 0 : value);

/** Whether the column is there, and holds more than `-`. */
function isKnown(bytes: Uint8Array, cells: Cells, column: number): boolean {
  if (column < 0) return false;
  const from = start(cells, column);
  return bytes[from] !== DASH || end(cells, column) !== from + 1;
}

/** Whether a cell holds exactly this word. */
export function isWord(bytes: Uint8Array, cells: Cells, column: number, expected: Uint8Array): boolean {
  if (column < 0) return false;
  const from = start(cells, column);
  if (end(cells, column) - from !== expected.length) return false;
  for (let i = 0; i < expected.length; i++) if (bytes[from + i] !== expected[i]) return false;
  return true;
}

function address(bytes: Uint8Array, cells: Cells, column: number, into: AddressWords): boolean {
  if (isKnown(bytes, cells, column))
    return readAddress(bytes, start(cells, column), end(cells, column), into);
  into.family = 0;
  return true;
}

const MOST_DIGITS = 15;

/** A number of 1 to 15 digits, and at most `most`. */
function number(bytes: Uint8Array, cells: Cells, column: number, most: number): number {
  if (!isKnown(bytes, cells, column)) return NONE;
  const from = start(cells, column);
  const to = end(cells, column);
  if (to === from || to - from > MOST_DIGITS) return BAD;
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = (bytes[i] as number) - 48;
    if (digit < 0 || digit > 9) return BAD;
    value = value * 10 + digit;
  }
  return value <= most ? value : BAD;
}

const MOST_TEXTS = 1_024;

/** Gives the same string for the same bytes, so that a record makes none: there are few services. */
function internedTexts(): (bytes: Uint8Array, from: number, to: number) => string | null {
  const table = byteTable();
  const texts: (string | null)[] = [];
  const text = (bytes: Uint8Array, from: number, to: number) =>
    cleanText(new TextDecoder().decode(bytes.subarray(from, to)), 64) || null;
  return (bytes, from, to) => {
    const known = table.find(bytes, from, to);
    if (known >= 0) return texts[known] as string | null;
    if (table.size >= MOST_TEXTS) return text(bytes, from, to);
    table.add(bytes, from, to);
    texts.push(text(bytes, from, to));
    return texts[texts.length - 1] as string | null;
  };
}

/**
 * Reads flow logs that come in columns, as Parquet has them: the same fields, the same flows as from text. How the file is
 * read is another's matter: here come columns of decoded values.
 */
import { cleanText } from "../text";
import { type AddressWords, readAddress } from "./address-words";
import { FlowGroups } from "./flow-groups";
import { emptyCoverage, type FlowLogScan, type LambdaInterfaces, type ScanLimits } from "./flow-log";
import {
  BAD,
  emptyRecord,
  type FlowRecord,
  isWellFormed,
  MOST_COUNT,
  MOST_FLAGS,
  MOST_PORT,
  MOST_PROTOCOL,
  NONE,
  secondsOfTime,
} from "./flow-log-record";
import { InterfaceTable } from "./interface-table";

/** Numbers, one a row: `NONE` where a row has none, `BAD` for one below zero. */
export type NumberColumn = Float64Array;

/** Texts, many of which are the same in many rows. */
export interface TextColumn {
  /** Which text each row has; -1 for none. */
  readonly ofRow: Int32Array;
  /** Text `i` is in `bytes` from `starts[i]` up to `ends[i]`. */
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Some rows; a column that the format lacks is `null`. */
export interface Rows {
  readonly count: number;
  /** Rows of the object before these. */
  readonly before: number;
  readonly interfaceId: TextColumn;
  readonly logStatus: TextColumn | null;
  /** `null` where no row is of an interface of ours. */
  readonly fields: RowFields | null;
}

/** What is read of records of ours. */
export interface RowFields {
  readonly source: TextColumn;
  readonly destination: TextColumn;
  readonly action: TextColumn | null;
  readonly direction: TextColumn | null;
  readonly awsService: TextColumn | null;
  readonly sourcePort: NumberColumn | null;
  readonly destinationPort: NumberColumn | null;
  readonly protocol: NumberColumn | null;
  readonly packets: NumberColumn | null;
  readonly bytes: NumberColumn | null;
  readonly start: NumberColumn;
  readonly end: NumberColumn;
  readonly tcpFlags: NumberColumn | null;
}

export interface FlowLogRowScanner {
  /** Whether one of these ids is of an interface of ours: if none is, the rest of their rows need not be decoded. */
  hasOurs(interfaceId: TextColumn): boolean;
  /** Counts rows; the evidence of a flow is the number of its row, from 1. */
  add(rows: Rows): void;
  end(problem: FlowLogScan["problem"]): FlowLogScan;
}

export function flowLogRowScanner(interfaces: LambdaInterfaces, limits: ScanLimits): FlowLogRowScanner {
  const coverage = emptyCoverage();
  const known = new InterfaceTable(interfaces);
  const groups = new FlowGroups(known, coverage, limits);
  const record = emptyRecord();

  /** The index of an interface of ours, -1 for another's id, `BAD` for what is no id. */
  function interfaceOf(bytes: Uint8Array, from: number, to: number): number {
    const isId =
      bytes[from] === 101 && bytes[from + 1] === 110 && bytes[from + 2] === 105 && bytes[from + 3] === DASH;
    if (to - from < 4 || !isId) return isDash(bytes, from, to) ? -1 : BAD;
    return known.find(bytes, from, to);
  }

  return {
    hasOurs: (interfaceId) => eachText(interfaceId, interfaceOf).some((index) => index >= 0),
    add({ count, before, interfaceId, logStatus, fields }) {
      const interfaces = eachText(interfaceId, interfaceOf);
      const statuses = logStatus && eachText(logStatus, decoded);
      const reader = fields && new FieldReader(fields);
      for (let row = 0; row < count; row++) {
        coverage.records++;
        const index = interfaces[interfaceId.ofRow[row] as number] ?? BAD;
        const status = statuses?.[logStatus?.ofRow[row] as number];
        if (index === BAD) coverage.malformed++;
        else if (status === "NODATA") coverage.noData++;
        else if (status === "SKIPDATA") coverage.skipData++;
        else if (index < 0 || reader === null) coverage.otherRecords++;
        else {
          coverage.lambdaRecords++;
          record.interface = index;
          if (reader.read(row, record)) groups.add(record, before + row + 1);
          else coverage.malformed++;
        }
      }
    },
    end: (problem) => ({ flows: groups.flows(), coverage, problem }),
  };
}

/** Fills a record from the rows of some columns. What a text means is found out once for all rows that have it. */
class FieldReader {
  private readonly actions: (string | undefined)[];
  private readonly directions: (string | undefined)[];
  private readonly services: (string | null)[];

  constructor(private readonly fields: RowFields) {
    const { action, direction, awsService } = fields;
    this.actions = action ? eachText(action, decoded) : [];
    this.directions = direction ? eachText(direction, decoded) : [];
    this.services = awsService ? eachText(awsService, serviceOf) : [];
  }

  /** `false` where a cell holds what its column cannot. */
  read(row: number, record: FlowRecord): boolean {
    const { fields } = this;
    if (!readAddressCell(fields.source, row, record.source)) return false;
    if (!readAddressCell(fields.destination, row, record.destination)) return false;
    record.sourcePort = number(fields.sourcePort, row, MOST_PORT);
    record.destinationPort = number(fields.destinationPort, row, MOST_PORT);
    record.protocol = number(fields.protocol, row, MOST_PROTOCOL);
    record.packets = orZero(number(fields.packets, row, MOST_COUNT));
    record.bytes = orZero(number(fields.bytes, row, MOST_COUNT));
    record.start = secondsOfTime(number(fields.start, row, MOST_COUNT));
    record.end = secondsOfTime(number(fields.end, row, MOST_COUNT));
    record.tcpFlags = number(fields.tcpFlags, row, MOST_FLAGS);
    record.rejected = this.actions[textOf(fields.action, row)] === "REJECT";
    const direction = this.directions[textOf(fields.direction, row)];
    record.direction = direction === "egress" || direction === "ingress" ? direction : null;
    record.awsService = this.services[textOf(fields.awsService, row)] ?? null;
    return isWellFormed(record);
  }
}

const DASH = 45;
const isDash = (bytes: Uint8Array, from: number, to: number) => to - from === 1 && bytes[from] === DASH;
const orZero = (value: number) => (value === NONE ? 0 : value);
const textOf = (column: TextColumn | null, row: number) => (column?.ofRow[row] ?? -1) as number;

/** What each text of a column means, by its number. */
function eachText<T>(
  { bytes, starts, ends }: TextColumn,
  meaning: (bytes: Uint8Array, from: number, to: number) => T,
): T[] {
  const meanings: T[] = [];
  for (let i = 0; i < starts.length; i++) {
    meanings.push(meaning(bytes, starts[i] as number, ends[i] as number));
  }
  return meanings;
}

const decoder = new TextDecoder();
const decoded = (bytes: Uint8Array, from: number, to: number) => decoder.decode(bytes.subarray(from, to));

function serviceOf(bytes: Uint8Array, from: number, to: number): string | null {
  return isDash(bytes, from, to) ? null : cleanText(decoded(bytes, from, to), 64) || null;
}

function readAddressCell(column: TextColumn, row: number, into: AddressWords): boolean {
  const text = textOf(column, row);
  const from = column.starts[text] as number;
  const to = column.ends[text] as number;
  into.family = 0;
  if (text < 0 || isDash(column.bytes, from, to)) return true;
  return readAddress(column.bytes, from, to, into);
}

function number(column: NumberColumn | null, row: number, most: number): number {
  const value = column === null ? NONE : (column[row] as number);
  return value <= most ? value : BAD;
}

/**
 * Reads flow logs that come in columns, as Parquet has them: the same fields, the same flows as from text. How the file is
 * read is another's matter: here come columns of decoded values.
 */
import { cleanText } from "../text";
import { type AddressWords, noAddress, readAddress } from "./address-words";
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
    return known.find(alone(bytes, from, to), 0, to - from);
  }

  return {
    hasOurs({ bytes, starts, ends }) {
      for (let text = 0; text < starts.length; text++) {
        if (interfaceOf(bytes, starts[text] as number, ends[text] as number) >= 0) return true;
      }
      return false;
    },
    add({ count, before, interfaceId, logStatus, fields }) {
      const interfaces = new Meanings(interfaceId, interfaceOf);
      const statuses = new Meanings(logStatus, decoded);
      const reader = fields && new FieldReader(fields);
      for (let row = 0; row < count; row++) {
        coverage.records++;
        const index = interfaces.of(row) ?? BAD;
        const status = statuses.of(row);
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
  private readonly actions: Meanings<string>;
  private readonly directions: Meanings<string>;
  private readonly services: Meanings<string | null>;
  private readonly sources: Meanings<AddressWords | null>;
  private readonly destinations: Meanings<AddressWords | null>;

  constructor(private readonly fields: RowFields) {
    this.actions = new Meanings(fields.action, decoded);
    this.directions = new Meanings(fields.direction, decoded);
    this.services = new Meanings(fields.awsService, serviceOf);
    this.sources = new Meanings(fields.source, addressOf);
    this.destinations = new Meanings(fields.destination, addressOf);
  }

  /** `false` where a cell holds what its column cannot. */
  read(row: number, record: FlowRecord): boolean {
    const { fields } = this;
    const source = this.sources.of(row);
    const destination = this.destinations.of(row);
    if (source === null || destination === null) return false;
    record.source = source ?? NO_ADDRESS;
    record.destination = destination ?? NO_ADDRESS;
    record.sourcePort = small(fields.sourcePort, row, MOST_PORT);
    record.destinationPort = small(fields.destinationPort, row, MOST_PORT);
    record.protocol = small(fields.protocol, row, MOST_PROTOCOL);
    record.packets = orZero(number(fields.packets, row, MOST_COUNT));
    record.bytes = orZero(number(fields.bytes, row, MOST_COUNT));
    record.start = secondsOfTime(number(fields.start, row, MOST_COUNT));
    record.end = secondsOfTime(number(fields.end, row, MOST_COUNT));
    record.tcpFlags = small(fields.tcpFlags, row, MOST_FLAGS);
    record.rejected = this.actions.of(row) === "REJECT";
    const direction = this.directions.of(row);
    record.direction = direction === "egress" || direction === "ingress" ? direction : null;
    record.awsService = this.services.of(row) ?? null;
    return isWellFormed(record);
  }
}

type Meaning<T> = (bytes: Uint8Array, from: number, to: number) => T;

/** What the texts of a column mean, each asked for when a row first has it. */
class Meanings<T> {
  private readonly known: (T | undefined)[];

  constructor(
    private readonly column: TextColumn | null,
    private readonly meaning: Meaning<T>,
  ) {
    this.known = new Array(column?.starts.length ?? 0);
  }

  /** `undefined` for no text. */
  of(row: number): T | undefined {
    const { column, known } = this;
    const text = column === null ? -1 : (column.ofRow[row] as number);
    if (column === null || text < 0) return undefined;
    const before = known[text];
    if (before !== undefined) return before;
    const meaning = this.meaning(column.bytes, column.starts[text] as number, column.ends[text] as number);
    known[text] = meaning;
    return meaning;
  }
}

/** Some bytes, and a few more behind them. */
function alone(bytes: Uint8Array, from: number, to: number): DataView {
  const copy = new Uint8Array(to - from + 16);
  copy.set(bytes.subarray(from, to));
  return new DataView(copy.buffer);
}

const DASH = 45;
const isDash = (bytes: Uint8Array, from: number, to: number) => to - from === 1 && bytes[from] === DASH;
const orZero = (value: number) => (value === NONE ? 0 : value);
const decoder = new TextDecoder();
const decoded = (bytes: Uint8Array, from: number, to: number) => decoder.decode(bytes.subarray(from, to));

function serviceOf(bytes: Uint8Array, from: number, to: number): string | null {
  return isDash(bytes, from, to) ? null : cleanText(decoded(bytes, from, to), 64) || null;
}

const NO_ADDRESS = noAddress();

/** `null` where a text is no address. */
function addressOf(bytes: Uint8Array, from: number, to: number): AddressWords | null {
  if (isDash(bytes, from, to)) return NO_ADDRESS;
  const address = noAddress();
  return readAddress(bytes, from, to, address) ? address : null;
}

function number(column: NumberColumn | null, row: number, most: number): number {
  const value = column === null ? NONE : (column[row] as number);
  return value <= most ? value : BAD;
}

/** `| 0`: a small integer is passed on without being put into an object of its own, as a double is. */
const small = (column: NumberColumn | null, row: number, most: number) => number(column, row, most) | 0;

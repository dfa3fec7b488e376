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

/** Some rows, as far as it takes to tell whose they are; a column that the format lacks is `null`. */
export interface Rows {
  readonly count: number;
  /** Rows of the object before these. */
  readonly before: number;
  readonly interfaceId: TextColumn;
  readonly logStatus: TextColumn | null;
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

/** Rows that are records of ours. */
export interface OurRows {
  /** Ascending, from 0. */
  readonly rows: Int32Array;
  /** Of each the index of its interface. */
  readonly interfaces: Int32Array;
  /** Rows of the object before the first of these rows. */
  readonly before: number;
}

export interface FlowLogRowScanner {
  /** Counts rows, and gives those that are records of ours: only of these the other columns need be decoded. */
  ours(rows: Rows): OurRows;
  /** Counts records of ours: each column has a value for each. The evidence of a flow is the number of its row, from 1. */
  add(ours: OurRows, fields: RowFields): void;
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
    ours({ count, before, interfaceId, logStatus }) {
      const interfaces = new Meanings(interfaceId, interfaceOf);
      const statuses = new Meanings(logStatus, statusOf);
      const rows = new Int32Array(count);
      const indices = new Int32Array(count);
      let found = 0;
      coverage.records += count;
      for (let row = 0; row < count; row++) {
        const index = interfaces.of(row) ?? BAD;
        const status = statuses.of(row);
        if (index === BAD) coverage.malformed++;
        else if (status === NO_DATA) coverage.noData++;
        else if (status === SKIP_DATA) coverage.skipData++;
        else if (index < 0) coverage.otherRecords++;
        else {
          rows[found] = row;
          indices[found++] = index;
        }
      }
      coverage.lambdaRecords += found;
      return { rows: rows.subarray(0, found), interfaces: indices, before };
    },
    add({ rows, interfaces, before }, fields) {
      const reader = new FieldReader(fields);
      for (let i = 0; i < rows.length; i++) {
        record.interface = interfaces[i] as number;
        if (reader.read(i, record)) groups.add(record, before + (rows[i] as number) + 1);
        else coverage.malformed++;
      }
    },
    end: (problem) => ({ flows: groups.flows(), coverage, problem }),
  };
}

const OK = 0;
const NO_DATA = 1;
const SKIP_DATA = 2;

function statusOf(bytes: Uint8Array, from: number, to: number): number {
  const status = decoded(bytes, from, to);
  if (status === "NODATA") return NO_DATA;
  return status === "SKIPDATA" ? SKIP_DATA : OK;
}

/** Fills a record from the rows of some columns. What a text means is found out once for all rows that have it. */
class FieldReader {
  private readonly rejections: Meanings<boolean>;
  private readonly directions: Meanings<FlowRecord["direction"]>;
  private readonly services: Meanings<string | null>;
  private readonly sources: Meanings<AddressWords | null>;
  private readonly destinations: Meanings<AddressWords | null>;

  private readonly sourcePorts: NumberColumn;
  private readonly destinationPorts: NumberColumn;
  private readonly protocols: NumberColumn;
  private readonly packets: NumberColumn;
  private readonly bytes: NumberColumn;
  private readonly starts: NumberColumn;
  private readonly ends: NumberColumn;
  private readonly flags: NumberColumn;

  constructor(fields: RowFields) {
    const none = new Float64Array(fields.start.length).fill(NONE);
    this.sourcePorts = fields.sourcePort ?? none;
    this.destinationPorts = fields.destinationPort ?? none;
    this.protocols = fields.protocol ?? none;
    this.packets = fields.packets ?? none;
    this.bytes = fields.bytes ?? none;
    this.starts = fields.start;
    this.ends = fields.end;
    this.flags = fields.tcpFlags ?? none;
    this.rejections = new Meanings(fields.action, isRejection);
    this.directions = new Meanings(fields.direction, directionOf);
    this.services = new Meanings(fields.awsService, serviceOf);
    this.sources = new Meanings(fields.source, addressOf);
    this.destinations = new Meanings(fields.destination, addressOf);
  }

  /** `false` where a cell holds what its column cannot. */
  read(row: number, record: FlowRecord): boolean {
    const source = this.sources.of(row);
    const destination = this.destinations.of(row);
    if (source === null || destination === null) return false;
    record.source = source ?? NO_ADDRESS;
    record.destination = destination ?? NO_ADDRESS;
    record.sourcePort = small(MOST_PORT, this.sourcePorts[row] as number);
    record.destinationPort = small(MOST_PORT, this.destinationPorts[row] as number);
    record.protocol = small(MOST_PROTOCOL, this.protocols[row] as number);
    record.packets = orZero(upTo(MOST_COUNT, this.packets[row] as number));
    record.bytes = orZero(upTo(MOST_COUNT, this.bytes[row] as number));
    record.start = secondsOfTime(upTo(MOST_COUNT, this.starts[row] as number));
    record.end = secondsOfTime(upTo(MOST_COUNT, this.ends[row] as number));
    record.tcpFlags = small(MOST_FLAGS, this.flags[row] as number);
    record.rejected = this.rejections.of(row) ?? false;
    record.direction = this.directions.of(row) ?? null;
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

const isRejection = (bytes: Uint8Array, from: number, to: number) => decoded(bytes, from, to) === "REJECT";

function directionOf(bytes: Uint8Array, from: number, to: number): FlowRecord["direction"] {
  const direction = decoded(bytes, from, to);
  return direction === "egress" || direction === "ingress" ? direction : null;
}

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

const upTo = (most: number, value: number) => (value <= most ? value : BAD);

/** `| 0`: a small integer is passed on without being put into an object of its own, as a double is. */
const small = (most: number, value: number) => upTo(most, value) | 0;

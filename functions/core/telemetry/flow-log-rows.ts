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
  isWellFormed,
  MOST_COUNT,
  MOST_FLAGS,
  MOST_PORT,
  MOST_PROTOCOL,
  NONE,
  secondsOfTime,
} from "./flow-log-record";
import { InterfaceTable } from "./interface-table";

/** The values of one column; what is missing is `null` or `undefined`. */
export type Values = ArrayLike<unknown>;

/** Some rows: one value of each column a row; a column that the format lacks is `null`. */
export interface Rows {
  readonly count: number;
  /** Rows of the object before these. */
  readonly before: number;
  /** From `interfaceOf`. */
  readonly interfaces: Values;
  /** Bytes of text: most are of interfaces that are not ours, and stay as they are. */
  readonly source: Values;
  readonly destination: Values;
  /** Text. */
  readonly action: Values | null;
  readonly logStatus: Values | null;
  readonly direction: Values | null;
  readonly awsService: Values | null;
  /** Numbers, also as bigints. */
  readonly sourcePort: Values | null;
  readonly destinationPort: Values | null;
  readonly protocol: Values | null;
  readonly packets: Values | null;
  readonly bytes: Values | null;
  readonly start: Values;
  readonly end: Values;
  readonly tcpFlags: Values | null;
}

export interface FlowLogRowScanner {
  /** What stands for an interface id: an index, or less than 0 if it is none of ours. */
  interfaceOf(bytes: Uint8Array): number;
  /** Counts rows; the evidence of a flow is the number of its row, from 1. */
  add(rows: Rows): void;
  end(problem: FlowLogScan["problem"]): FlowLogScan;
}

export function flowLogRowScanner(interfaces: LambdaInterfaces, limits: ScanLimits): FlowLogRowScanner {
  const coverage = emptyCoverage();
  const known = new InterfaceTable(interfaces);
  const groups = new FlowGroups(known, coverage, limits);
  const record = emptyRecord();

  function read(rows: Rows, row: number): boolean {
    if (!readAddressCell(rows.source[row], record.source)) return false;
    if (!readAddressCell(rows.destination[row], record.destination)) return false;
    record.sourcePort = number(rows.sourcePort, row, MOST_PORT);
    record.destinationPort = number(rows.destinationPort, row, MOST_PORT);
    record.protocol = number(rows.protocol, row, MOST_PROTOCOL);
    record.packets = orZero(number(rows.packets, row, MOST_COUNT));
    record.bytes = orZero(number(rows.bytes, row, MOST_COUNT));
    record.start = secondsOfTime(number(rows.start, row, MOST_COUNT));
    record.end = secondsOfTime(number(rows.end, row, MOST_COUNT));
    record.tcpFlags = number(rows.tcpFlags, row, MOST_FLAGS);
    record.rejected = rows.action?.[row] === "REJECT";
    const direction = rows.direction?.[row];
    record.direction = direction === "egress" || direction === "ingress" ? direction : null;
    const service = rows.awsService?.[row];
    record.awsService =
      typeof service === "string" && service !== "-" ? cleanText(service, 64) || null : null;
    return isWellFormed(record);
  }

  return {
    interfaceOf(bytes) {
      const isId = bytes[0] === 101 && bytes[1] === 110 && bytes[2] === 105 && bytes[3] === 45;
      if (!isId && !isDash(bytes)) return BAD;
      return known.find(bytes, 0, bytes.length);
    },
    add(rows) {
      for (let row = 0; row < rows.count; row++) {
        coverage.records++;
        const index = (rows.interfaces[row] as number | null | undefined) ?? BAD;
        const status = rows.logStatus?.[row];
        if (index === BAD) coverage.malformed++;
        else if (status === "NODATA") coverage.noData++;
        else if (status === "SKIPDATA") coverage.skipData++;
        else if (index < 0) coverage.otherRecords++;
        else {
          coverage.lambdaRecords++;
          record.interface = index;
          if (read(rows, row)) groups.add(record, rows.before + row + 1);
          else coverage.malformed++;
        }
      }
    },
    end: (problem) => ({ flows: groups.flows(), coverage, problem }),
  };
}

const isDash = (bytes: Uint8Array) => bytes.length === 1 && bytes[0] === 45;
const orZero = (value: number) => (value === NONE ? 0 : value);

function readAddressCell(bytes: unknown, into: AddressWords): boolean {
  into.family = 0;
  if (!(bytes instanceof Uint8Array) || isDash(bytes)) return true;
  return readAddress(bytes, 0, bytes.length, into);
}

function number(values: Values | null, row: number, most: number): number {
  const value = values?.[row];
  if (value === null || value === undefined) return NONE;
  const amount = typeof value === "bigint" ? Number(value) : value;
  return typeof amount === "number" && Number.isInteger(amount) && amount >= 0 && amount <= most
    ? amount
    : BAD;
}

/** One flow log record, from the cells of its line. */
import { canonicalAddress } from "../address";
import { cleanText } from "../text";
import type { Columns } from "./flow-log-columns";

/** A field is `null` where the record has `-` (AWS did not know) or the format lacks the column. */
export interface FlowRecord {
  readonly interfaceId: string;
  /** Canonical addresses. */
  readonly source: string | null;
  readonly destination: string | null;
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  /** IANA protocol number. */
  readonly protocol: number | null;
  readonly packets: number;
  readonly bytes: number;
  /** Seconds since 1970. */
  readonly start: number | null;
  readonly end: number | null;
  readonly rejected: boolean;
  /** OR of the TCP flags over the aggregation interval, one direction: 2 is SYN, 18 SYN and ACK; a lone ACK is 0. */
  readonly tcpFlags: number | null;
  readonly direction: "egress" | "ingress" | null;
  readonly awsService: string | null;
}

/** Times above are in milliseconds: seen in real logs, against the documentation. */
const LATEST_SECONDS = 2_147_483_647;
/** 2014-11-13, when Lambda was announced. */
const EARLIEST_SECONDS = 1_415_836_800;

/** Reads a record with log status OK; `null` if a cell does not hold what its column holds. */
export function readRecord(cells: readonly string[], at: Columns): FlowRecord | null {
  let wellFormed = true;

  const cell = (column: number): string | null => {
    const text = cells[column];
    return text === undefined || text === "-" ? null : text;
  };
  const number = (column: number): number | null => {
    const text = cell(column);
    if (text === null) return null;
    wellFormed &&= /^\d{1,15}$/.test(text);
    return Number(text);
  };
  const address = (column: number): string | null => {
    const text = cell(column);
    if (text === null) return null;
    const canonical = canonicalAddress(text);
    wellFormed &&= canonical !== null;
    return canonical;
  };
  const time = (column: number): number | null => {
    const value = number(column);
    if (value === null) return null;
    const seconds = value <= LATEST_SECONDS ? value : Math.floor(value / 1000);
    wellFormed &&= seconds >= EARLIEST_SECONDS && seconds <= LATEST_SECONDS;
    return seconds;
  };

  const direction = cell(at.direction);
  const service = cell(at.awsService);
  const record: FlowRecord = {
    interfaceId: cells[at.interfaceId] as string,
    source: address(at.source),
    destination: address(at.destination),
    sourcePort: number(at.sourcePort),
    destinationPort: number(at.destinationPort),
    protocol: number(at.protocol),
    packets: number(at.packets) ?? 0,
    bytes: number(at.bytes) ?? 0,
    start: time(at.start),
    end: time(at.end),
    rejected: cell(at.action) === "REJECT",
    tcpFlags: number(at.tcpFlags),
    direction: direction === "egress" || direction === "ingress" ? direction : null,
    awsService: service && cleanText(service, 64),
  };
  return wellFormed ? record : null;
}

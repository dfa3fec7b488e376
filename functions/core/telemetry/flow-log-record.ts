/**
 * One flow log record on a Lambda interface, in numbers. There is one such object for a whole scan, written over with
 * every record: text and Parquet fill it, `flowGroups` counts it.
 */
import { type AddressWords, noAddress } from "./address-words";

/** What stands for a number that the record does not have: `-`, or no such column. */
export const NONE = -1;
/** What stands for a number that is none, or is out of its range. */
export const BAD = -2;

export interface FlowRecord {
  /** Index in the table of known interfaces. */
  interface: number;
  /** The number of its conversation, where that is known; 0 where it is not. */
  conversation: number;
  source: AddressWords;
  destination: AddressWords;
  /** Numbers are `NONE` where AWS did not know, or the format lacks the column. */
  sourcePort: number;
  destinationPort: number;
  /** IANA protocol number. */
  protocol: number;
  /** 0 where the record does not tell. */
  packets: number;
  bytes: number;
  /** Seconds since 1970. */
  start: number;
  end: number;
  rejected: boolean;
  /** OR of the TCP flags over the aggregation interval, one direction: 2 is SYN, 18 SYN and ACK; a lone ACK is 0. */
  tcpFlags: number;
  direction: "egress" | "ingress" | null;
  awsService: string | null;
}

export const emptyRecord = (): FlowRecord => ({
  interface: 0,
  conversation: 0,
  source: noAddress(),
  destination: noAddress(),
  sourcePort: NONE,
  destinationPort: NONE,
  protocol: NONE,
  packets: 0,
  bytes: 0,
  start: NONE,
  end: NONE,
  rejected: false,
  tcpFlags: NONE,
  direction: null,
  awsService: null,
});

export const MOST_PORT = 65_535;
export const MOST_PROTOCOL = 255;
export const MOST_FLAGS = 65_535;
/** Of what a number may have: 15 digits, all of which a double holds. */
export const MOST_COUNT = 999_999_999_999_999;

/** Times above are in milliseconds: seen in real logs, against the documentation. */
const LATEST_SECONDS = 2_147_483_647;
/** 2014-11-13, when Lambda was announced. */
export const EARLIEST_SECONDS = 1_415_836_800;

/** Seconds since 1970 of a time in seconds or milliseconds; `BAD` for a time at which there was no Lambda. */
export function secondsOfTime(time: number): number {
  if (time < 0) return time | 0;
  const seconds = time <= LATEST_SECONDS ? time : Math.floor(time / 1000);
  return seconds >= EARLIEST_SECONDS && seconds <= LATEST_SECONDS ? seconds | 0 : BAD;
}

/** Whether every number of a record is one. */
export const isWellFormed = (record: FlowRecord): boolean =>
  record.sourcePort !== BAD &&
  record.destinationPort !== BAD &&
  record.protocol !== BAD &&
  record.packets !== BAD &&
  record.bytes !== BAD &&
  record.start !== BAD &&
  record.end !== BAD &&
  record.tcpFlags !== BAD;

/**
 * What is read from one VPC flow log object: its flows on Lambda interfaces, grouped, and how much of it could be used.
 *
 * A scanner takes bytes and gives groups, never records: its memory grows with distinct (interface, peer, port, hour),
 * and whoever uses it does not see how lines are read.
 *
 * Source: docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
 */

/** Known Lambda interfaces: their ids, each with its own addresses in canonical form. */
export type LambdaInterfaces = ReadonlyMap<string, readonly string[]>;

/** The beginning of a connection. */
export interface FlowStart {
  /** Seconds since 1970. */
  readonly at: number;
  /** Bytes of the record it began with: of the whole connection, where it lasted no longer than an interval. */
  readonly bytes: number;
  /**
   * The source port that tells it from a connection that goes on; `null` where the record's flags tell (SYN). Without
   * flags a connection that goes on begins anew in every object, from the same port.
   */
  readonly sourcePort: number | null;
}

/** All that one Lambda interface exchanged with one remote address and service port within one UTC hour. */
export interface Flow {
  readonly interfaceId: string;
  /** The remote address, canonical. */
  readonly address: string;
  /** The remote service port; 0 for protocols without ports, -1 where the format has no port column. */
  readonly port: number;
  /** IANA protocol number; -1 where the format has no such column. */
  readonly protocol: number;
  /** `pkt-dst-aws-service`, where the format has it and AWS knew. */
  awsService: string | null;
  /** Start of the earliest and end of the latest outbound record, seconds since 1970. */
  firstSeen: number;
  lastSeen: number;
  /** Connections by the second in which they began, ascending, the earliest `MAX_STARTS`; one for each second. */
  starts: FlowStart[];
  bytesOut: number;
  packetsOut: number;
  bytesIn: number;
  packetsIn: number;
  /** Outbound records by action. */
  accepted: number;
  rejected: number;
  /** Line of the earliest outbound record in the decompressed object, or its row in Parquet; the first is 1. */
  line: number;
}

export const MAX_STARTS = 512;

/** How an object was used, in lines. `records` counts every line after the header that is not blank. */
export interface FlowLogCoverage {
  records: number;
  /** Records on known Lambda interfaces, of these: inbound ones and answers, which are no connections. */
  lambdaRecords: number;
  replies: number;
  /** Records on interfaces that are not known as Lambda's. */
  otherRecords: number;
  /**
   * NODATA lines (nothing happened) and SKIPDATA lines (a gap: AWS left records out), on any interface. On one that is
   * not Lambda's, such a line is known by the `-` that AWS writes for its addresses, too.
   */
  noData: number;
  skipData: number;
  /** Lambda records that lack an address or a time (`-`), or whose direction cannot be told. */
  incomplete: number;
  /**
   * Lines that are no record: without an interface id; on Lambda's interfaces also those with a wrong number of columns,
   * with no number where one must be, or one out of its range. (A line of another interface is not looked at further.)
   * Then those longer than the limit.
   */
  malformed: number;
  oversized: number;
  /** Lambda records from the future: a wrong time would unsettle what was learned. */
  fromFuture: number;
  /** Lambda records beyond the most groups that one object may have. */
  overflowed: number;
}

export const emptyCoverage = (): FlowLogCoverage => ({
  records: 0,
  lambdaRecords: 0,
  replies: 0,
  otherRecords: 0,
  noData: 0,
  skipData: 0,
  incomplete: 0,
  malformed: 0,
  oversized: 0,
  fromFuture: 0,
  overflowed: 0,
});

/** Adds `more` to `sum`, counter by counter. */
export function addCoverage(sum: FlowLogCoverage, more: FlowLogCoverage): void {
  for (const counter of Object.keys(sum) as (keyof FlowLogCoverage)[]) sum[counter] += more[counter];
}

export interface FlowLogScan {
  readonly flows: Flow[];
  readonly coverage: FlowLogCoverage;
  /** Why the object as a whole gave nothing: of another kind (`skipped`), or no flow log at all (`unreadable`). */
  readonly problem: { readonly kind: "skipped" | "unreadable"; readonly reason: string } | null;
}

/** Takes an object's decompressed bytes in order. `end` may be called early, after a read error: it gives what came. */
export interface FlowLogScanner {
  /** Gives whether more is of use: it is not, once it is clear that the object is none that can be read. */
  push(chunk: Uint8Array): boolean;
  end(): FlowLogScan;
}

export interface ScanLimits {
  /** Longest line in bytes; a longer one is counted and passed over. */
  readonly line: number;
  /** Most groups of one object. */
  readonly flows: number;
  /** Most starts of one object, over all its flows, and most source ports that tell starts apart. */
  readonly starts: number;
  /** Seconds since 1970; a later record is not believed. */
  readonly notAfter: number;
}

export const DEFAULT_LIMITS: ScanLimits = {
  line: 65_536,
  flows: 100_000,
  starts: 1_000_000,
  notAfter: Number.POSITIVE_INFINITY,
};

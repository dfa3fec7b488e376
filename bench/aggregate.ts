/** What every contender computes: for each (interface, remote address, port, protocol, UTC hour) the same six sums, and when it was seen. */
import { createHash } from "node:crypto";

export interface Aggregate {
  /** Start of the earliest and end of the latest outbound record, seconds since 1970. */
  firstSeen: number;
  lastSeen: number;
  bytesOut: number;
  packetsOut: number;
  bytesIn: number;
  packetsIn: number;
  accepted: number;
  rejected: number;
}

/** One line of the aggregate; `key` is interface, address, port, protocol and hour. */
export const row = (key: string, of: Aggregate): string =>
  `${key} ${of.firstSeen} ${of.lastSeen} ${of.bytesOut} ${of.packetsOut} ${of.bytesIn} ${of.packetsIn} ${of.accepted} ${of.rejected}`;

export const digest = (rows: readonly string[]): string =>
  createHash("sha256")
    .update([...rows].sort().join("\n"))
    .digest("hex")
    .slice(0, 16);

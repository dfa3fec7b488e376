/** What every contender computes: for each (interface, remote address, port, protocol, UTC hour) the same six sums. */
import { createHash } from "node:crypto";

export interface Sums {
  bytesOut: number;
  packetsOut: number;
  bytesIn: number;
  packetsIn: number;
  accepted: number;
  rejected: number;
}

/** One line of the aggregate; `key` is interface, address, port, protocol and hour. */
export const row = (key: string, sums: Sums): string =>
  `${key} ${sums.bytesOut} ${sums.packetsOut} ${sums.bytesIn} ${sums.packetsIn} ${sums.accepted} ${sums.rejected}`;

export const digest = (rows: readonly string[]): string =>
  createHash("sha256")
    .update([...rows].sort().join("\n"))
    .digest("hex")
    .slice(0, 16);

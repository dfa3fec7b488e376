/** Flow logs for tests: a header, and records of one Lambda interface. */
import { gzipSync } from "node:zlib";
import type { LambdaInterfaces } from "../../functions/core/telemetry/flow-log";

export const V2 =
  "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status";

export const ENI = "eni-0a00000000000001a";
export const OWN = "10.0.1.21";
export const INTERFACES: LambdaInterfaces = new Map([[ENI, [OWN, "2001:db8::21"]]]);

/** 2026-10-01T00:00:00Z */
export const T0 = 1_790_812_800;
export const DAY = 86_400;
/** Hours from 1970 to `T0`. */
export const HOUR_0 = T0 / 3600;

export interface RecordFields {
  eni?: string;
  from?: string;
  to: string;
  sourcePort?: number | string;
  port?: number | string;
  protocol?: number | string;
  bytes?: number | string;
  at: number | string;
  action?: string;
  status?: string;
}

/** One record in the default format (version 2), outbound from `OWN` where nothing else is said. */
export function v2({
  eni = ENI,
  from = OWN,
  to,
  sourcePort = 40_000,
  port = 5432,
  protocol = 6,
  bytes = 500,
  at,
  action = "ACCEPT",
  status = "OK",
}: RecordFields): string {
  const end = typeof at === "number" ? at + 30 : at;
  return `2 111122223333 ${eni} ${from} ${to} ${sourcePort} ${port} ${protocol} 5 ${bytes} ${at} ${end} ${action} ${status}`;
}

export const file = (...lines: string[]): Buffer => Buffer.from(`${lines.join("\n")}\n`);
export const gz = (...lines: string[]): Buffer => gzipSync(file(...lines));

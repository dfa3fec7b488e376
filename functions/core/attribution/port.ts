/** Service ports as people write them. */
import type { Flow } from "../telemetry/flow-log";

const PROTOCOLS: Readonly<Record<number, string>> = { 1: "icmp", 6: "tcp", 17: "udp", 58: "icmpv6" };

/** From here up (RFC 6335) a server's port is drawn anew each time: passive FTP, RPC. Such ports are one. */
const FIRST_DYNAMIC_PORT = 49_152;

export const protocolName = (protocol: number): string =>
  PROTOCOLS[protocol] ?? (protocol < 0 ? "unknown" : `protocol ${protocol}`);

/** The key of a service port in a baseline: `5432/tcp`, `dynamic/tcp`, `icmp`. */
export function portLabel({ port, protocol }: Pick<Flow, "port" | "protocol">): string {
  if (port <= 0) return protocolName(protocol);
  return `${port >= FIRST_DYNAMIC_PORT ? "dynamic" : port}/${protocolName(protocol)}`;
}

/** A service port in a sentence: `port 5432/tcp`, `icmp`. */
export function portName({ port, protocol }: Pick<Flow, "port" | "protocol">): string {
  return port <= 0 ? protocolName(protocol) : `port ${port}/${protocolName(protocol)}`;
}

/**
 * Groups the records of one object into flows.
 *
 * On a Lambda interface connections run one way, from the function outwards (Hyperplane translates addresses in no
 * other direction: docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html). So what comes in answers what went
 * out: it is added to the flow it belongs to, and starts none.
 */
import { HOUR } from "../time";
import {
  type Flow,
  type FlowLogCoverage,
  type FlowStart,
  type LambdaInterfaces,
  MAX_STARTS,
  type ScanLimits,
} from "./flow-log";
import type { FlowRecord } from "./flow-log-record";

export interface FlowGroups {
  /** Counts one record of a known Lambda interface; `line` is where it stands in the object. */
  add(record: FlowRecord, line: number): void;
  /** The flows so far, in the order in which they appeared. */
  flows(): Flow[];
}

const TCP = 6;
const SYN = 2;
const ACK = 16;
/** A client's port is not taken from the system ports (RFC 6335): a record that leaves one is an answer. */
const FIRST_CLIENT_PORT = 1024;
const MAX_SOURCE_PORTS = 1024;

interface Group extends Flow {
  /** Source ports seen, which tell connections apart where there are no TCP flags. */
  readonly sourcePorts: Set<number>;
  /** The remote end opened a connection: what goes out may only answer. */
  openedByRemote: boolean;
}

export function flowGroups(
  interfaces: LambdaInterfaces,
  coverage: FlowLogCoverage,
  limits: ScanLimits,
): FlowGroups {
  const groups = new Map<string, Group>();

  function groupOf(
    record: FlowRecord,
    address: string,
    port: number,
    seenAt: number,
    most: number,
  ): Group | null {
    const protocol = record.protocol ?? -1;
    const key = `${record.interfaceId} ${address} ${port} ${protocol} ${Math.floor(seenAt / HOUR)}`;
    const known = groups.get(key);
    if (known !== undefined) return known;
    if (groups.size >= most) return null;
    const group = newGroup(record.interfaceId, address, port, protocol);
    groups.set(key, group);
    return group;
  }

  return {
    add(record, line) {
      const direction = directionOf(record, interfaces.get(record.interfaceId) ?? []);
      const seenAt = record.start ?? record.end;
      const inbound = direction === "ingress";
      const address = inbound ? record.source : record.destination;
      if (direction === null || seenAt === null || address === null) {
        coverage.incomplete++;
        return;
      }
      if (seenAt > limits.notAfter) {
        coverage.fromFuture++;
        return;
      }
      const answer = inbound || isAnswer(record);
      if (answer) coverage.replies++;
      if (answer && !inbound) return;
      const port = (inbound ? record.sourcePort : record.destinationPort) ?? -1;
      // A scan from outside cannot take the room of what goes out.
      const most = inbound ? limits.flows / 2 : limits.flows;
      const group = groupOf(record, address, port, seenAt, most);
      if (group === null) coverage.overflowed++;
      else if (inbound) addInbound(group, record);
      else addOutbound(group, record, seenAt, line);
    },
    flows: () =>
      [...groups.values()].filter(isOutbound).map(({ sourcePorts: _, openedByRemote: __, ...flow }) => flow),
  };
}

/** Something went out, and not only in answer to somebody. */
const isOutbound = ({ line, openedByRemote, starts }: Group) =>
  line > 0 && !(openedByRemote && starts.length === 0);

function directionOf(record: FlowRecord, own: readonly string[]): FlowRecord["direction"] {
  if (record.direction !== null) return record.direction;
  if (record.source !== null && own.includes(record.source)) return "egress";
  return record.destination !== null && own.includes(record.destination) ? "ingress" : null;
}

/** Whether an outbound record answers somebody: by its flags (SYN with ACK) where they tell, else by its ports. */
function isAnswer({ tcpFlags, sourcePort, destinationPort }: FlowRecord): boolean {
  if (tcpFlags !== null && (tcpFlags & SYN) !== 0) return !opensConnection(tcpFlags);
  if (!sourcePort || !destinationPort) return false;
  return sourcePort < FIRST_CLIENT_PORT && destinationPort >= FIRST_CLIENT_PORT;
}

/** SYN without ACK. */
const opensConnection = (tcpFlags: number) => (tcpFlags & (SYN | ACK)) === SYN;

function addInbound(group: Group, record: FlowRecord): void {
  group.openedByRemote ||= record.tcpFlags !== null && opensConnection(record.tcpFlags);
  group.bytesIn += record.bytes;
  group.packetsIn += record.packets;
}

function addOutbound(group: Group, record: FlowRecord, seenAt: number, line: number): void {
  group.bytesOut += record.bytes;
  group.packetsOut += record.packets;
  if (record.rejected) group.rejected++;
  else group.accepted++;
  if (seenAt < group.firstSeen) {
    group.firstSeen = seenAt;
    group.line = line;
  }
  group.lastSeen = Math.max(group.lastSeen, record.end ?? seenAt);
  group.awsService ??= record.awsService;
  if (startsConnection(group, record)) addStart(group.starts, startOf(record, seenAt));
}

/** By SYN where the flags are there; else by a source port not seen before in this flow. */
function startsConnection(group: Group, { protocol, tcpFlags, sourcePort }: FlowRecord): boolean {
  if (isFlagged({ protocol, tcpFlags })) return ((tcpFlags ?? 0) & SYN) !== 0;
  const port = sourcePort ?? -1;
  if (group.sourcePorts.has(port) || group.sourcePorts.size >= MAX_SOURCE_PORTS) return false;
  group.sourcePorts.add(port);
  return true;
}

const isFlagged = ({ protocol, tcpFlags }: Pick<FlowRecord, "protocol" | "tcpFlags">) =>
  protocol === TCP && tcpFlags !== null;

const startOf = (record: FlowRecord, at: number): FlowStart => ({
  at,
  bytes: record.bytes,
  sourcePort: isFlagged(record) ? null : record.sourcePort,
});

/** Of several connections that begin in one second, the first in the object is kept. */
function addStart(starts: FlowStart[], start: FlowStart): void {
  if (starts.some(({ at }) => at === start.at)) return;
  starts.push(start);
  starts.sort((a, b) => a.at - b.at);
  if (starts.length > MAX_STARTS) starts.pop();
}

function newGroup(interfaceId: string, address: string, port: number, protocol: number): Group {
  return {
    interfaceId,
    address,
    port,
    protocol,
    awsService: null,
    firstSeen: Number.POSITIVE_INFINITY,
    lastSeen: 0,
    starts: [],
    bytesOut: 0,
    packetsOut: 0,
    bytesIn: 0,
    packetsIn: 0,
    accepted: 0,
    rejected: 0,
    line: 0,
    sourcePorts: new Set(),
    openedByRemote: false,
  };
}

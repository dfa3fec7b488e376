/**
 * Groups the records of one object into flows.
 *
 * On a Lambda interface connections run one way, from the function outwards (Hyperplane translates addresses in no
 * other direction: docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html). So what comes in answers what went
 * out: it is added to the flow it belongs to, and starts none.
 *
 * A record is counted in numbers and allocates nothing; strings, and objects of starts, are made for the flows at the end.
 */
import { HOUR } from "../time";
import { type AddressWords, addressText } from "./address-words";
import { CONVERSATIONS } from "./conversations";
import { type Flow, type FlowLogCoverage, type FlowStart, MAX_STARTS, type ScanLimits } from "./flow-log";
import { type FlowRecord, NONE } from "./flow-log-record";
import { FlowRoom } from "./flow-room";
import { GroupTable } from "./group-table";
import type { InterfaceTable } from "./interface-table";
import { PairSet } from "./pair-set";
import { PortSet } from "./port-set";
import { StartTable } from "./start-table";

const TCP = 6;
const SYN = 2;
const ACK = 16;
/** A client's port is not taken from the system ports (RFC 6335): a record that leaves one is an answer. */
const FIRST_CLIENT_PORT = 1024;

/** What is counted of a flow; `line` is 0 as long as nothing went out. */
interface Group extends Omit<Flow, "interfaceId" | "address" | "port" | "protocol" | "starts"> {
  /** The function opened a connection. */
  opened: boolean;
  /** Source ports seen, which tell connections apart where there are no TCP flags. */
  sourcePorts: PortSet | null;
  /** The remote end opened a connection: what goes out may only answer. */
  openedByRemote: boolean;
}

export class FlowGroups {
  private readonly table: GroupTable;
  private readonly room: FlowRoom;
  private readonly groups: Group[] = [];
  /** Source ports of all groups. */
  private sourcePorts = 0;
  private readonly starts = new StartTable();
  /** Of each group: the seconds of its hour in which connections began. */
  private readonly seconds = new PairSet();
  /** Of each conversation: the group that its last record belongs to. */
  private readonly likely = new Int32Array(CONVERSATIONS);

  constructor(
    private readonly interfaces: InterfaceTable,
    private readonly coverage: FlowLogCoverage,
    private readonly limits: ScanLimits,
  ) {
    this.table = new GroupTable(seedOf(interfaces.ids));
    this.room = new FlowRoom(interfaces.ids.length, limits.flows);
  }

  /** Counts one record of a known Lambda interface; `line` is where it stands in the object. */
  add(record: FlowRecord, line: number): void {
    const { coverage, limits } = this;
    const direction =
      record.direction ?? this.interfaces.directionOf(record.interface, record.source, record.destination);
    const seenAt = record.start === NONE ? record.end : record.start;
    const inbound = direction === "ingress";
    const remote = inbound ? record.source : record.destination;
    if (direction === null || seenAt === NONE || remote.family === 0) {
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
    const port = inbound ? record.sourcePort : record.destinationPort;
    const number = this.groupOf(record, remote, port, seenAt, inbound);
    if (number < 0) coverage.overflowed++;
    else if (inbound) addInbound(this.groups[number] as Group, record);
    else this.addOutbound(number, record, seenAt, line);
  }

  /** The flows so far, in the order in which they appeared. */
  flows(): Flow[] {
    const starts = this.starts.byGroup(this.groups.length);
    return this.groups.flatMap((group, number) => {
      if (!isOutbound(group)) return [];
      const { address, port, protocol, ...key } = this.table.keyOf(number);
      const { sourcePorts: _, opened: __, openedByRemote: ___, ...counted } = group;
      const interfaceId = this.interfaces.ids[key.interface] as string;
      return {
        interfaceId,
        address: addressText(address),
        port,
        protocol,
        ...counted,
        starts: starts[number] as FlowStart[],
      };
    });
  }

  /** The group's number, or -1 where there is no room for a new one. */
  private groupOf(
    record: FlowRecord,
    remote: AddressWords,
    port: number,
    seenAt: number,
    inbound: boolean,
  ): number {
    const hour = (seenAt / HOUR) | 0;
    const likely = this.likely[record.conversation] as number;
    const known = this.table.find(likely, record.interface, remote, port, record.protocol, hour);
    if (known >= 0) {
      this.likely[record.conversation] = known;
      return known;
    }
    const { size } = this.table;
    if (size >= this.room.limit(size, record.interface, remote, inbound)) return -1;
    this.groups.push(newGroup());
    if (!inbound) this.room.add(record.interface, remote);
    return this.table.add(record.interface, remote, port, record.protocol, hour);
  }

  private addOutbound(number: number, record: FlowRecord, seenAt: number, line: number): void {
    const group = this.groups[number] as Group;
    group.bytesOut += record.bytes;
    group.packetsOut += record.packets;
    if (record.rejected) group.rejected++;
    else group.accepted++;
    if (group.line === 0 || seenAt < group.firstSeen) {
      group.firstSeen = seenAt;
      group.line = line;
    }
    const end = record.end === NONE ? seenAt : record.end;
    if (end > group.lastSeen) group.lastSeen = end;
    group.awsService ??= record.awsService;
    if (this.startsConnection(group, record)) this.addStart(number, group, record, seenAt);
  }

  /** By SYN where the flags are there; else by a source port not seen before in this flow. */
  private startsConnection(group: Group, record: FlowRecord): boolean {
    const { starts } = this.limits;
    if (this.seconds.size >= starts) return false;
    if (isFlagged(record)) return (record.tcpFlags & SYN) !== 0;
    // No more source ports of a flow are told apart than starts of it are kept.
    group.sourcePorts ??= new PortSet();
    const ports = group.sourcePorts;
    if (ports.size >= MAX_STARTS || this.sourcePorts >= starts) return false;
    if (!ports.add(Math.max(0, record.sourcePort))) return false;
    this.sourcePorts++;
    return true;
  }

  /** Of several connections that begin in one second, the first in the object is kept. */
  private addStart(number: number, group: Group, record: FlowRecord, at: number): void {
    if (!this.seconds.add(number, at % HOUR)) return;
    const sourcePort = isFlagged(record) || record.sourcePort === NONE ? null : record.sourcePort;
    group.opened = true;
    this.starts.add(number, { at, bytes: record.bytes, sourcePort });
  }
}

/** Something went out, and not only in answer to somebody. */
const isOutbound = ({ line, opened, openedByRemote }: Group) => line > 0 && (opened || !openedByRemote);

/** Whether an outbound record answers somebody: by its flags (SYN with ACK) where they tell, else by its ports. */
function isAnswer({ tcpFlags, sourcePort, destinationPort }: FlowRecord): boolean {
  if (tcpFlags !== NONE && (tcpFlags & SYN) !== 0) return !opensConnection(tcpFlags);
  if (sourcePort <= 0) return false;
  return sourcePort < FIRST_CLIENT_PORT && destinationPort >= FIRST_CLIENT_PORT;
}

/** SYN without ACK. */
const opensConnection = (tcpFlags: number) => tcpFlags !== NONE && (tcpFlags & (SYN | ACK)) === SYN;

function addInbound(group: Group, record: FlowRecord): void {
  group.openedByRemote ||= opensConnection(record.tcpFlags);
  group.bytesIn += record.bytes;
  group.packetsIn += record.packets;
}

const isFlagged = ({ protocol, tcpFlags }: FlowRecord) => protocol === TCP && tcpFlags !== NONE;

const newGroup = (): Group => ({
  awsService: null,
  firstSeen: 0,
  lastSeen: 0,
  bytesOut: 0,
  packetsOut: 0,
  bytesIn: 0,
  packetsIn: 0,
  accepted: 0,
  rejected: 0,
  line: 0,
  sourcePorts: null,
  opened: false,
  openedByRemote: false,
});

/** A number that only those know who know the interfaces' ids. */
function seedOf(ids: readonly string[]): number {
  let seed = 0;
  for (const byte of new TextEncoder().encode(ids.join())) seed = Math.imul(seed ^ byte, 0x01000193);
  return seed;
}

/**
 * What a flow log's text means, written as plainly as can be: lines, cells, strings and maps. The scanner of bytes is held
 * against it. Slow, and without limits on starts.
 */
import { type Address, canonicalAddress, isPrivate, parseAddress } from "../../functions/core/address";
import {
  emptyCoverage,
  type Flow,
  type FlowLogScan,
  type LambdaInterfaces,
  MAX_STARTS,
  type ScanLimits,
} from "../../functions/core/telemetry/flow-log";
import { type Columns, isHeader, readHeader } from "../../functions/core/telemetry/flow-log-columns";
import { cleanText } from "../../functions/core/text";

interface Group extends Flow {
  ports: Set<number | null>;
  openedByRemote: boolean;
}

type Cell = string | null;

export function referenceScan(bytes: Buffer, interfaces: LambdaInterfaces, limits: ScanLimits): FlowLogScan {
  const coverage = emptyCoverage();
  const groups = new Map<string, Group>();
  const used = new Map<string, number>();
  let at: Columns | null = null;

  function read(cells: string[], columns: Columns, line: number): void {
    const id = cells[columns.interfaceId] ?? "";
    const status = cells[columns.logStatus];
    if (cells.length !== columns.count || !/^(eni-|-$)/.test(id)) coverage.malformed++;
    else if (status === "NODATA") coverage.noData++;
    else if (status === "SKIPDATA") coverage.skipData++;
    else if (!interfaces.has(id)) coverage.otherRecords++;
    else {
      coverage.lambdaRecords++;
      const cell = (column: number): Cell => (cells[column] === "-" ? null : (cells[column] ?? null));
      try {
        add(id, cell, columns, line);
      } catch {
        coverage.malformed++;
      }
    }
  }

  function add(id: string, cell: (column: number) => Cell, columns: Columns, line: number): void {
    const [source, target] = [address(cell(columns.source)), address(cell(columns.destination))];
    const sourcePort = number(cell(columns.sourcePort), 65_535);
    const targetPort = number(cell(columns.destinationPort), 65_535);
    const protocol = number(cell(columns.protocol), 255) ?? -1;
    const packets = number(cell(columns.packets)) ?? 0;
    const size = number(cell(columns.bytes)) ?? 0;
    const [start, end] = [time(cell(columns.start)), time(cell(columns.end))];
    const flags = number(cell(columns.tcpFlags), 65_535);
    const own = interfaces.get(id) ?? [];
    let direction = cell(columns.direction);
    if (direction !== "egress" && direction !== "ingress") {
      direction = own.includes(source ?? "") ? "egress" : own.includes(target ?? "") ? "ingress" : null;
    }
    const inbound = direction === "ingress";
    const remote = inbound ? source : target;
    const seen = start ?? end;
    if (direction === null || seen === null || remote === null) {
      coverage.incomplete++;
      return;
    }
    if (seen > limits.notAfter) {
      coverage.fromFuture++;
      return;
    }
    const syn = flags !== null && (flags & 2) !== 0;
    const opens = flags !== null && (flags & 18) === 2;
    const byPorts = Boolean(sourcePort && targetPort && sourcePort < 1024 && targetPort >= 1024);
    const answers = syn ? !opens : byPorts;
    if (inbound || answers) coverage.replies++;
    if (answers && !inbound) return;
    const port = (inbound ? sourcePort : targetPort) ?? -1;
    const key = `${id} ${remote} ${port} ${protocol} ${Math.floor(seen / 3600)}`;
    let group = groups.get(key);
    if (group === undefined) {
      // Half is for whoever comes first; the rest for what goes out, in shares.
      const share = `${id} ${isPrivate(parseAddress(remote) as Address)}`;
      const isShared = !inbound && (used.get(share) ?? 0) < Math.max(8, limits.flows / 4 / interfaces.size);
      if (groups.size >= (isShared ? limits.flows : limits.flows / 2)) {
        coverage.overflowed++;
        return;
      }
      group = newGroup(id, remote, port, protocol);
      groups.set(key, group);
      if (!inbound) used.set(share, (used.get(share) ?? 0) + 1);
    }
    if (inbound) {
      group.openedByRemote ||= opens;
      group.bytesIn += size;
      group.packetsIn += packets;
      return;
    }
    group.bytesOut += size;
    group.packetsOut += packets;
    if (cell(columns.action) === "REJECT") group.rejected++;
    else group.accepted++;
    if (group.line === 0 || seen < group.firstSeen) {
      group.firstSeen = seen;
      group.line = line;
    }
    group.lastSeen = Math.max(group.lastSeen, end ?? seen);
    const service = Buffer.from(cell(columns.awsService) ?? "", "latin1").toString();
    group.awsService ??= cleanText(service, 64) || null;
    const flagged = protocol === 6 && flags !== null;
    const isNew = flagged ? syn : !group.ports.has(sourcePort) && group.ports.size < MAX_STARTS;
    if (!flagged && isNew) group.ports.add(sourcePort);
    if (isNew && !group.starts.some((one) => one.at === seen)) {
      group.starts.push({ at: seen, bytes: size, sourcePort: flagged ? null : sourcePort });
      group.starts.sort((a, b) => a.at - b.at).splice(MAX_STARTS);
    }
  }

  const lines = bytes.toString("latin1").split("\n");
  if (lines.at(-1) === "") lines.pop();
  for (const [index, raw] of lines.entries()) {
    const text = raw.replace(/^\u00ef\u00bb\u00bf/, "").replace(/^[ \t-\r]+|[ \t-\r]+$/g, "");
    if (raw.length > limits.line) {
      coverage.records++;
      coverage.oversized++;
      const reason = "it has no flow log header, but lines too long to be one";
      if (at === null) return result({ kind: "unreadable", reason });
    } else if (text !== "" && /^[a-z]/.test(text) && isHeader(text)) {
      const header = readHeader(text);
      if (header.kind !== "columns") return result(header);
      at = header.columns;
    } else if (text !== "" && at === null) {
      const reason = `it has no flow log header but begins "${cleanText(Buffer.from(text.slice(0, 240), "latin1").toString(), 60)}"`;
      return result({ kind: "unreadable", reason });
    } else if (text !== "" && at !== null) {
      coverage.records++;
      read(text.split(" "), at, index + 1);
    }
  }
  if (at !== null) return result(null);
  return result({ kind: "unreadable", reason: "it is empty: a flow log has at least a header line" });

  function result(problem: FlowLogScan["problem"]): FlowLogScan {
    const flows = [...groups.values()]
      .filter(({ line, openedByRemote, starts }) => line > 0 && !(openedByRemote && starts.length === 0))
      .map(({ ports: _, openedByRemote: __, ...flow }) => flow);
    return { flows, coverage, problem };
  }
}

function number(cell: Cell, most = Number.POSITIVE_INFINITY): number | null {
  if (cell === null) return null;
  if (!/^\d{1,15}$/.test(cell) || Number(cell) > most) throw new RangeError(cell);
  return Number(cell);
}

function address(cell: Cell): string | null {
  if (cell === null) return null;
  const canonical = canonicalAddress(cell);
  if (canonical === null) throw new RangeError(cell);
  return canonical;
}

function time(cell: Cell): number | null {
  const value = number(cell);
  if (value === null) return null;
  const seconds = value > 2_147_483_647 ? Math.floor(value / 1000) : value;
  if (seconds < 1_415_836_800 || seconds > 2_147_483_647) throw new RangeError(String(cell));
  return seconds;
}

const newGroup = (interfaceId: string, remote: string, port: number, protocol: number): Group => ({
  interfaceId,
  address: remote,
  port,
  protocol,
  awsService: null,
  firstSeen: 0,
  lastSeen: 0,
  starts: [],
  bytesOut: 0,
  packetsOut: 0,
  bytesIn: 0,
  packetsIn: 0,
  accepted: 0,
  rejected: 0,
  line: 0,
  ports: new Set(),
  openedByRemote: false,
});

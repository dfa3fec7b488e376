/**
 * The column layout of a text flow log, which only its header line tells: fields in any order and number.
 * (The `version` field of a record is the highest version among its fields; it is no layout id.)
 */

/** Positions of the fields that are used; -1 where the format lacks one. */
export interface Columns {
  readonly count: number;
  readonly interfaceId: number;
  readonly source: number;
  readonly destination: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly protocol: number;
  readonly packets: number;
  readonly bytes: number;
  readonly start: number;
  readonly end: number;
  readonly action: number;
  readonly logStatus: number;
  readonly tcpFlags: number;
  readonly direction: number;
  readonly awsService: number;
  /** The address column next to the interface id: `-` in it tells of a line without data. */
  readonly tell: number;
}

export type Header =
  | { readonly kind: "columns"; readonly columns: Columns }
  | { readonly kind: "skipped" | "unreadable"; readonly reason: string };

const FIELD_NAME = /^[a-z][a-z0-9_-]*$/;
const TELLTALE = ["version", "interface-id", "srcaddr", "dstaddr", "log-status", "account-id", "tgw-id"];

/** Whether a line is a header: only field names, at least one of which every flow log knows. */
export function isHeader(line: string): boolean {
  const names = fieldNames(line);
  return names.every((name) => FIELD_NAME.test(name)) && TELLTALE.some((name) => names.includes(name));
}

/** Reads a header line. Underscores are taken for dashes, as Parquet and some exporters write the same names. */
export function readHeader(line: string): Header {
  const names = fieldNames(line);
  const at = (...candidates: string[]) => {
    const name = candidates.find((candidate) => names.includes(candidate));
    return name === undefined ? -1 : names.indexOf(name);
  };
  const interfaceId = at("interface-id");
  // On a Lambda interface both pairs name the true ends; a custom format may hold only one of them.
  const source = at("srcaddr", "pkt-srcaddr");
  const destination = at("dstaddr", "pkt-dstaddr");
  const columns: Columns = {
    count: names.length,
    interfaceId,
    source,
    destination,
    sourcePort: at("srcport"),
    destinationPort: at("dstport"),
    protocol: at("protocol"),
    packets: at("packets"),
    bytes: at("bytes"),
    start: at("start", "end"),
    end: at("end", "start"),
    action: at("action"),
    logStatus: at("log-status"),
    tcpFlags: at("tcp-flags"),
    direction: at("flow-direction"),
    awsService: at("pkt-dst-aws-service"),
    tell: Math.abs(source - interfaceId) <= Math.abs(destination - interfaceId) ? source : destination,
  };
  if (columns.interfaceId < 0 && (names.includes("tgw-id") || names.includes("resource-type"))) {
    return { kind: "skipped", reason: "a transit gateway flow log: it names no Lambda interface" };
  }
  const missing = [
    columns.interfaceId < 0 && "interface-id",
    columns.source < 0 && "srcaddr",
    columns.destination < 0 && "dstaddr",
    columns.start < 0 && "start",
  ].filter((name) => name !== false);
  if (missing.length > 0) {
    return {
      kind: "skipped",
      reason: `its format lacks ${missing.join(", ")}: records cannot be tied to a function. Add the field to the flow log's format`,
    };
  }
  return { kind: "columns", columns };
}

const fieldNames = (line: string) => line.replaceAll("_", "-").split(" ");

/**
 * Reads a flow log object in Parquet. Its directory stands at its end, so it is held as a whole; then one row group after
 * the other is decoded, and of that only the columns that are used.
 */
import { type FileMetaData, parquetMetadata, type RowGroup } from "hyparquet";
import type { FlowLogScan, LambdaInterfaces, ScanLimits } from "../core/telemetry/flow-log";
import { type Columns, readHeader } from "../core/telemetry/flow-log-columns";
import { type FlowLogRowScanner, flowLogRowScanner } from "../core/telemetry/flow-log-rows";
import { cleanText } from "../core/text";
import { type Chunk, readNumbers, readTexts } from "./parquet/columns";

/** AWS splits at 75 MB. */
const LARGEST = 256 * 1024 * 1024;

/** Of one row group: all of them are in memory at once. */
const MOST_ROWS = 10_000_000;

/**
 * What an object holds, as `readFlowLog` has it; the line of a flow is its row, counted from 1. Rejects only where the
 * bytes cannot be fetched.
 */
export async function readParquet(
  bytes: AsyncIterable<Uint8Array>,
  interfaces: LambdaInterfaces,
  limits: ScanLimits,
): Promise<FlowLogScan> {
  const scanner = flowLogRowScanner(interfaces, limits);
  const file = await collected(bytes);
  if (typeof file === "number") {
    const reason = `it is Parquet of more than ${LARGEST >> 20} MiB: ${(file / 1e6).toFixed(0)} MB were read, and no more`;
    return scanner.end({ kind: "unreadable", reason });
  }
  let used = 0;
  try {
    const metadata = parquetMetadata(file, { geoparquet: false });
    const names = metadata.schema.slice(1).map(({ name }) => name);
    const header = readHeader(names.join(" "));
    if (header.kind !== "columns") return scanner.end(header);
    for (const group of metadata.row_groups) {
      const rows = Number(group.num_rows);
      if (!(rows >= 0 && rows <= MOST_ROWS)) throw new RangeError(`a row group of ${rows} rows`);
      readRowGroup({ file, schema: metadata.schema, group, rows }, header.columns, scanner, used);
      used += rows;
    }
    return scanner.end(null);
  } catch (error) {
    const message = cleanText(error instanceof Error ? error.message : String(error), 200);
    const reason = `its Parquet data is damaged (${message}); ${used} records before that were used`;
    return scanner.end({ kind: "unreadable", reason });
  }
}

/** All bytes; where they are too many, the number that came. */
async function collected(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array | number> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    if (length > LARGEST) return length;
    chunks.push(chunk);
  }
  const file = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    file.set(chunk, at);
    at += chunk.length;
  }
  return file;
}

interface Group {
  readonly file: Uint8Array;
  readonly schema: FileMetaData["schema"];
  readonly group: RowGroup;
  readonly rows: number;
}

function readRowGroup(group: Group, at: Columns, scanner: FlowLogRowScanner, before: number): void {
  const ifAny = <T>(position: number, read: (position: number) => T) =>
    position < 0 ? null : read(position);
  const allTexts = (position: number) => readTexts(chunkOf(group, position, "text", null));
  const ours = scanner.ours({
    count: group.rows,
    before,
    interfaceId: allTexts(at.interfaceId),
    logStatus: ifAny(at.logStatus, allTexts),
  });
  const wanted = ours.rows.length === group.rows ? null : ours.rows;
  const numbers = (position: number) => readNumbers(chunkOf(group, position, "number", wanted));
  const texts = (position: number) => readTexts(chunkOf(group, position, "text", wanted));
  if (ours.rows.length === 0) return;
  scanner.add(ours, {
    source: texts(at.source),
    destination: texts(at.destination),
    action: ifAny(at.action, texts),
    direction: ifAny(at.direction, texts),
    awsService: ifAny(at.awsService, texts),
    sourcePort: ifAny(at.sourcePort, numbers),
    destinationPort: ifAny(at.destinationPort, numbers),
    protocol: ifAny(at.protocol, numbers),
    packets: ifAny(at.packets, numbers),
    bytes: ifAny(at.bytes, numbers),
    start: numbers(at.start),
    end: numbers(at.end),
    tcpFlags: ifAny(at.tcpFlags, numbers),
  });
}

type Element = FileMetaData["schema"][number];

/** One column of a row group, if it is what its name promises. */
function chunkOf(
  { file, schema, group, rows }: Group,
  position: number,
  kind: keyof typeof IS,
  wanted: Int32Array | null,
): Chunk {
  const element = schema[position + 1] as Element;
  const { name, type, converted_type, repetition_type } = element;
  if (!IS[kind](element) || repetition_type === "REPEATED") {
    const found = repetition_type === "REPEATED" ? "a list" : (converted_type ?? type ?? "a structure");
    throw new TypeError(`column ${name} is no ${kind} but ${found}`);
  }
  const metadata = group.columns.find(
    ({ meta_data }) => meta_data?.path_in_schema.join(".") === name,
  )?.meta_data;
  if (metadata === undefined || metadata.type !== element.type || Number(metadata.num_values) !== rows) {
    throw new RangeError(`column ${name} is not there for all of ${rows} rows`);
  }
  return { file, metadata, rows, isNullable: repetition_type !== "REQUIRED", wanted };
}

/** Of another type, values would be taken for what their bytes are not. */
const IS = {
  text: ({ type, converted_type, logical_type }: Element) =>
    type === "BYTE_ARRAY" &&
    (converted_type ?? "UTF8") === "UTF8" &&
    (logical_type?.type ?? "STRING") === "STRING",
  number: ({ type, converted_type }: Element) =>
    (type === "INT32" || type === "INT64") && converted_type !== "DECIMAL",
};

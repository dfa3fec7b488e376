/**
 * Reads a flow log object in Parquet. Its directory stands at its end, so it is held as a whole; then one row group after
 * the other is decoded, and of that only the columns that are used.
 */
import { gunzipSync } from "node:zlib";
import { type Compressors, type FileMetaData, parquetMetadata, parquetRead } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import type { FlowLogScan, LambdaInterfaces, ScanLimits } from "../core/telemetry/flow-log";
import { type Columns, readHeader } from "../core/telemetry/flow-log-columns";
import {
  type FlowLogRowScanner,
  flowLogRowScanner,
  type Rows,
  type Values,
} from "../core/telemetry/flow-log-rows";
import { cleanText } from "../core/text";

/** AWS splits at 75 MB. */
const LARGEST = 256 * 1024 * 1024;

/** Of one page, decompressed: a page is one MiB or so, and what a damaged header says must not be allocated. */
const LARGEST_PAGE = 64 * 1024 * 1024;

/** Of one row group: all of them are in memory at once. */
const MOST_ROWS = 10_000_000;

type Decompress = NonNullable<Compressors["GZIP"]>;

/** The two that AWS writes; gzip by Node, which is faster than by script. */
const COMPRESSORS: Compressors = {
  GZIP: bounded((input, length) => gunzipSync(input, { maxOutputLength: Math.max(1, length) })),
  SNAPPY: bounded(compressors.SNAPPY as Decompress),
};

function bounded(decompress: Decompress): Decompress {
  return (input, length) => {
    if (!(length >= 0 && length <= LARGEST_PAGE)) throw new RangeError(`a page of ${length} bytes`);
    return decompress(input, length);
  };
}

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
    const metadata = parquetMetadata(file);
    const names = metadata.schema.slice(1).map(({ name }) => name);
    const header = readHeader(names.join(" "));
    if (header.kind !== "columns") return scanner.end(header);
    const { interfaceId, source, destination } = header.columns;
    for (const position of [interfaceId, source, destination]) mustBeText(metadata, position);
    for (const { num_rows, columns } of metadata.row_groups) {
      const rows = Number(num_rows);
      if (
        rows < 0 ||
        rows > MOST_ROWS ||
        columns.some(({ meta_data }) => meta_data?.num_values !== num_rows)
      ) {
        throw new RangeError(`a row group of ${rows} rows whose columns do not have as many`);
      }
      const end = used + rows;
      await readRowGroup({ file, metadata, names, at: header.columns, scanner, from: used, to: end });
      used = end;
    }
    return scanner.end(null);
  } catch (error) {
    const message = cleanText(error instanceof Error ? error.message : String(error), 200);
    const reason = `its Parquet data is damaged (${message}); ${used} records before that were used`;
    return scanner.end({ kind: "unreadable", reason });
  }
}

/** A column of another type would not be decoded by `stringFromBytes`, and its values be taken for what that gives. */
function mustBeText({ schema }: FileMetaData, position: number): void {
  const { name, type, converted_type, logical_type } = schema[position + 1] as FileMetaData["schema"][number];
  const isText =
    type === "BYTE_ARRAY" &&
    (converted_type ?? "UTF8") === "UTF8" &&
    (logical_type?.type ?? "STRING") === "STRING";
  if (!isText)
    throw new TypeError(`column ${name} is no text but ${converted_type ?? type ?? "a structure"}`);
}

/** All bytes; where they are too many, the number that came. */
async function collected(bytes: AsyncIterable<Uint8Array>): Promise<ArrayBuffer | number> {
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
  return file.buffer;
}

interface RowGroup {
  readonly file: ArrayBuffer;
  readonly metadata: FileMetaData;
  readonly names: readonly string[];
  readonly at: Columns;
  readonly scanner: FlowLogRowScanner;
  readonly from: number;
  readonly to: number;
}

async function readRowGroup(group: RowGroup): Promise<void> {
  const { at, scanner, from, to } = group;
  // Ids become numbers as they are decoded: in a dictionary, once for each that is distinct.
  const ids = await columns(group, [at.interfaceId], (bytes) => bytes && scanner.interfaceOf(bytes));
  const status = await columns(group, [at.logStatus]);
  const interfaces = ids.get(at.interfaceId) ?? [];
  // A row group without a record of ours needs no more.
  const ours = someAtLeastZero(interfaces);
  const ends = ours ? await columns(group, [at.source, at.destination], (bytes) => bytes) : NO_COLUMNS;
  const rest = ours
    ? await columns(group, [
        at.action,
        at.direction,
        at.awsService,
        at.sourcePort,
        at.destinationPort,
        at.protocol,
        at.packets,
        at.bytes,
        at.start,
        at.end,
        at.tcpFlags,
      ])
    : NO_COLUMNS;
  const value = (column: number) => rest.get(column) ?? null;
  const rows: Rows = {
    count: to - from,
    before: from,
    interfaces,
    logStatus: status.get(at.logStatus) ?? null,
    source: ends.get(at.source) ?? [],
    destination: ends.get(at.destination) ?? [],
    action: value(at.action),
    direction: value(at.direction),
    awsService: value(at.awsService),
    sourcePort: value(at.sourcePort),
    destinationPort: value(at.destinationPort),
    protocol: value(at.protocol),
    packets: value(at.packets),
    bytes: value(at.bytes),
    start: value(at.start) ?? [],
    end: value(at.end) ?? [],
    tcpFlags: value(at.tcpFlags),
  };
  scanner.add(rows);
}

const NO_COLUMNS: ReadonlyMap<number, Values> = new Map();

function someAtLeastZero(values: Values): boolean {
  for (let i = 0; i < values.length; i++) if ((values[i] as number) >= 0) return true;
  return false;
}

/** The values of some columns in the rows of the group, by the column's position; -1 stands for one that is not there. */
async function columns(
  { file, metadata, names, from, to }: RowGroup,
  positions: readonly number[],
  stringFromBytes?: (bytes: Uint8Array) => unknown,
): Promise<ReadonlyMap<number, Values>> {
  const wanted = [...new Set(positions)].filter((position) => position >= 0);
  if (wanted.length === 0) return NO_COLUMNS;
  const parts = new Map<string, Values[]>();
  await parquetRead({
    file,
    metadata,
    columns: wanted.map((position) => names[position] as string),
    rowStart: from,
    rowEnd: to,
    compressors: COMPRESSORS,
    ...(stringFromBytes && { parsers: { stringFromBytes } }),
    onChunk: ({ columnName, columnData }) => {
      const known = parts.get(columnName);
      if (known === undefined) parts.set(columnName, [columnData]);
      else known.push(columnData);
    },
  });
  return new Map(
    wanted.map((position) => {
      const values = joined(parts.get(names[position] as string) ?? []);
      if (values.length !== to - from) {
        throw new RangeError(`column ${names[position]} has ${values.length} values in ${to - from} rows`);
      }
      return [position, values];
    }),
  );
}

function joined(parts: readonly Values[]): Values {
  if (parts.length === 1) return parts[0] as Values;
  const all: unknown[] = [];
  for (const part of parts) for (let i = 0; i < part.length; i++) all.push(part[i]);
  return all;
}

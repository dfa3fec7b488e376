/** Flow logs in Parquet, as AWS writes them: underscores in names, INT32, INT64 and strings. */
import { gzipSync } from "node:zlib";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";

const INT32 = ["version", "srcport", "dstport", "protocol", "tcp-flags", "traffic-path"];
const INT64 = ["packets", "bytes", "start", "end"];

export interface ParquetOptions {
  codec?: "GZIP" | "SNAPPY" | "UNCOMPRESSED";
  /** Whether `-` is written as null, too, where it is text. */
  nulls?: boolean;
  rowGroupSize?: number;
  /** Without it, a dictionary where values recur, else plain. With one of deltas, numbers are written so as well. */
  encoding?: "PLAIN" | "DELTA_LENGTH_BYTE_ARRAY" | "DELTA_BYTE_ARRAY";
  /** Other names of columns than those that tell their types. */
  rename?: Record<string, string>;
}

/** The records of a text flow log (a header line and lines of cells) as a Parquet file. */
export function parquet(
  lines: readonly string[],
  { codec = "SNAPPY", nulls = false, rowGroupSize = 3, rename = {}, encoding }: ParquetOptions = {},
): Buffer {
  const [names = [], ...rows] = lines.map((line) => line.split(" "));
  const columnData = names.map((name, column): ColumnSource => {
    const cells = rows.map((row) => row[column] as string);
    const known = (cell: string) => cell !== "-";
    const ofNumbers = encoding?.startsWith("DELTA") ? ("DELTA_BINARY_PACKED" as const) : encoding;
    const base = { name: (rename[name] ?? name).replaceAll("-", "_"), nullable: true };
    const number = { ...base, ...(ofNumbers && { encoding: ofNumbers }) };
    if (INT32.includes(name)) {
      return { ...number, type: "INT32", data: cells.map((cell) => (known(cell) ? Number(cell) : null)) };
    }
    if (INT64.includes(name)) {
      return { ...number, type: "INT64", data: cells.map((cell) => (known(cell) ? BigInt(cell) : null)) };
    }
    return {
      ...base,
      ...(encoding && { encoding }),
      type: "STRING",
      data: cells.map((cell) => (nulls && !known(cell) ? null : cell)),
    };
  });
  return Buffer.from(
    parquetWriteBuffer({
      columnData,
      codec,
      rowGroupSize,
      compressors: { GZIP: (input) => gzipSync(input) },
    }),
  );
}

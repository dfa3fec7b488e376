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
  /** Without it, a dictionary where values recur, else plain. */
  encoding?: "PLAIN";
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
    const base = {
      name: (rename[name] ?? name).replaceAll("-", "_"),
      nullable: true,
      ...(encoding && { encoding }),
    };
    if (INT32.includes(name)) {
      return { ...base, type: "INT32", data: cells.map((cell) => (known(cell) ? Number(cell) : null)) };
    }
    if (INT64.includes(name)) {
      return { ...base, type: "INT64", data: cells.map((cell) => (known(cell) ? BigInt(cell) : null)) };
    }
    return { ...base, type: "STRING", data: cells.map((cell) => (nulls && !known(cell) ? null : cell)) };
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

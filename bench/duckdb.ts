/** DuckDB as a contender, on one thread, and as the writer of the Parquet files. */
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { V2_COLUMNS, V5_COLUMNS } from "./data-set";

const INT32 = ["version", "srcport", "dstport", "protocol", "tcp-flags", "traffic-path"];
const INT64 = ["packets", "bytes", "start", "end"];

const typeOf = (column: string) =>
  INT32.includes(column) ? "INTEGER" : INT64.includes(column) ? "BIGINT" : "VARCHAR";

async function connect(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  return await instance.connect();
}

/** Types are given, so that nothing is guessed; columns have the names that AWS's Parquet has. */
function source(file: string): string {
  if (file.endsWith(".parquet")) return `read_parquet('${file}')`;
  const columns = (file.includes("v5-") ? V5_COLUMNS : V2_COLUMNS).map(
    (column) => `'${column.replaceAll("-", "_")}': '${typeOf(column)}'`,
  );
  return `read_csv('${file}', delim=' ', header=true, quote='', escape='', nullstr='-', auto_detect=false, columns={${columns.join(", ")}})`;
}

/** AWS compresses Parquet with Snappy or gzip; row groups are of DuckDB's default size. */
export async function writeParquet(text: string, file: string, codec: "snappy" | "gzip"): Promise<void> {
  const connection = await connect();
  await connection.run(
    `COPY (SELECT * FROM ${source(text)}) TO '${file}' (FORMAT parquet, CODEC '${codec}')`,
  );
  connection.closeSync();
}

export async function query(
  file: string,
  interfaces: ReadonlyMap<string, readonly string[]>,
): Promise<string[]> {
  const connection = await connect();
  const own = [...interfaces].map(([id, [address]]) => `('${id}', '${address}')`);
  await connection.run(`CREATE TABLE own AS SELECT * FROM (VALUES ${own.join(", ")}) AS t(id, address)`);
  const reader = await connection.runAndReadAll(`
    SELECT interface_id || ' ' || remote || ' ' || port || ' ' || protocol || ' ' || hour || ' ' ||
      min(start) FILTER (outbound) || ' ' || max("end") FILTER (outbound) || ' ' ||
      coalesce(sum(bytes) FILTER (outbound), 0) || ' ' || coalesce(sum(packets) FILTER (outbound), 0) || ' ' ||
      coalesce(sum(bytes) FILTER (NOT outbound), 0) || ' ' || coalesce(sum(packets) FILTER (NOT outbound), 0) || ' ' ||
      count(*) FILTER (outbound AND action <> 'REJECT') || ' ' || count(*) FILTER (outbound AND action = 'REJECT')
    FROM (
      SELECT interface_id, protocol, bytes, packets, action, start, "end", start // 3600 AS hour, srcaddr = own.address AS outbound,
        CASE WHEN srcaddr = own.address THEN dstaddr ELSE srcaddr END AS remote,
        CASE WHEN srcaddr = own.address THEN dstport ELSE srcport END AS port
      FROM ${source(file)} JOIN own ON interface_id = own.id WHERE log_status = 'OK'
    ) GROUP BY interface_id, remote, port, protocol, hour`);
  const rows = reader.getRows().map(([text]) => String(text));
  connection.closeSync();
  return rows;
}

/** Those who are compared. Each reads a file of a data set and gives the rows of its aggregate. */
import { createReadStream } from "node:fs";
import { basename, dirname } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { folderObjects } from "../cli/local/folder-objects";
import { decompressed } from "../functions/adapters/gunzip";
import { readFlowLog } from "../functions/adapters/read-flow-log";
import { DEFAULT_LIMITS, type Flow } from "../functions/core/telemetry/flow-log";
import { flowLogTextScanner } from "../functions/core/telemetry/flow-log-text";
import { type Aggregate, row } from "./aggregate";
import { interfaceAt, LAMBDA_INTERFACES } from "./data-set";

export type Contender = (file: string) => Promise<string[]>;

const INTERFACES = new Map(
  Array.from({ length: LAMBDA_INTERFACES }, (_, index) => interfaceAt(index, true)).map(
    ({ id, address }) => [id, [address]] as const,
  ),
);

export const CONTENDERS: Readonly<Record<string, Contender>> = {
  /** Decompression alone, as Plumbline does it. */
  gunzip: async (file) => {
    let bytes = 0;
    for await (const chunk of gunzipped(file)) bytes += chunk.length;
    return bytes > 0 ? [] : ["empty"];
  },
  /** All that a detector needs; both kinds of file, by their names, through the adapters of a replay. */
  plumbline: async (file) => {
    const { flows } = await readFlowLog(...objectAt(file), INTERFACES, Number.MAX_SAFE_INTEGER);
    return flows.map(flowRow);
  },
  /** No more than the others compute: no starts of connections. */
  "plumbline-no-starts": async (file) => {
    const scanner = flowLogTextScanner(INTERFACES, { ...DEFAULT_LIMITS, starts: 0 }, Buffer.alloc);
    const [objects, location] = objectAt(file);
    for await (const chunk of await decompressed(await objects.open(location))) scanner.push(chunk);
    return scanner.end().flows.map(flowRow);
  },
  /** As one would write it first. */
  readline,
  // Loaded only by who uses it: its library is large.
  duckdb: async (file) => (await import("./duckdb")).query(file, INTERFACES),
};

const flowRow = (flow: Flow) =>
  row(
    `${flow.interfaceId} ${flow.address} ${flow.port} ${flow.protocol} ${Math.floor(flow.firstSeen / 3600)}`,
    flow,
  );

/** A file as an object of a folder. */
const objectAt = (file: string) =>
  [folderObjects(dirname(file)), { bucket: "", key: basename(file) }] as const;

const gunzipped = (file: string) => createReadStream(file).pipe(createGunzip({ chunkSize: 256 * 1024 }));

async function readline(file: string): Promise<string[]> {
  const groups = new Map<string, Aggregate>();
  let at = new Map<string, number>();
  for await (const line of createInterface({ input: gunzipped(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    const cells = line.split(" ");
    if (at.size === 0) {
      at = new Map(cells.map((name, index) => [name, index]));
      continue;
    }
    const cell = (name: string) => cells[at.get(name) as number] as string;
    const id = cell("interface-id");
    const own = INTERFACES.get(id);
    if (own === undefined || cell("log-status") !== "OK") continue;
    const outbound = own[0] === cell("srcaddr");
    const remote = outbound ? cell("dstaddr") : cell("srcaddr");
    const port = outbound ? cell("dstport") : cell("srcport");
    const start = Number(cell("start"));
    const key = `${id} ${remote} ${port} ${cell("protocol")} ${Math.floor(start / 3600)}`;
    let sums = groups.get(key);
    if (sums === undefined) {
      sums = {
        firstSeen: Number.POSITIVE_INFINITY,
        lastSeen: 0,
        bytesOut: 0,
        packetsOut: 0,
        bytesIn: 0,
        packetsIn: 0,
        accepted: 0,
        rejected: 0,
      };
      groups.set(key, sums);
    }
    if (outbound) {
      sums.firstSeen = Math.min(sums.firstSeen, start);
      sums.lastSeen = Math.max(sums.lastSeen, Number(cell("end")));
      sums.bytesOut += Number(cell("bytes"));
      sums.packetsOut += Number(cell("packets"));
      if (cell("action") === "REJECT") sums.rejected++;
      else sums.accepted++;
    } else {
      sums.bytesIn += Number(cell("bytes"));
      sums.packetsIn += Number(cell("packets"));
    }
  }
  return [...groups].map(([key, sums]) => row(key, sums));
}

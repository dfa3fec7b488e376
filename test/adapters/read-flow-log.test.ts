import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { writeParquet } from "../../bench/duckdb";
import { readFlowLog } from "../../functions/adapters/read-flow-log";
import type { FlowLogScan } from "../../functions/core/telemetry/flow-log";
import { ENI, gz, INTERFACES, OWN, T0, V2, v2 } from "../support/flow-log";
import { folder, removeFolders } from "../support/folder";
import { type ParquetOptions, parquet } from "../support/parquet";

afterAll(removeFolders);

function read(key: string, bytes: Uint8Array, notAfter = T0 + 86_400): Promise<FlowLogScan> {
  async function* open() {
    for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
  }
  const objects = { open: async () => open() };
  return readFlowLog(objects, { bucket: "", key }, INTERFACES, notAfter);
}

const PEER = "10.0.20.11";
const OTHER = "eni-0bbbbbbbbbbbbbbbb";
const RECORDS = [
  V2,
  v2({ to: PEER, at: T0 }),
  v2({ eni: OTHER, from: "10.0.9.9", to: "10.0.9.8", at: T0 }),
  v2({ from: PEER, to: OWN, sourcePort: 5432, port: 40_000, bytes: 12_345_678_901, at: T0 + 1 }),
  `2 111122223333 ${ENI} - - - - - - - ${T0} ${T0 + 60} - NODATA`,
  `2 111122223333 ${OTHER} - - - - - - - ${T0} ${T0 + 60} - SKIPDATA`,
  ...[1, 2, 3, 4].map((n) => v2({ eni: OTHER, from: "10.0.9.9", to: "10.0.9.8", at: T0 + n })),
  v2({ from: "2001:db8::21", to: "2001:db8::7", at: T0 + 20, action: "REJECT" }),
  v2({ to: PEER, sourcePort: 40_001, at: T0 + 90 }),
  v2({ to: PEER, at: T0 + 3_700, bytes: "-" }),
  v2({ to: "-", at: T0 }),
  v2({ to: "10.0.0.01", at: T0 }),
  v2({ to: PEER, at: 5 }),
  v2({ to: PEER, at: T0 + 90_000 }),
  v2({ eni: "i-1", to: PEER, at: T0 }),
];
const V5 =
  "version vpc-id interface-id srcaddr dstaddr srcport dstport protocol tcp-flags bytes packets start end action flow-direction pkt-dst-aws-service log-status";
const V5_RECORDS = [
  V5,
  `5 vpc-1 ${ENI} ${OWN} 52.216.1.1 4000 443 6 2 900 3 ${T0} ${T0 + 9} ACCEPT egress S3 OK`,
  `5 vpc-1 ${ENI} 52.216.1.1 ${OWN} 443 4000 6 18 900 3 ${T0} ${T0 + 9} ACCEPT ingress - OK`,
  `5 vpc-1 ${ENI} ${OWN} 198.51.100.1 4000 443 17 - 9 3 ${T0}123 ${T0}999 ACCEPT egress - OK`,
];

/** The line of a text file is one more than the row, because of its header. */
const asRows = ({ flows, ...scan }: FlowLogScan) => ({
  ...scan,
  flows: flows.map((flow) => ({ ...flow, line: flow.line - 1 })),
});

describe("Parquet gives the same flows and coverage as text", () => {
  test.each<[string, string[], ParquetOptions]>([
    ["in the default format, Snappy", RECORDS, { codec: "SNAPPY" }],
    ["in the default format, gzip", RECORDS, { codec: "GZIP" }],
    ["without compression, in one row group", RECORDS, { codec: "UNCOMPRESSED", rowGroupSize: 1_000 }],
    ["with nulls for what AWS did not know", RECORDS, { nulls: true }],
    ["plain", RECORDS, { encoding: "PLAIN" }],
    ["in differences and lengths", RECORDS, { encoding: "DELTA_LENGTH_BYTE_ARRAY", rowGroupSize: 1_000 }],
    ["in differences and prefixes, with nulls", RECORDS, { encoding: "DELTA_BYTE_ARRAY", nulls: true }],
    ["in a format of version 5", V5_RECORDS, {}],
    ["in a format of version 5, with nulls", V5_RECORDS, { nulls: true, codec: "GZIP" }],
  ])("%s", async (_, lines, options) => {
    const text = await read("a.log.gz", gz(...lines));
    const rows = await read("a.log.parquet", parquet(lines, options));
    expect(rows).toEqual(asRows(text));
    expect(rows.flows.length).toBeGreaterThan(1);
    expect(rows.problem).toBeNull();
  });
});

test("Parquet with pages of version 1, as most writers have them, gives the same as text", async () => {
  const text = gz(...RECORDS);
  const dir = folder({ "v2.log.gz": text });
  const file = join(dir, "v2.log.parquet");
  await writeParquet(join(dir, "v2.log.gz"), file, "snappy");
  const rows = await read(file, await readFile(file));
  expect(rows).toEqual(asRows(await read("v2.log.gz", text)));
  expect(rows.flows.length).toBeGreaterThan(1);
});

describe("Parquet that gives nothing says why", () => {
  test.each<[string, Buffer, string, string]>([
    ["cut short", parquet(RECORDS).subarray(0, -20), "unreadable", "its Parquet data is damaged"],
    ["no Parquet", Buffer.from(RECORDS.join("\n")), "unreadable", "its Parquet data is damaged"],
    ["empty", Buffer.alloc(0), "unreadable", "its Parquet data is damaged"],
    [
      "of a transit gateway",
      parquet([
        "version resource-type tgw-id srcaddr dstaddr start end",
        `6 t tgw-1 1.1.1.1 1.1.1.2 ${T0} ${T0}`,
      ]),
      "skipped",
      "transit gateway",
    ],
    [
      "without interface_id",
      parquet(["version srcaddr dstaddr start end", `6 1.1.1.1 1.1.1.2 ${T0} ${T0}`]),
      "skipped",
      "lacks interface-id",
    ],
    [
      "with numbers where addresses must be",
      // A column named like an address, of the type that its numbers have.
      parquet(["interface-id srcaddr protocol start", `${ENI} ${OWN} 6 ${T0}`], {
        rename: { protocol: "dstaddr" },
      }),
      "unreadable",
      "column dstaddr is no text but INT32",
    ],
  ])("%s", async (_, bytes, kind, reason) => {
    const { flows, problem } = await read("a.log.parquet", bytes);
    expect(flows).toEqual([]);
    expect(problem).toMatchObject({ kind, reason: expect.stringContaining(reason) });
  });

  test("larger than an object of AWS can be", async () => {
    async function* open() {
      for (let i = 0; i < 300; i++) yield new Uint8Array(1_048_576);
    }
    const objects = { open: async () => open() };
    const { problem } = await readFlowLog(objects, { bucket: "", key: "a.log.parquet" }, INTERFACES, T0);
    expect(problem).toMatchObject({
      kind: "unreadable",
      reason: expect.stringContaining("more than 256 MiB"),
    });
  });

  test("cut anywhere, it does not reject", async () => {
    const whole = parquet(RECORDS, { codec: "GZIP" });
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
        const { problem } = await read("a.log.parquet", whole.subarray(0, length));
        expect(problem?.kind).toBe("unreadable");
      }),
    );
  });
});

test("only a failure to fetch rejects", async () => {
  const objects = { open: () => Promise.reject(new Error("no such object")) };
  await expect(readFlowLog(objects, { bucket: "", key: "a.log.parquet" }, INTERFACES, T0)).rejects.toThrow(
    "no such",
  );
});

describe("what would go on for ever is given up, and its source is closed", () => {
  /** A hundred pieces; tells how many were asked for, and whether it was closed. */
  async function readEndless(key: string, first: Uint8Array, piece: Uint8Array, most?: number) {
    const source = { pieces: 0, closed: false };
    async function* open() {
      try {
        yield first;
        for (; source.pieces < 100; source.pieces++) yield piece;
      } finally {
        source.closed = true;
      }
    }
    const objects = { open: async () => open() };
    const scan = await readFlowLog(objects, { bucket: "", key }, INTERFACES, T0 + 86_400, most);
    return { scan, source };
  }
  const MEGABYTE = Buffer.alloc(2 ** 20);

  test("a first line that has no end, in gzip", async () => {
    const bomb = gzipSync(MEGABYTE);
    const { scan, source } = await readEndless("a.log.gz", bomb, Buffer.concat(Array(300).fill(bomb)));
    expect(scan.problem?.reason).toMatch(/no flow log header/);
    expect(source.pieces).toBeLessThan(100);
    expect(source.closed).toBe(true);
  });

  test("more than any file of AWS's becomes: what came before is used", async () => {
    const { scan, source } = await readEndless(
      "a.log",
      gz(V2, v2({ to: PEER, at: T0 })),
      gzipSync(MEGABYTE),
      5 * 2 ** 20,
    );
    expect(scan.flows).toHaveLength(1);
    expect(scan.problem?.reason).toMatch(/it is larger than 5 MB; \d+ records before that were used/);
    expect(source).toEqual({ pieces: expect.any(Number), closed: true });
  });
});

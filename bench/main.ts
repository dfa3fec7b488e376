/**
 * `npm run bench`: what a scan costs, against decompression alone and against other ways to compute the same, and how
 * often a quiet day writes to DynamoDB. Every contender runs in a process of its own, from one bundle (esbuild) so that
 * none pays for compiling TypeScript; rounds are interleaved, so that whatever else the machine does meets all of them.
 */
import { execFile } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import Table from "cli-table3";
import { Command } from "commander";
import { build } from "esbuild";
import { DATA, made, textFile } from "./data-files";
import { type DataSet, dataSets } from "./data-set";
import { writeParquet } from "./duckdb";
import type { Measurement } from "./measure";
import { printQuietDay } from "./quiet-day";

const BUNDLE = join(DATA, "measure.cjs");
const run = promisify(execFile);
/** Of each process: the first is cold; after it V8 goes on compiling for one or two. */
const PASSES = 7;

interface Entry {
  readonly label: string;
  readonly contender: string;
  readonly file: string;
}

interface Options {
  readonly records: number;
  readonly rounds: number;
  readonly memory: boolean;
  readonly writes: boolean;
}

async function main({ records, rounds, memory, writes }: Options): Promise<void> {
  mkdirSync(DATA, { recursive: true });
  await build({
    entryPoints: [join(__dirname, "measure.ts")],
    outfile: BUNDLE,
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    external: ["@duckdb/node-api"],
  });
  console.log(`${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}, ${rounds} rounds\n`);
  for (const set of dataSets(records)) await compare(set, rounds);
  if (memory) await peakOf75MB();
  if (writes) await printQuietDay();
}

async function compare(set: DataSet, rounds: number): Promise<void> {
  const text = await textFile(set);
  const entries: Entry[] = [
    { label: "gunzip alone", contender: "gunzip", file: text },
    { label: "Plumbline", contender: "plumbline", file: text },
    { label: "Plumbline, no starts", contender: "plumbline-no-starts", file: text },
    { label: "readline + split + Map", contender: "readline", file: text },
    { label: "DuckDB, CSV", contender: "duckdb", file: text },
  ];
  for (const codec of ["snappy", "gzip"] as const) {
    const file = await parquetFile(text, codec);
    entries.push({ label: `Plumbline, Parquet (${codec})`, contender: "plumbline", file });
    entries.push({ label: `DuckDB, Parquet (${codec})`, contender: "duckdb", file });
  }
  const measured = new Map<Entry, Measurement[]>(entries.map((entry) => [entry, []]));
  for (let round = 0; round < rounds; round++) {
    for (const entry of entries) measured.get(entry)?.push(await measure(entry, PASSES));
  }
  const size = (statSync(text).size / 1e6).toFixed(0);
  console.log(`${set.name}: ${set.records.toLocaleString("en-US")} records, ${size} MB of gzip`);
  print(entries, measured);
}

function print(entries: readonly Entry[], measured: ReadonlyMap<Entry, readonly Measurement[]>): void {
  const median = (entry: Entry, of: (measurement: Measurement) => number) => {
    const values = (measured.get(entry) ?? []).map(of).sort((a, b) => a - b);
    return values[values.length >> 1] as number;
  };
  const table = new Table({
    head: [
      "",
      "cold CPU s",
      "x gunzip",
      "x Plumbline",
      "warm CPU s",
      "x gunzip",
      "x Plumbline",
      "peak MB",
      "digest",
    ],
    style: { head: [], border: [] },
  });
  const [gunzip, text] = entries as [Entry, Entry];
  for (const entry of entries) {
    const base = entry.file.endsWith(".parquet")
      ? (entries.find((one) => one.file === entry.file && one.contender === "plumbline") as Entry)
      : text;
    const columns = (
      [(one: Measurement) => one.cold, (one: Measurement) => one.warm ?? Number.NaN] as const
    ).flatMap((of) => [
      median(entry, of).toFixed(2),
      (median(entry, of) / median(gunzip, of)).toFixed(2),
      (median(entry, of) / median(base, of)).toFixed(2),
    ]);
    const peak = median(entry, (one) => one.peak).toFixed(0);
    const digests = [...new Set((measured.get(entry) ?? []).map((one) => one.digest))].join(" and ");
    table.push([entry.label, ...columns, peak, entry === gunzip ? "" : digests]);
  }
  console.log(table.toString());
  const aggregates = entries
    .filter((entry) => entry !== gunzip)
    .flatMap((entry) => measured.get(entry) ?? []);
  const isSame = new Set(aggregates.map((one) => one.digest)).size === 1;
  console.log(
    isSame ? `All computed the same ${aggregates[0]?.groups} groups.\n` : "THE AGGREGATES DIFFER.\n",
  );
  if (!isSame) process.exitCode = 1;
}

/** AWS splits its files at 75 MB. */
async function peakOf75MB(): Promise<void> {
  const set: DataSet = { name: "75 MB", format: "v2", lambdaPercent: 5, records: 2_480_000 };
  const file = await textFile(set);
  const { peak } = await measure({ label: "", contender: "plumbline", file }, 1);
  console.log(
    `Peak memory of Plumbline on ${(statSync(file).size / 1e6).toFixed(1)} MB of gzip: ${peak.toFixed(0)} MB`,
  );
}

async function measure({ contender, file }: Entry, passes: number): Promise<Measurement> {
  const { stdout } = await run(process.execPath, [BUNDLE, contender, file, String(passes)]);
  return JSON.parse(stdout) as Measurement;
}

async function parquetFile(text: string, codec: "snappy" | "gzip"): Promise<string> {
  const name = text.replace(/^.*[\\/]/, "").replace(".log.gz", `.${codec}.log.parquet`);
  return await made(name, (file) => writeParquet(text, file, codec));
}

const positive = (text: string) => Math.max(1, Math.floor(Number(text)) || 1);
const command = new Command("bench")
  .description(
    "Measures CPU seconds of a scan against other ways to compute the same. Data goes to bench/data.",
  )
  .option("--records <n>", "records of each data set", positive, 1_000_000)
  .option("--rounds <n>", "interleaved rounds", positive, 5)
  .option("--no-memory", "leave out the file of 75 MB")
  .option("--no-writes", "leave out the day of steady traffic");
command
  .action(main)
  .parseAsync()
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });

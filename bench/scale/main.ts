/**
 * `npm run bench:scale`: replays the sample's flow logs 1, 2, 4 and 8 times over, and scans an object of 1, 2, 4 and 8 times
 * as many records: how CPU and DynamoDB's work grow. DynamoDB runs in a process of its own and is not in the CPU.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Table from "cli-table3";
import { replay } from "../../cli/replay";
import { detectionConfig } from "../../functions/core/config";
import { generateSample } from "../../samples/generate";
import { CONTENDERS } from "../contenders";
import { textFile, textSize } from "../data-files";
import { type Taken, withMeter } from "../steady-work/meter";
import { MULTIPLIED, type Multiplied, multiply } from "./multiplied-sample";

const TIMES = [1, 2, 4, 8];
/** Of the sample's days. */
const DAYS = 2;
const RECORDS = 100_000;

interface Replayed extends Taken {
  readonly times: number;
  readonly bytes: number;
  readonly objects: number;
  readonly findings: number;
}

// The exact versions that are installed do run on Node 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

async function main(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), "plumbline-scale-"));
  try {
    const sample = join(dir, "sample");
    await generateSample(sample);
    // The first replay compiles; its figures are not used.
    await replayed(sample, join(dir, "first"), "records", 1);
    for (const what of MULTIPLIED) {
      const rows: Replayed[] = [];
      for (const times of TIMES)
        rows.push(await replayed(sample, join(dir, `${what}-${times}`), what, times));
      printReplays(what, rows);
    }
    await printScans();
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Replays with as many writes as in AWS. */
async function replayed(sample: string, dir: string, what: Multiplied, times: number): Promise<Replayed> {
  const { bytes, objects } = await multiply(sample, dir, what, times, DAYS);
  return withMeter(async (meter) => {
    meter.start();
    const { findings } = await replay({
      dir,
      config: detectionConfig.parse({}),
      references: {},
      database: meter.database,
      everyWrite: true,
      onProgress() {},
      interrupted: () => false,
    });
    const taken = meter.taken();
    console.error(`${what} x ${times}: ${taken.cpuSeconds.toFixed(1)} s of CPU`);
    await rm(dir, { recursive: true });
    return { ...taken, times, bytes, objects, findings: findings.length };
  });
}

function printReplays(what: Multiplied, rows: readonly Replayed[]): void {
  const [one] = rows as [Replayed];
  print(
    `The sample's flow logs (${one.objects} objects of ${DAYS} days) with more ${what}`,
    ["times", "text MB", "CPU s", "x", "reads", "x", "writes", "x", "write units", "x", "findings"],
    rows.map((row) => [
      row.times,
      (row.bytes / 1e6).toFixed(1),
      row.cpuSeconds.toFixed(1),
      ratio(row.cpuSeconds, one.cpuSeconds),
      row.reads,
      ratio(row.reads, one.reads),
      row.writes,
      ratio(row.writes, one.writes),
      row.writeUnits,
      ratio(row.writeUnits, one.writeUnits),
      row.findings,
    ]),
  );
}

/** One object, of Lambda's interfaces only, warm: the median of five. */
async function printScans(): Promise<void> {
  const rows: { records: number; text: number; cpu: number }[] = [];
  for (const times of TIMES) {
    const records = times * RECORDS;
    const file = await textFile({ name: "scale", format: "v5", lambdaPercent: 100, records });
    const cpu: number[] = [];
    for (let pass = 0; pass < 7; pass++) {
      const before = process.cpuUsage();
      await CONTENDERS.plumbline?.(file);
      const { user, system } = process.cpuUsage(before);
      cpu.push((user + system) / 1e6);
    }
    const warm = cpu.slice(2).sort((a, b) => a - b);
    rows.push({ records, text: (await textSize(file)).text, cpu: warm[2] as number });
  }
  const [one] = rows as [(typeof rows)[0]];
  print(
    "One object, all of it on Lambda's interfaces",
    ["records", "text MB", "x", "CPU s", "x", "CPU s a GB"],
    rows.map(({ records, text, cpu }) => [
      records,
      (text / 1e6).toFixed(0),
      ratio(text, one.text),
      cpu.toFixed(2),
      ratio(cpu, one.cpu),
      (cpu / (text / 1e9)).toFixed(1),
    ]),
  );
}

const ratio = (value: number, base: number) => (value / base).toFixed(2);

function print(title: string, head: string[], rows: (string | number)[][]): void {
  const table = new Table({
    head,
    colAligns: head.map(() => "right" as const),
    style: { head: [], border: [] },
  });
  table.push(
    ...rows.map((row) => row.map((cell) => (typeof cell === "number" ? cell.toLocaleString("en-US") : cell))),
  );
  console.log(`${title}\n${table.toString()}\n`);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

/**
 * `npm run bench:nab -- DATA_DIR OUT_DIR`: the level line over series in the form of the Numenta Anomaly Benchmark (CSV files
 * `timestamp,value` in one folder a group). Writes `timestamp,value,anomaly_score` a row into the same layout; each score
 * is known when its row is read. No file name, label or other series has a part in it.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command, Option } from "commander";
import { level, levelLine } from "../functions/core/baseline/usage/levels";
import { LEVEL_THRESHOLDS } from "../functions/core/baseline/usage/parameters";

/** NAB's times have no zone: read as UTC, so that the machine's zone has no part in it. */
const secondsAt = (timestamp: string) => Date.parse(`${timestamp.slice(0, 19).replace(" ", "T")}Z`) / 1000;

type Threshold = keyof typeof LEVEL_THRESHOLDS;

interface Scored {
  readonly rows: number;
  /** Rows at or above each threshold. */
  readonly nab: number;
  readonly deployed: number;
}

function score(from: string, to: string, only: Threshold | undefined): Scored {
  const [header = "", ...rows] = readFileSync(from, "utf8").trim().split(/\r?\n/);
  const columns = header.split(",");
  const [time, value] = [columns.indexOf("timestamp"), columns.indexOf("value")];
  if (time < 0 || value < 0) throw new Error(`${from} has no columns timestamp and value, but ${header}`);
  const line = levelLine();
  const scores = rows.map((row) => {
    const cells = row.split(",");
    return level(line, secondsAt(cells[time] ?? ""), Number(cells[value])).score;
  });
  const written = (one: number) =>
    only === undefined ? one.toFixed(6) : one >= LEVEL_THRESHOLDS[only] ? "1" : "0";
  const text = rows.map((row, i) => {
    const cells = row.split(",");
    return `${cells[time]},${cells[value]},${written(scores[i] as number)}`;
  });
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, `${["timestamp,value,anomaly_score", ...text].join("\n")}\n`);
  const above = (threshold: number) => scores.filter((one) => one >= threshold).length;
  return { rows: rows.length, nab: above(LEVEL_THRESHOLDS.nab), deployed: above(LEVEL_THRESHOLDS.deployed) };
}

function main(data: string, out: string, { threshold }: { threshold?: Threshold }): void {
  const files = readdirSync(data, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".csv"),
  );
  if (files.length === 0) throw new Error(`There is no CSV file under ${data}`);
  for (const file of files.sort()) {
    const { rows, nab, deployed } = score(join(data, file), join(out, file), threshold);
    console.log(`${file}: ${rows} rows, ${nab} reports at ${LEVEL_THRESHOLDS.nab}, ${deployed} as deployed`);
  }
}

new Command("bench:nab")
  .description("Scores every row of NAB-shaped series.")
  .argument("<data>", "a folder of groups of CSV files")
  .argument("<out>", "where the scores go")
  .addOption(
    new Option("--threshold <which>", "write 1 where this threshold is reached and 0 elsewhere").choices(
      Object.keys(LEVEL_THRESHOLDS),
    ),
  )
  .action(main)
  .parse();

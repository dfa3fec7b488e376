/**
 * `npm run fuzz -- [--seed N] [--runs N] [--scale F] [--only TEXT]`: hostile input for every parser, every handler and the
 * command, then exhibits of what an attacker could pile up. Prints what it took; the exit status is 1 where something does
 * not hold. The same seed gives the same inputs. Each suite and each exhibit is a process, which is ended if it hangs.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { EXHIBITS } from "./exhibits";
import type { Seen } from "./exhibits/child";
import type { Exhibit } from "./exhibits/exhibit";
import { SUITES } from "./suites";
import type { Outcome } from "./target";

/** Wall-clock seconds after which a process hangs: of a suite, and for each second that an exhibit may take. */
const LONGEST_SUITE = 3_600;
const PATIENCE = 20;
/**
 * MB of heap, as in a function with 1 GB: with more of it, as on a large machine, what is garbage stays longer, and the peak
 * says nothing of what is needed.
 */
const HEAP = 768;

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a file with tsx; `status` is `null` where it had to be ended. */
function child(file: string, args: readonly string[], seconds: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const started = spawn(
      process.execPath,
      [`--max-old-space-size=${HEAP}`, "--import", "tsx", join(__dirname, file), ...args],
      {
        env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
        timeout: seconds * 1_000,
        killSignal: "SIGKILL",
      },
    );
    let [stdout, stderr] = ["", ""];
    started.stdout.on("data", (text) => (stdout += text));
    started.stderr.on("data", (text) => (stderr += text));
    started.on("error", reject);
    started.on("close", (status) => resolve({ status, stdout, stderr }));
  });
}

const style = { head: [], border: [], compact: true };
const ms = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;

async function fuzz(seed: number, runs: number, only: string): Promise<string[]> {
  const table = new Table({ head: ["Hostile input for", "Inputs", "Slowest", "Allowed", "Mean"], style });
  const failures: string[] = [];
  for (const [suite, targets] of Object.entries(SUITES)) {
    if (!targets.some(({ name }) => name.includes(only))) continue;
    const { status, stdout, stderr } = await child(
      "suites-child.ts",
      [suite, String(seed), String(runs), only],
      LONGEST_SUITE,
    );
    const outcomes = stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Outcome & { name: string; most: number });
    for (const { name, most, runs, slowest, total, failure } of outcomes) {
      table.push([name, runs, ms(slowest), ms(most), ms(total / runs)]);
      if (failure !== null) failures.push(`${name}: ${failure}`);
    }
    const [next] = targets.filter(({ name }) => name.includes(only)).slice(outcomes.length);
    if (status !== 0)
      failures.push(`${next?.name ?? suite}: ${status === null ? "it hangs" : stderr.slice(-2_000)}`);
  }
  if (table.length > 0) process.stdout.write(`${table.toString()}\n\n`);
  return failures;
}

async function exhibit(scale: number, only: string): Promise<string[]> {
  const table = new Table({
    head: ["Exhibit", "CPU", "Allowed", "Peak of memory", "Allowed", "Seen"],
    style,
    colWidths: [52, 9, 9, 16, 9, 60],
    wordWrap: true,
  });
  const failures: string[] = [];
  for (const one of EXHIBITS.filter(({ name }) => name.includes(only))) {
    const { status, stdout, stderr } = await child(
      "exhibits/child.ts",
      [one.name, String(scale)],
      one.seconds * PATIENCE,
    );
    if (status !== 0) {
      failures.push(`${one.name}: ${status === null ? "it hangs, or is killed" : stderr.slice(0, 2_000)}`);
      continue;
    }
    const seen = JSON.parse(stdout) as Seen;
    table.push([
      one.name,
      `${seen.seconds.toFixed(1)} s`,
      `${one.seconds} s`,
      `${Math.round(seen.megabytes)} MB`,
      `${one.megabytes} MB`,
      seen.said,
    ]);
    failures.push(...excess(one, seen));
  }
  if (table.length > 0) process.stdout.write(`${table.toString()}\n\n`);
  return failures;
}

function excess({ name, seconds, megabytes }: Exhibit, seen: Seen): string[] {
  return [
    ...(seen.seconds > seconds ? [`${name}: ${seen.seconds.toFixed(1)} s, and may take ${seconds}`] : []),
    ...(seen.megabytes > megabytes
      ? [`${name}: ${Math.round(seen.megabytes)} MB, and may take ${megabytes}`]
      : []),
  ];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: String(Math.floor(Date.now() / 1000) % 1_000_000_000) },
      runs: { type: "string", default: "1000" },
      scale: { type: "string", default: "1" },
      only: { type: "string", default: "" },
    },
  });
  const [seed, runs, scale] = [Number(values.seed), Number(values.runs), Number(values.scale)];
  process.stdout.write(`--seed ${seed} --runs ${runs} --scale ${scale}\n\n`);
  const failures = [
    ...(runs > 0 ? await fuzz(seed, runs, values.only) : []),
    ...(scale > 0 ? await exhibit(scale, values.only) : []),
  ];
  for (const failure of failures) process.stdout.write(`! ${failure}\n\n`);
  process.stdout.write(
    failures.length === 0
      ? "All holds.\n"
      : `${failures.length} failed. To see it again: --seed ${seed} --runs ${runs} --scale ${scale}\n`,
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
}

main().catch((error) => {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
});

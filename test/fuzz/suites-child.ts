/** Runs the targets of one suite and prints what each took, a line of JSON each: `suites-child SUITE SEED RUNS ONLY`. */
import { SUITES } from "./suites";

async function main(suite: string, seed: number, runs: number, only: string): Promise<void> {
  for (const target of SUITES[suite] ?? []) {
    if (!target.name.includes(only)) continue;
    const outcome = await target.check(seed, runs);
    process.stdout.write(`${JSON.stringify({ name: target.name, most: target.most, ...outcome })}\n`);
  }
}

const [suite = "", seed = "1", runs = "1", only = ""] = process.argv.slice(2);
main(suite, Number(seed), Number(runs), only).catch((error) => {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
});

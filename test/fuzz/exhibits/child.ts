/** Runs one exhibit in a process of its own and prints what it took as JSON: `child NAME SCALE`. */
import { peakMegabytes } from "../../../bench/peak";
import { EXHIBITS } from "./index";

export interface Seen {
  /** Of CPU, all threads: what else the machine does makes no difference. */
  readonly seconds: number;
  readonly megabytes: number;
  readonly said: string;
}

async function main(name: string, scale: number): Promise<void> {
  const exhibit = EXHIBITS.find((one) => one.name === name);
  if (exhibit === undefined) throw new Error(`There is no exhibit ${name}`);
  const began = process.cpuUsage();
  const said = await exhibit.run(scale);
  const { user, system } = process.cpuUsage(began);
  const seen: Seen = { seconds: (user + system) / 1e6, megabytes: peakMegabytes(), said };
  process.stdout.write(`${JSON.stringify(seen)}\n`);
}

main(process.argv[2] ?? "", Number(process.argv[3] ?? 1)).catch((error) => {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
});

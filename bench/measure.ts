/** Runs one contender in this process and prints, as JSON, what it took: `measure CONTENDER FILE PASSES`. */
import { digest } from "./aggregate";
import { CONTENDERS } from "./contenders";
import { peakMegabytes } from "./peak";

export interface Measurement {
  /** CPU seconds (user and system, all threads) of the whole process up to the end of the first pass. */
  readonly cold: number;
  /** CPU seconds of the median of the passes after the first; `null` if there was one. */
  readonly warm: number | null;
  /** Peak of resident memory up to the end of the first pass, in MB. */
  readonly peak: number;
  readonly groups: number;
  readonly digest: string;
}

const seconds = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1e6;

async function main(name: string, file: string, passes: number): Promise<void> {
  const contender = CONTENDERS[name];
  if (contender === undefined) throw new Error(`There is no contender ${name}`);
  const rows = await contender(file);
  const cold = seconds(process.cpuUsage());
  const peak = peakMegabytes();
  const warm: number[] = [];
  for (let pass = 1; pass < passes; pass++) {
    const before = process.cpuUsage();
    await contender(file);
    warm.push(seconds(process.cpuUsage(before)));
  }
  warm.sort((a, b) => a - b);
  const measurement: Measurement = {
    cold,
    warm: warm[warm.length >> 1] ?? null,
    peak,
    groups: rows.length,
    digest: digest(rows),
  };
  console.log(JSON.stringify(measurement));
}

const [name = "", file = "", passes = "1"] = process.argv.slice(2);
main(name, file, Number(passes)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

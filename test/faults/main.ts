/**
 * `npm run test:faults`: random schedules of a day on which everything that can fail does, each held against the day on which
 * nothing fails. Whatever it prints follows from the seeds; `-- --seed N` runs one of them again.
 */
import { Command } from "commander";
import { campaign, type Schedule } from "./campaign";
import { figures } from "./figures";

/** One schedule of so many runs on the wire of the embedded DynamoDB, the rest on tables in memory. */
const WIRE_EVERY = 20;

const whole = (text: string) => Math.max(1, Math.floor(Number(text)) || 1);

async function main(): Promise<void> {
  const { schedules, from, seed } = new Command()
    .option("--schedules <n>", "how many random schedules", whole, 1000)
    .option("--from <seed>", "the first seed", whole, 1)
    .option("--seed <seed>", "only this one", whole)
    .parse()
    .opts<{ schedules: number; from: number; seed?: number }>();
  const began = Date.now();
  const { undisturbed, run } = await campaign();
  const seeds = seed === undefined ? Array.from({ length: schedules }, (_, i) => from + i) : [seed];
  const done: Schedule[] = [];
  let isInterrupted = false;
  process.once("SIGINT", () => {
    isInterrupted = true;
  });
  for (const one of seeds) {
    if (isInterrupted) break;
    const schedule = await run(one, one % WIRE_EVERY === 0);
    done.push(schedule);
    if (schedule.complaints.length > 0) {
      console.error(`Seed ${one} (npm run test:faults -- --seed ${one}), ${JSON.stringify(schedule.plan)}:`);
      for (const complaint of schedule.complaints) console.error(`  ${complaint}`);
    }
    if (process.stderr.isTTY) process.stderr.write(`\r${done.length} of ${seeds.length} schedules`);
  }
  console.log(figures(done, undisturbed, (Date.now() - began) / 1000));
  if (done.some(({ complaints }) => complaints.length > 0)) process.exitCode = 1;
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

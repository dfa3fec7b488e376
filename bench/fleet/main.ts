/**
 * `npm run bench:fleet`: how often the usage lines raise a false alarm over a fleet that nobody attacks, and how much they
 * find of attacks. Everything follows from the seeds, so it prints the same on every machine.
 */
import Table from "cli-table3";
import { Command } from "commander";
import { ATTACKS, BANDS } from "./attacks";
import { benchCalls, type CallsResult } from "./calls";
import { benchOthers } from "./others";
import { KINDS } from "./quiet";
import { alarmRate, delay, noTally, percent, type Tally } from "./tally";
import { benchTogether } from "./together";

/** Seeds below 300 were looked at while parameters were chosen; those from 300 on were not. */
const UNTOUCHED = 301;

const whole = (text: string) => Math.max(1, Math.floor(Number(text)) || 1);
const print = (head: string[], rows: string[][]) => {
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(...rows);
  console.log(`${table.toString()}\n`);
};
const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((a, b) => a + b, 0);

function merged(into: Map<string, Tally>, from: ReadonlyMap<string, Tally>): void {
  for (const [key, { tried, found, minutes }] of from) {
    const tally = into.get(key) ?? noTally();
    into.set(key, tally);
    tally.tried += tried;
    tally.found += found;
    tally.minutes += minutes;
  }
}

function calls(seeds: readonly number[], functions: number): void {
  const byDays = [28, 70].map((days) => {
    const results = seeds.map((seed) => benchCalls(seed, functions, days, days === 28));
    return { days, results };
  });
  const rate = (results: readonly CallsResult[], days: number, of: (one: CallsResult) => number) =>
    alarmRate(
      results.reduce((a, one) => a + of(one), 0),
      functions * results.length,
      days,
    );
  console.log("False alarms of invocations per 100 function-weeks, after the first week");
  print(
    ["", "spikes", "silences", "together"],
    byDays.map(({ days, results }) => [
      `${days} days`,
      rate(results, days, ({ spikes }) => sum(spikes)),
      rate(results, days, ({ silences }) => sum(silences)),
      rate(results, days, ({ spikes, silences }) => sum(spikes) + sum(silences)),
    ]),
  );
  console.log("The same in numbers, by kind of function");
  print(
    ["", ...byDays.map(({ days }) => `${days} days: spikes + silences`)],
    KINDS.map((kind) => [
      kind,
      ...byDays.map(({ results }) => {
        const of = (pick: (one: CallsResult) => ReadonlyMap<string, number>) =>
          results.reduce((a, one) => a + (pick(one).get(kind) ?? 0), 0);
        return `${of(({ spikes }) => spikes)} + ${of(({ silences }) => silences)}`;
      }),
    ]),
  );
  const found = new Map<string, Tally>();
  for (const { results } of byDays) for (const one of results) merged(found, one.found);
  console.log("Attacks found, by calls expected in 5 minutes");
  print(
    ["", ...BANDS.flatMap((band) => [band, "delay", "of"])],
    ATTACKS.map(({ name }) => [
      name,
      ...BANDS.flatMap((band) => {
        const tally = found.get(`${band}|${name}`) ?? noTally();
        return [percent(tally), delay(tally), String(tally.tried)];
      }),
    ]),
  );
  const largest = Math.max(...byDays.flatMap(({ results }) => results.map((one) => one.largestItem)));
  console.log(`The largest item of a count line has ${largest} characters.\n`);
}

function others(seeds: readonly number[], functions: number, days: number): void {
  const found = new Map<string, Tally>();
  const alarms = new Map<string, number>();
  for (const seed of seeds) {
    const result = benchOthers(seed, functions, days);
    merged(found, result.found);
    for (const [key, count] of result.alarms) alarms.set(key, (alarms.get(key) ?? 0) + count);
  }
  const names = ["DurationShift", "ErrorSpike", "ConcurrencySpike"];
  const novelties = [...alarms.keys()].filter((key) => !names.includes(key)).sort();
  console.log(`Durations, errors and concurrency: false alarms per 100 function-weeks over ${days} days`);
  print(
    ["", "false alarms"],
    [...names, ...novelties].map((name) => [
      name,
      alarmRate(alarms.get(name) ?? 0, functions * seeds.length, days),
    ]),
  );
  print(
    ["", "found", "delay", "of"],
    [...found]
      .sort()
      .map(([key, tally]) => [key.replace("|", ": "), percent(tally), delay(tally), String(tally.tried)]),
  );
}

function together(seeds: readonly number[], functions: number, days: number): void {
  const results = seeds.map((seed) => benchTogether(seed, functions, days));
  const rate = (alarms: number) => alarmRate(alarms, functions * seeds.length, days);
  const total = (of: (one: (typeof results)[number]) => number) =>
    results.reduce((all, one) => all + of(one), 0);
  const types = [...new Set(results.flatMap(({ weak }) => [...weak.keys()]))].sort();
  console.log(`All metrics of a function together: per 100 function-weeks over ${days} days`);
  print(
    ["", "per 100 function-weeks"],
    [
      ["findings", rate(total(({ findings }) => findings))],
      ...types.map((type) => [`weak signals: ${type}`, rate(total(({ weak }) => weak.get(type) ?? 0))]),
      ["weak signals that became findings", rate(total(({ raised }) => raised))],
    ],
  );
}

new Command("bench:fleet")
  .description("False alarms and attacks found on generated fleets.")
  .option("--functions <n>", "functions of a fleet", whole, 200)
  .option("--fleets <n>", "fleets, each with a seed of its own", whole, 2)
  .option("--seed <n>", "seed of the first fleet", whole, UNTOUCHED)
  .action(({ functions, fleets, seed }: { functions: number; fleets: number; seed: number }) => {
    const seeds = Array.from({ length: fleets }, (_, i) => seed + i);
    console.log(`${functions} functions a fleet, seeds ${seeds.join(", ")}\n`);
    calls(seeds, functions);
    others(seeds, functions, 28);
    together(seeds, functions, 28);
  })
  .parse();

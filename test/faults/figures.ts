/** What a campaign did, in numbers. */
import Table from "cli-table3";
import type { Schedule } from "./campaign";
import { NAMES } from "./deployment";
import type { Day } from "./verdict";

const number = (value: number) => value.toLocaleString("en-US");

export function figures(schedules: readonly Schedule[], undisturbed: Day, seconds: number): string {
  const sum = (of: (one: Schedule) => number) => schedules.reduce((total, one) => total + of(one), 0);
  const failed = schedules.filter(({ complaints }) => complaints.length > 0);
  const alerts = sum(({ outcome }) => outcome.published.length);
  const wanted = undisturbed.outcome.published.length;
  return [
    table("Schedules", [
      ["random schedules", schedules.length],
      ["of them on the wire", schedules.filter(({ isOnWire }) => isOnWire).length],
      ["calls of AWS", sum(({ outcome }) => outcome.steps)],
      ["messages sent, handled", sum(({ outcome }) => outcome.sent), sum(({ outcome }) => outcome.deleted)],
      ["messages set aside, all of them poison", sum(({ outcome }) => outcome.deadLetters.length)],
      ["findings of a day", undisturbed.tables[NAMES.findings]?.length ?? 0],
      ["alerts, of them repeated", alerts, alerts - wanted * schedules.length],
      ["schedules in which something does not hold", failed.length],
      ["seconds", Math.round(seconds)],
    ]),
    table("Faults", counted(schedules.map(({ outcome }) => outcome.faults))),
    table("Killed before", counted(schedules.map(({ outcome }) => outcome.kills))),
  ].join("\n\n");
}

/** The sums of counts, the largest first. */
function counted(all: readonly ReadonlyMap<string, number>[]): [string, number][] {
  const sums = new Map<string, number>();
  for (const counts of all) for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count);
  return [...sums].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}

function table(title: string, rows: readonly (readonly [string, ...number[]])[]): string {
  const made = new Table({
    head: [title, ""],
    style: { head: [], border: [] },
    colAligns: ["left", "right"],
  });
  made.push(...rows.map(([name, ...numbers]) => [name, numbers.map(number).join(", ")]));
  return made.toString();
}

/** A bill as text. */
import Table from "cli-table3";
import { groupBy } from "../functions/core/group";
import type { Bill, BillLine } from "./bill";
import type { Part } from "./quantities";

const HEADINGS: Record<Part, string> = {
  plumbline: "Plumbline",
  telemetry: "You pay AWS for the telemetry itself",
  guardduty: "GuardDuty for the same volume",
};

export function printBill(bill: Bill): string {
  const { volume, work } = bill.situation;
  const parts = (Object.keys(HEADINGS) as Part[]).map((part) => partOf(bill, part));
  const unconfirmed = [...new Set(bill.lines.filter((one) => one.seen === "unconfirmed").map(nameOf))];
  return [
    `${number(volume.gbPerDay)} GB of flow logs and ${number(volume.eventsPerDay)} management events a day, ${number(volume.functions)} functions: US dollars a month, us-east-1`,
    ...parts,
    `Assumed:\n${bill.assumptions.map((one) => `  - ${one}`).join("\n")}`,
    `Measured on ${work.measuredOn} (${work.machine}) by ${work.command}.`,
    `* Prices that are not confirmed, to be looked up: ${unconfirmed.join(", ") || "none"}. --prices FILE sets others.`,
  ].join("\n\n");
}

const nameOf = ({ price }: BillLine) => price;

function partOf({ lines, totals }: Bill, part: Part): string {
  const table = new Table({
    head: [HEADINGS[part], "", "dollars"],
    colAligns: ["left", "left", "right"],
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  const ofPart = lines.filter((line) => line.part === part);
  // A function is a row of its own: its requests, its seconds.
  const rows = groupBy(ofPart, ({ service, item }) =>
    service === "Lambda" ? `${service}: ${item}` : service,
  );
  for (const [name, some] of rows) table.push([name, [...quantities(some)].join("\n"), dollars(sum(some))]);
  table.push(["Together", "", dollars(totals[part])]);
  return table.toString();
}

function* quantities(lines: readonly BillLine[]): Generator<string> {
  for (const [, some] of groupBy(lines, nameOf)) {
    const { unit, seen } = some[0] as BillLine;
    const mark = seen === "unconfirmed" ? " *" : "";
    yield `${number(some.reduce((all, { quantity }) => all + quantity, 0))} ${unit}${mark}: ${dollars(sum(some))}`;
  }
}

const sum = (lines: readonly BillLine[]) => lines.reduce((all, one) => all + one.dollars, 0);
const dollars = (value: number) =>
  value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const number = (value: number) =>
  value.toLocaleString("en-US", { maximumFractionDigits: value >= 100 ? 0 : value >= 1 ? 1 : 3 });

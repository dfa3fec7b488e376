/** Findings and coverage as text for a terminal. */
import Table from "cli-table3";
import colors from "picocolors";
import { containmentText } from "../functions/core/containment/containment";
import type { Finding } from "../functions/core/finding";
import type { Severity } from "../functions/core/severity";
import { subjectName } from "../functions/core/subject";
import { listed, plural } from "../functions/core/text";
import type { Coverage } from "./coverage";
import type { ReplayResult } from "./replay";

export const WIDTH = 110;

const SEVERITY_COLOR: Record<Severity, (text: string) => string> = {
  low: colors.dim,
  medium: colors.yellow,
  high: colors.red,
  critical: (text) => colors.bold(colors.red(text)),
};

/** What a replay found, and what it could see. */
export function replayText({ findings, alerts, coverage }: ReplayResult): string {
  const known = findings.length - alerts.length;
  const count =
    findings.length === 0
      ? "No findings."
      : `${plural(findings.length, "finding")}${known > 0 ? `, ${known} of them known from before` : ""}.`;
  const table = findings.length === 0 ? [] : [findingsTable(findings)];
  return [count, ...table, ...findings.map(findingText), coverageText(coverage)].join("\n\n");
}

/** A table, a line a finding. */
export function findingsTable(findings: readonly Finding[]): string {
  const table = new Table({
    head: ["Severity", "Type", "Function", "What", "First seen", "Count", "Status", "Id"],
    style: { head: [], border: [], compact: true },
  });
  for (const finding of findings) {
    table.push([
      SEVERITY_COLOR[finding.severity](`${finding.severity} ${finding.score}`),
      finding.type,
      who(finding),
      subjectName(finding.subject),
      finding.firstSeen.replace("T", " ").replace(":00Z", ""),
      finding.count,
      finding.status,
      finding.id,
    ]);
  }
  return table.toString();
}

/** One finding, whole. */
export function findingText(finding: Finding): string {
  const evidence = finding.evidence.slice(0, 3);
  return [
    colors.bold(finding.title),
    wrap(finding.explanation, WIDTH),
    ...(finding.containment ? [wrap(`Containment: ${containmentText(finding.containment)}`, WIDTH)] : []),
    ...evidence.map(({ ref, line }) =>
      colors.dim(`Evidence: ${ref}${line === undefined ? "" : `, line ${line}`}`),
    ),
    ...(finding.evidence.length > evidence.length
      ? [colors.dim(`and ${plural(finding.evidence.length - evidence.length, "more place")}`)]
      : []),
  ].join("\n");
}

/** How much was seen, in sentences. */
export function coverageSummary({ objects, lines, connections, trail, usage }: Coverage): string[] {
  const { certain, ambiguous, unattributed } = connections;
  const all = certain + ambiguous + unattributed;
  const number = (value: number) => value.toLocaleString("en-US");
  return [
    `${plural(objects, "flow log object")}, ${plural(lines.records, "record")}, ${plural(lines.lambdaRecords, "record")} on Lambda interfaces.`,
    `${plural(all, "connection")}: ${number(certain)} of a certain function, ${number(ambiguous)} of a group, ${number(unattributed)} of no known function.`,
    ...(trail.files === 0
      ? []
      : [
          `${plural(trail.files, "CloudTrail file")}, ${plural(trail.records, "record")}: ${plural(trail.calls, "call")} by functions, ${plural(trail.changes, "change")} of functions or telemetry.`,
        ]),
    ...(usage.functions === 0
      ? []
      : [
          `Metrics of ${plural(usage.functions, "function")}, ${plural(usage.points, "point")} of five minutes.`,
        ]),
  ];
}

export function coverageText(coverage: Coverage): string {
  return [
    colors.bold("Coverage"),
    ...coverageSummary(coverage),
    ...coverage.notes.map((note) => wrap(`- ${note}`, WIDTH, "  ")),
    ...coverage.unreadable.map(({ ref, reason }) => colors.yellow(wrap(`! ${ref}: ${reason}`, WIDTH, "  "))),
  ].join("\n");
}

function who({ functionName, candidates, entity }: Finding): string {
  if (functionName !== null) return functionName;
  if (entity.startsWith("account:")) return entity.replace("account:", "account ").replace(":", " ");
  return listed(
    candidates.map((candidate) => candidate.functionName),
    4,
  );
}

/** Breaks text into lines; those that follow are indented. */
export function wrap(text: string, width: number, indent = ""): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) as string;
    if (line !== "" && line.length + 1 + word.length > width) lines.push(indent + word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.join("\n");
}

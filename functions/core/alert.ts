/**
 * The SNS message of a finding: a mail for people, JSON for machines, attributes for filter policies.
 * Source: docs.aws.amazon.com/sns/latest/api/API_Publish.html (subject: ASCII, no line breaks, at most 100 characters)
 */

import { containmentText } from "./containment/containment";
import { detectorOf } from "./detectors";
import type { Finding } from "./finding";
import type { Severity } from "./severity";
import { subjectText } from "./subject";
import { listed, plural } from "./text";

export interface Alert {
  readonly subject: string;
  /** What a person reads. */
  readonly text: string;
  /** The finding as JSON. */
  readonly json: string;
  readonly attributes: {
    readonly type: string;
    readonly severity: Severity;
    readonly accountId: string | null;
    /** One name, or the name of every candidate: a filter policy on a function matches a group that it is in. */
    readonly functionNames: readonly string[];
    /** Mode of containment, or `refused`; absent where the alert tells of none. */
    readonly containment?: string;
  };
}

const LONGEST_SUBJECT = 100;

export function alertOf(finding: Finding): Alert {
  const { containment } = finding;
  const fate = containment && (containment.refused === null ? containment.mode : "refused");
  return {
    subject: toSubject(`[Plumbline ${finding.severity}${fate ? `, ${FATES[fate]}` : ""}] ${finding.title}`),
    text: toText(finding),
    json: JSON.stringify(finding),
    attributes: {
      type: finding.type,
      severity: finding.severity,
      accountId: finding.accountId,
      functionNames: finding.candidates.map((candidate) => candidate.functionName),
      ...(fate && { containment: fate }),
    },
  };
}

const FATES = { dryRun: "would be contained", enforce: "contained", refused: "not contained" } as const;

function toSubject(text: string): string {
  const ascii = text.normalize("NFKD").replace(/[^\x20-\x7e]/g, "?");
  return ascii.length <= LONGEST_SUBJECT ? ascii : `${ascii.slice(0, LONGEST_SUBJECT - 3)}...`;
}

function toText(finding: Finding): string {
  const { subject, baseline } = finding;
  const detector = detectorOf(finding.type);
  const rows: [string, string][] = [
    ["What", `${finding.type}: ${detector?.title ?? finding.title}`],
    ["Who", whoOf(finding)],
    ["Where", `account ${finding.accountId ?? "unknown"}, ${finding.region ?? "Region unknown"}`],
    subjectText(subject),
    ["Since", `${finding.firstSeen}, seen ${plural(finding.count, "time")}, last ${finding.lastSeen}`],
    ["Severity", `${finding.severity} (${finding.score} of 10)`],
    [
      "Numbers",
      `expected ${baseline.expected}, observed ${baseline.observed}, after ${plural(baseline.days, "day")} of history`,
    ],
    ...(finding.containment ? [["Contained", containmentText(finding.containment)] as [string, string]] : []),
  ];
  return [
    finding.title,
    "",
    ...rows.map(([name, value]) => `${`${name}:`.padEnd(10)}${value}`),
    "",
    "Why this is unusual",
    finding.explanation,
    "",
    "What to look at first",
    detector?.lookAt ?? "The evidence below.",
    "",
    "Evidence",
    ...finding.evidence.map(
      ({ ref, line, at }) => `${at}  ${ref}${line === undefined ? "" : ` line ${line}`}`,
    ),
    "",
    `Finding ${finding.id}. To see it again: plumbline findings show ${finding.id}`,
  ].join("\n");
}

function whoOf({ functionArn, candidates, entity }: Finding): string {
  if (functionArn !== null) return functionArn;
  if (entity.startsWith("account:")) return "the account itself";
  const names = candidates.map((candidate) => candidate.functionName);
  return names.length === 0 ? `no known function (${entity})` : `one of ${listed(names, 20)} (${entity})`;
}

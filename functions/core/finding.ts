/**
 * A finding: one deviation of one entity. The same deviation again is merged into it; merging is idempotent and free of
 * order, so a delivery that is repeated changes nothing.
 */
import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils";
import { type Attribution, type Candidate, mergeCandidates } from "./attribution/entity";
import type { Deploy } from "./baseline/trail-facets";
import { canonicalJson, isSameJson } from "./canonical";
import type { Coincidence } from "./coincidence";
import type { Containment } from "./containment/containment";
import { withContext } from "./context";
import type { Severity } from "./severity";

export const STATUSES = ["open", "muted", "resolved"] as const;
export type Status = (typeof STATUSES)[number];

export interface ConnectionSubject {
  readonly peer: string;
  readonly address: string;
  readonly port: number;
  readonly protocol: string;
  readonly direction: "egress";
  /** Bytes that went out in the first hour of it, as far as the first object tells. */
  readonly bytes: number;
}

export interface CallSubject {
  readonly eventSource: string;
  readonly eventName: string;
  readonly region: string;
  /** An address, or the name of an AWS service; `null` where the record has none. */
  readonly sourceIp: string | null;
  readonly accessKeyId: string | null;
  readonly errorCode: string | null;
}

export interface ChangeSubject {
  readonly eventName: string;
  /** Who made it. */
  readonly actor: string;
  /** What was changed, in a few words. */
  readonly detail: string;
}

export interface UsageSubject {
  readonly metric: string;
  /** Seconds of the window in which it was furthest off. */
  readonly period: number;
  readonly value: number;
}

export type Subject = ConnectionSubject | CallSubject | ChangeSubject | UsageSubject;

export interface Evidence {
  readonly source: "flow-log" | "cloudtrail" | "metric";
  /** The object (`s3://bucket/key`, or its path in a telemetry folder), the eventID of a CloudTrail record, or the name of a metric. */
  readonly ref: string;
  readonly at: string;
  readonly line?: number;
}

/** The numbers behind a finding: what was normal, what was seen, and where the line between them is. */
export interface Deviation {
  /** Days of history. */
  readonly days: number;
  readonly expected: number;
  readonly observed: number;
  readonly threshold: number;
  readonly rarity: "UNSEEN" | "RARE" | "INFREQUENT";
}

/** The fields of a finding are public names: the same in the findings table, in the alert and on the command line. */
export interface Finding {
  readonly id: string;
  readonly type: string;
  readonly severity: Severity;
  /** 0-10; severity is its band. */
  readonly score: number;
  readonly entity: string;
  readonly functionArn: string | null;
  readonly functionName: string | null;
  readonly candidates: readonly Candidate[];
  readonly attribution: Attribution;
  readonly accountId: string | null;
  readonly region: string | null;
  readonly subject: Subject;
  readonly title: string;
  readonly explanation: string;
  readonly baseline: Deviation;
  /** The earliest `MAX_EVIDENCE`. */
  readonly evidence: readonly Evidence[];
  /** How often it was seen: distinct seconds at which it began anew, at most `MAX_OCCURRENCES`. */
  readonly count: number;
  /** ISO 8601, UTC. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly status: Status;
  /** MITRE ATT&CK technique ids. */
  readonly mitre: readonly string[];
  /** Since when the baseline was learned: ISO 8601, or `null` for what needs no history. */
  readonly learnedFrom: string | null;
  /** Ids of findings that it belongs together with: a change, and what came of it; what coincides. */
  readonly related: readonly string[];
  /** When what it tells of was ended, ISO 8601; `null` where nothing is known of that. */
  readonly endedAt: string | null;
  /** What was done about it, or would be; absent where nothing applies. */
  readonly containment?: Containment;
}

/** Of two sightings the weightier describes the finding, of equal ones the earlier. */
export interface Description {
  readonly weight: number;
  /** When and where it was seen. */
  readonly key: string;
  /** Score and explanation before what lies around it is taken into account. */
  readonly score: number;
  readonly explanation: string;
}

/** A finding as it is stored. */
export interface FindingRecord extends Finding {
  /** Seconds since 1970 at which it began anew, ascending; counted once each, however often they are delivered. */
  readonly occurrences: readonly number[];
  /** The sighting that it is described by. */
  readonly described: Description;
  /** Deploys of the function that may have brought it, in order of time. */
  readonly deploys: readonly Deploy[];
  /** Findings that coincide with it, where one of both is weak. */
  readonly coincides?: readonly Coincidence[];
  /** Who tells which candidates were invoked, where CloudTrail's data events do not. */
  readonly invokedFrom?: "metrics";
  /** Since when an alert is due (ISO 8601); absent when there is none. */
  readonly alertDue?: string;
}

export const MAX_EVIDENCE = 10;
export const MAX_OCCURRENCES = 1000;

/** A stable id: the same deviation of the same entity has the same one. */
export function findingId(type: string, entity: string, deviation: string): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson([type, entity, deviation])))).slice(0, 20);
}

/** Two sightings of one finding as one. */
export function combineSightings(a: FindingRecord, b: FindingRecord): FindingRecord {
  const occurrences = [...new Set([...a.occurrences, ...b.occurrences])]
    .sort((x, y) => x - y)
    .slice(0, MAX_OCCURRENCES);
  const described = describesBetter(b.described, a.described) ? b : a;
  const other = described === a ? b : a;
  const invokedFrom = described.invokedFrom ?? other.invokedFrom;
  const combined: FindingRecord = {
    ...described,
    candidates: mergeCandidates(described.candidates, other.candidates),
    ...(invokedFrom !== undefined && { invokedFrom }),
    evidence: mergeEvidence(a.evidence, b.evidence),
    occurrences,
    count: Math.max(1, occurrences.length),
    firstSeen: a.firstSeen < b.firstSeen ? a.firstSeen : b.firstSeen,
    lastSeen: a.lastSeen > b.lastSeen ? a.lastSeen : b.lastSeen,
    endedAt: [a.endedAt, b.endedAt].reduce((x, y) => ((x ?? "") > (y ?? "") ? x : y)),
  };
  const containment = a.containment ?? b.containment;
  return withContext({ ...combined, ...(containment && { containment }) }, other);
}

/**
 * Merges what was seen into what is stored. An alert becomes due (at `now`, ISO 8601) for a finding that is new, and for
 * a resolved one that is seen again, later than it was; a muted one stays silent, and one that has ended is
 * resolved, and was worth an alert all the same.
 */
export function mergeFinding(stored: FindingRecord | null, seen: FindingRecord, now: string): FindingRecord {
  if (stored === null) return { ...seen, status: hasEnded(seen) ? "resolved" : "open", alertDue: now };
  const { alertDue, ...sent } = stored;
  const combined = combineSightings(sent, seen);
  const isBack = stored.status === "resolved" && seen.lastSeen > stored.lastSeen && !hasEnded(combined);
  if (isBack) return { ...combined, status: "open", alertDue: now };
  const status = stored.status === "open" && hasEnded(combined) ? "resolved" : stored.status;
  return { ...combined, status, ...(alertDue !== undefined && { alertDue }) };
}

const hasEnded = ({ endedAt, lastSeen }: FindingRecord) => endedAt !== null && endedAt >= lastSeen;

/** What is stored, ended at `at` (ISO 8601), if it was not seen later. */
export const endFinding = (stored: FindingRecord, at: string): FindingRecord => {
  const ended = { ...stored, endedAt: (stored.endedAt ?? "") > at ? stored.endedAt : at };
  return ended.status === "open" && hasEnded(ended) ? { ...ended, status: "resolved" } : ended;
};

/** A finding with what is done about it. That is news: an alert becomes due (at `now`, ISO 8601), unless it is muted. */
export function withContainment(stored: FindingRecord, containment: Containment, now: string): FindingRecord {
  if (stored.containment !== undefined && isSameJson(told(stored.containment), told(containment)))
    return stored;
  return { ...stored, containment, ...(stored.status !== "muted" && { alertDue: now }) };
}

/** What is refused again at another time is no news. */
const told = (containment: Containment) =>
  containment.refused === null ? containment : { ...containment, from: "", until: "" };

/** What everyone may see of a finding; the rest is how it is kept. */
export function publicFinding(record: FindingRecord): Finding {
  const { occurrences, alertDue, described, deploys, coincides, invokedFrom, ...finding } = record;
  return finding;
}

const describesBetter = (a: Description, b: Description) =>
  a.weight > b.weight || (a.weight === b.weight && a.key < b.key);

/** Sightings of one weight are ordered by time, and those of one time by where they were read. */
export const descriptionKey = (firstSeen: string, evidence: readonly Evidence[]): string =>
  `${firstSeen} ${evidenceKey(evidence[0])}`;

const evidenceKey = (evidence: Evidence | undefined) =>
  evidence === undefined
    ? ""
    : `${evidence.at} ${evidence.ref} ${String(evidence.line ?? 0).padStart(12, "0")}`;

function mergeEvidence(a: readonly Evidence[], b: readonly Evidence[]): Evidence[] {
  const all = new Map([...a, ...b].map((evidence) => [evidenceKey(evidence), evidence]));
  return [...all]
    .sort(([keyA], [keyB]) => (keyA < keyB ? -1 : 1))
    .slice(0, MAX_EVIDENCE)
    .map(([, evidence]) => evidence);
}

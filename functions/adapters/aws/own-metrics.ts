/**
 * Plumbline's metrics of itself: their names, for those who send them and for those who draw them. CloudWatch bills each
 * name $0.30 a month, by the hours in which it is sent. So there are few, without a dimension but the stack's name, and a
 * count of nothing is not sent: what should not happen costs nothing until it does.
 */
import type { Severity } from "../../core/severity";

export const NAMESPACE = "Plumbline";
/** The one dimension: the name of the stack. Powertools calls it so. */
export const DIMENSION = "service";

export const OWN_METRICS = {
  /** From the newest record of an object on a Lambda interface, and from an event of CloudTrail, until it was read. */
  FlowLogLag: "Seconds",
  TrailLag: "Seconds",
  /** What was read of each source. */
  FlowLogRecords: "Count",
  TrailEvents: "Count",
  FunctionsWithUsage: "Count",
  Connections: "Count",
  /** Of an object's connections, those on Lambda interfaces for which no function is known. */
  UnattributedShare: "Percent",
  /** Records for which AWS says that it left out others. */
  SkipDataRecords: "Count",
  /** Records, events and entries of the account that could not be read. */
  UnreadableInput: "Count",
  /** Alerts that were found in the outbox by the sweep: somebody else should have published them. */
  AlertsDue: "Count",
  /** Alerts that were published: one for each finding that is new or came back. */
  FindingsLow: "Count",
  FindingsMedium: "Count",
  FindingsHigh: "Count",
  FindingsCritical: "Count",
} as const satisfies Record<string, "Count" | "Seconds" | "Percent">;

export type OwnMetric = keyof typeof OWN_METRICS;

export const FINDINGS_METRIC: Readonly<Record<Severity, OwnMetric>> = {
  low: "FindingsLow",
  medium: "FindingsMedium",
  high: "FindingsHigh",
  critical: "FindingsCritical",
};

/** What the handlers need of the world. In AWS it is S3, DynamoDB, SNS and the EC2 and Lambda APIs; else a folder. */

import type { Alert } from "../core/alert";
import type { AwsRanges } from "../core/attribution/aws-ranges";
import type { Inventory, LambdaFunction, Valid } from "../core/attribution/inventory";
import type { Invocation } from "../core/attribution/invocation";
import type { Snapshot } from "../core/attribution/snapshot";
import type { Baseline, BaselineChanges } from "../core/baseline/baseline";
import type { Facet } from "../core/baseline/facets";
import type { Block } from "../core/containment/block";
import type { FindingRecord, Status } from "../core/finding";
import type { MetricName, MetricSeries } from "../core/telemetry/metric-data";
import type { ObjectLocation } from "../core/telemetry/s3-notification";
import type { ThreatLists } from "../core/threat-list";

export interface TelemetryObjects {
  /** The object's bytes as they are stored. Rejects if there is no such object. */
  open(location: ObjectLocation): Promise<AsyncIterable<Uint8Array>>;
}

export interface InventoryStore {
  /** Past and present, indexed; may be a minute old. */
  current(): Promise<Inventory>;
  items(): Promise<Valid[]>;
  /** The look at the account that last changed something; `null` if none did. */
  lastSync(): Promise<Sync | null>;
  save(changes: readonly Valid[], syncedAt: number): Promise<void>;
  /** Notes which functions were invoked behind which interfaces. */
  saveInvocations(invocations: readonly Invocation[]): Promise<void>;
  /** What is noted of the hours (since 1970) from `from` to `to`. */
  invocations(from: number, to: number): Promise<Invocation[]>;
  /** Which publication of AWS's ranges is stored; `null` where none is. */
  awsRangesState(): Promise<AwsRangesState | null>;
  /** Stores them unless this publication is stored already, and that they were looked at. */
  saveAwsRanges(ranges: AwsRanges, checkedAt: number): Promise<void>;
}

export interface Sync {
  /** Seconds since 1970. */
  readonly at: number;
  /** Whether all that it changed is written: where it is not, whoever wrote it is at it, or came no further. */
  readonly isWhole: boolean;
}

export interface AwsRangesState {
  readonly syncToken: string;
  /** When it was last seen that there are no newer ones, seconds since 1970. */
  readonly checkedAt: number;
}

export interface AwsRangesPublication {
  /** AWS's ranges as they are published now, and how many entries could not be read. Rejects where they cannot be had. */
  latest(): Promise<{ ranges: AwsRanges; unreadable: number }>;
}

export interface BaselineStore {
  /**
   * What is known of an entity on a UTC day. Asked for `usage`, what metrics are held against is enough: the rest is the
   * larger part, and may be absent.
   */
  load(entity: string, day: number, part?: "all" | "usage"): Promise<Baseline>;
  /** Merges changes into what is stored, and gives the merged facets as they are then. `before` is what was loaded. */
  save(entity: string, changes: BaselineChanges, before: Baseline): Promise<Facet[]>;
  /** The last UTC day on which each of the entities talked to a peer of one of these keys; without those that never did. */
  contacts(entities: readonly string[], peerKeys: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

export interface FindingFilter {
  readonly status?: Status;
  readonly limit: number;
}

export interface FindingStore {
  /** Merges what was seen into what is stored. `alert` tells that this call made an alert due. */
  merge(seen: FindingRecord, now: string): Promise<{ record: FindingRecord; alert: boolean }>;
  /** Changes a finding that is stored; `null` where it is not. `amend` must be idempotent: it may run again. */
  amend(id: string, amend: (stored: FindingRecord) => FindingRecord): Promise<FindingRecord | null>;
  /** Findings of an entity that were last seen at `since` (ISO 8601) or later; those of the last second may be missing. */
  ofEntity(entity: string, since: string): Promise<FindingRecord[]>;
  /**
   * Takes on an alert that was due at `alertDue`, so that it is due from `now` on (both ISO 8601); `null` where somebody else
   * has taken it on, or published it.
   */
  claimAlert(id: string, alertDue: string, now: string): Promise<FindingRecord | null>;
  /** Takes an alert out of the outbox, if it is still the one that was due at `alertDue`. */
  alertSent(id: string, alertDue: string): Promise<void>;
  /** Findings whose alert has been due since `before` or earlier. */
  due(before: string): Promise<FindingRecord[]>;
  get(id: string): Promise<FindingRecord | null>;
  /** Rejects where there is no such finding. */
  setStatus(id: string, status: Status): Promise<FindingRecord>;
  /** Newest first. */
  list(filter: FindingFilter): Promise<FindingRecord[]>;
}

export interface ThreatSource {
  /** The owner's threat lists; may be a quarter of an hour old. */
  current(): Promise<ThreatLists>;
}

export interface AlertPublisher {
  publish(alert: Alert): Promise<void>;
}

export interface UsageSource {
  /** Metrics of functions in `from` <= time < `until` (seconds since 1970), and what of them could not be read. */
  usage(
    functions: readonly LambdaFunction[],
    metrics: readonly MetricName[],
    from: number,
    until: number,
  ): Promise<{ series: readonly MetricSeries[]; problems: readonly string[] }>;
}

export interface Account {
  /** Looks at the functions and interfaces that exist now; `problems` names entries that could not be read. */
  look(): Promise<{ snapshot: Snapshot; problems: readonly InputProblem[] }>;
}

/** Input that could not be read: where it is, and why. */
export interface InputProblem {
  readonly ref: string;
  readonly reason: string;
}

/** The part of a Powertools Logger that is used. */
export interface Log {
  info(message: string, fields: Record<string, unknown>): void;
  warn(message: string, fields: Record<string, unknown>): void;
  error(message: string, fields: Record<string, unknown>): void;
}

/** The time now, in seconds since 1970. */
export type Clock = () => number;

export interface BlockStore {
  /** Every block, those that are over included. */
  all(): Promise<Block[]>;
  /** Changes one block, or makes it; `change` must be idempotent: it may run again. */
  change(id: string, change: (stored: Block | null) => Block): Promise<Block>;
  /** The right to act for some minutes, and how to give it back; `null` while another has it. */
  lease(now: number): Promise<(() => Promise<void>) | null>;
}

/** Where targets are cut off: network ACLs, IP sets, functions. */
export interface Place {
  /**
   * Makes a place hold exactly those of its `blocks` that hold. Does nothing where it is so already. Tells why it cannot
   * be so; `null` where it is.
   */
  settle(resource: string, blocks: readonly Block[]): Promise<string | null>;
}

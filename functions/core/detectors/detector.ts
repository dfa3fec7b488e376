/** The form of a detector: one file, one kind of deviation, pure. */
import type { Act, Call, Change } from "../attribution/act";
import type { Connection } from "../attribution/attribute";
import type { Entity } from "../attribution/entity";
import type { Usage } from "../attribution/usage";
import type { Baseline } from "../baseline/baseline";
import type { TrailFacet } from "../baseline/trail-facets";
import type { DetectionConfig } from "../config";
import type { Deviation, Evidence, Subject } from "../finding";
import type { Severity } from "../severity";
import type { Notice, Source, SourceCheck } from "../telemetry/source";
import type { ThreatLists } from "../threat-list";

/** One thing an entity did, or that was done to it. */
export type Observation = Connection | Act | Usage | Notice | SourceCheck;

/** An hour of an entity as far as it is known, in all (`peerKey` is `null`) or with one peer. */
export interface EntityHour {
  readonly kind: "hour";
  /** Hours since 1970. */
  readonly hour: number;
  readonly peerKey: string | null;
}

export interface WatchContext {
  readonly entity: Entity;
  readonly config: DetectionConfig;
  /** Addresses that the owner's lists condemn. */
  readonly threats: Pick<ThreatLists, "find">;
  /** What CloudTrail has told of the entity's account in its Region; `null` where nothing. */
  readonly account: TrailFacet | null;
}

/** A deviation as one observation shows it; `watch` makes a finding of it. */
export interface Sighting {
  /** What deviates, within type and entity: the same text is the same finding. */
  readonly deviation: string;
  /** 0-10 */
  readonly score: number;
  readonly subject: Subject;
  readonly title: string;
  readonly explanation: string;
  readonly baseline: Deviation;
  /** Seconds since 1970. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly occurrences: readonly number[];
  readonly evidence: readonly Evidence[];
  /**
   * How much this sighting knows, where a deviation grows as deliveries come in; 0 where each tells all. A finding is
   * described as its weightiest sighting has it. Below 0 for what is told only beside another finding.
   */
  readonly weight: number;
  /** Since when the baseline was learned, seconds since 1970; `null` for what needs no history. */
  readonly learnedFrom: number | null;
  /** Techniques of this case, where they are fewer than the detector's. */
  readonly mitre?: readonly string[];
  /** When it was ended, as far as is known already, seconds since 1970. */
  readonly endedAt?: number;
}

/** The end of a deviation that was seen, or will be: deliveries may overtake each other. */
export interface Ending {
  readonly ends: string;
  /** Seconds since 1970. */
  readonly at: number;
}

/** Deviations, ends of some, nothing unusual, or not enough history to tell. */
export type Verdict = Sighting | Ending | readonly (Sighting | Ending)[] | "normal" | "learning";

/** Judges one kind: single observations, or what they add up to in an hour. */
interface DetectorOf<Judged extends Connection | EntityHour | Call | Change | Usage | SourceCheck> {
  /** Public name, never changed. */
  readonly type: string;
  /** The kind of observation that it judges. */
  readonly judges: Judged["kind"];
  readonly source: Source | "all";
  readonly title: string;
  /** What it usually is; the numbers of a case may move it. */
  readonly severity: Severity;
  /** What it cannot see, for the reader of its silence. */
  readonly misses: string;
  readonly reference: string;
  /** MITRE ATT&CK technique ids. */
  readonly mitre: readonly string[];
  /** What it finds may come of a deploy, and is put down to it. */
  readonly mayComeOfDeploy?: true;
  /** What it finds may come of a change that is a finding of the same entity, and is put down to it. */
  readonly mayComeOfFinding?: true;
  /** What to look at first. */
  readonly lookAt: string;
  /** `baseline` holds what is judged already. */
  detect(observation: Judged, baseline: Baseline, context: WatchContext): Verdict;
}

export type ConnectionDetector = DetectorOf<Connection>;
export type HourDetector = DetectorOf<EntityHour>;
export type CallDetector = DetectorOf<Call>;
export type ChangeDetector = DetectorOf<Change>;
export interface UsageDetector extends DetectorOf<Usage> {
  /** What of its kind was too little to be told alone, of late. */
  weakly(baseline: Baseline, context: WatchContext): readonly Sighting[];
}
export type SourceDetector = DetectorOf<SourceCheck>;
export type Detector =
  | ConnectionDetector
  | HourDetector
  | CallDetector
  | ChangeDetector
  | UsageDetector
  | SourceDetector;

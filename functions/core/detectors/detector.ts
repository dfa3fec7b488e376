/** The form of a detector: one file, one kind of deviation, pure. */
import type { Connection } from "../attribution/attribute";
import type { Entity } from "../attribution/entity";
import type { Baseline } from "../baseline/baseline";
import type { DetectionConfig } from "../config";
import type { Deviation, Evidence, Severity, Subject } from "../finding";
import type { ThreatLists } from "../threat-list";

/** One thing an entity did. */
export type Observation = Connection;

export interface WatchContext {
  readonly entity: Entity;
  readonly config: DetectionConfig;
  /** Addresses that the owner's lists condemn. */
  readonly threats: Pick<ThreatLists, "find">;
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
  /** Since when the baseline was learned, seconds since 1970; `null` for what needs no history. */
  readonly learnedFrom: number | null;
  /** Techniques of this case, where they are fewer than the detector's. */
  readonly mitre?: readonly string[];
}

/** A deviation, nothing unusual, or not enough history to tell. */
export type Verdict = Sighting | "normal" | "learning";

export interface Detector {
  /** Public name, never changed. */
  readonly type: string;
  readonly source: "flow" | "trail" | "metrics";
  readonly title: string;
  /** What it usually is; the numbers of a case may move it. */
  readonly severity: Severity;
  /** What it cannot see, for the reader of its silence. */
  readonly misses: string;
  readonly reference: string;
  /** MITRE ATT&CK technique ids. */
  readonly mitre: readonly string[];
  /** What to look at first. */
  readonly lookAt: string;
  /** `baseline` holds the observation already. */
  detect(observation: Observation, baseline: Baseline, context: WatchContext): Verdict;
}

/** What metrics leave of a function: its usage lines as they stand, and the latest episodes in which it left them. */

import type { MetricName } from "../telemetry/metric-data";
import { dayOf } from "../time";
import type { FacetKind } from "./facet-kind";
import type { Item } from "./usage/item";

/** What an episode is about. */
export type EpisodeKind = "spike" | "silence" | "shift" | "failures";

/** Usage that is off by too little to be told alone. Times are in seconds since 1970. */
export interface WeakSignal {
  readonly kind: EpisodeKind;
  readonly onset: number;
  readonly last: number;
  /** As of an episode; the score is below 1. */
  readonly peak: number;
  readonly expected: number;
  readonly seconds: number;
  readonly score: number;
}

/** A deviation from its begin to its end. */
export interface UsageEpisode {
  readonly kind: EpisodeKind;
  readonly active: boolean;
  /** Seconds since 1970. */
  readonly onset: number;
  readonly last: number;
  /** Begin of the first point that was off by itself, and end of the last: `onset` and `last` are those of windows. */
  readonly offFrom?: number;
  readonly offUntil?: number;
  readonly points: number;
  /** Onset of the weak signal that it grew from, where there was one. */
  readonly grewFrom?: number;
  /** The point that told of it last, or of its end: begin, in seconds since 1970. */
  readonly toldAt: number;
  /** Where it was furthest off, in a window of so many seconds: what came, what was expected, how far beyond the bound. */
  readonly peak: number;
  readonly expected: number;
  readonly seconds: number;
  readonly score: number;
}

/**
 * One metric. A line takes each point once, in order, so of two states the one that has come further holds: they are
 * written one after the other, on condition that nobody wrote in between.
 */
export interface UsageFacet {
  readonly facet: `USAGE#${MetricName}`;
  /** The last point that was taken, and the first: begin, in seconds since 1970. */
  readonly upTo: number;
  readonly since: number;
  readonly line: Item;
  /** The latest `MAX_EPISODES`, in order of time. */
  readonly episodes: readonly UsageEpisode[];
  /** The latest `MAX_WEAK` of a day, in order of time. */
  readonly weak?: readonly WeakSignal[];
}

export const MAX_EPISODES = 4;
export const MAX_WEAK = 3;

const usageKind: FacetKind<UsageFacet> = {
  is: (name) => name.startsWith("USAGE#"),
  lastDay: ({ upTo }) => dayOf(upTo),
  keptDays: (retentionDays) => retentionDays,
  merge: (a, b) => (b.upTo > a.upTo ? b : a),
};

export const USAGE_FACETS = [usageKind];

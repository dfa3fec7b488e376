/** The baseline of one entity: its facets together. */

import type { MetricName } from "../telemetry/metric-data";
import type { Source } from "../telemetry/source";
import {
  type Facet,
  isCalls,
  isForgotten,
  isHour,
  isPeer,
  isProfile,
  isSource,
  isTrail,
  isTrailDay,
  isUsage,
} from "./facets";
import type { HourFacet, PeerFacet, ProfileFacet } from "./flow-facets";
import type { SourceFacet } from "./source-facets";
import type { CallFacet, TrailDayFacet, TrailFacet } from "./trail-facets";
import type { UsageFacet } from "./usage-facets";

export interface Baseline {
  readonly profile: ProfileFacet | null;
  /** By peer key. */
  readonly peers: ReadonlyMap<string, PeerFacet>;
  /** The latest hours that left traces, by hours since 1970. */
  readonly hours: ReadonlyMap<number, HourFacet>;
  readonly trail: TrailFacet | null;
  /** By service. */
  readonly calls: ReadonlyMap<string, CallFacet>;
  /** The latest days that CloudTrail told of, by days since 1970. */
  readonly trailDays: ReadonlyMap<number, TrailDayFacet>;
  /** By metric. */
  readonly usage: ReadonlyMap<MetricName, UsageFacet>;
  /** Of an account: the sources that tell of it. */
  readonly sources: ReadonlyMap<Source, SourceFacet>;
}

/** What has to be stored: facets in their merged state, and facets that gave way because the entity is wide. */
export interface BaselineChanges {
  readonly merged: readonly Facet[];
  readonly dropped: readonly Facet["facet"][];
}

export const EMPTY_BASELINE: Baseline = {
  profile: null,
  peers: new Map(),
  hours: new Map(),
  trail: null,
  calls: new Map(),
  trailDays: new Map(),
  usage: new Map(),
  sources: new Map(),
};

/** Puts stored facets together; those that are kept no longer on `day` are forgotten already. */
export function baselineOf(facets: readonly Facet[], day: number, retentionDays: number): Baseline {
  return withFacets(
    EMPTY_BASELINE,
    facets.filter((facet) => !isForgotten(facet, day, retentionDays)),
  );
}

/** A baseline with some facets put in place of those it has. */
export function withFacets(baseline: Baseline, facets: readonly Facet[]): Baseline {
  return {
    profile: facets.find(isProfile) ?? baseline.profile,
    peers: replaced(baseline.peers, facets.filter(isPeer), peerKeyOf),
    hours: replaced(baseline.hours, facets.filter(isHour), ({ hour }) => hour),
    trail: facets.find(isTrail) ?? baseline.trail,
    calls: replaced(baseline.calls, facets.filter(isCalls), serviceOf),
    trailDays: replaced(baseline.trailDays, facets.filter(isTrailDay), ({ day }) => day),
    usage: replaced(baseline.usage, facets.filter(isUsage), metricOf),
    sources: replaced(baseline.sources, facets.filter(isSource), sourceOf),
  };
}

function replaced<K, F>(
  map: ReadonlyMap<K, F>,
  facets: readonly F[],
  keyOf: (facet: F) => K,
): ReadonlyMap<K, F> {
  return facets.length === 0
    ? map
    : new Map([...map, ...facets.map((facet) => [keyOf(facet), facet] as const)]);
}

/** All that a baseline is made of. */
export const facetsOf = ({
  profile,
  peers,
  hours,
  trail,
  calls,
  trailDays,
  usage,
  sources,
}: Baseline): Facet[] => [
  ...[profile, trail].filter((facet) => facet !== null),
  ...peers.values(),
  ...hours.values(),
  ...calls.values(),
  ...trailDays.values(),
  ...usage.values(),
  ...sources.values(),
];

/** How much a baseline holds: its facets, and for an hour the traces in it, each as large as a facet. */
export const sizeOf = (baseline: Baseline): number =>
  [...baseline.hours.values()].reduce(
    (size, { traces }) => size + Object.keys(traces).length,
    baseline.peers.size + baseline.calls.size + baseline.trailDays.size + baseline.usage.size + 2,
  );

/** The facet of a baseline that goes by the same name as `facet`. */
export function counterpart(baseline: Baseline, facet: Facet): Facet | null | undefined {
  if (isProfile(facet)) return baseline.profile;
  if (isTrail(facet)) return baseline.trail;
  if (isPeer(facet)) return baseline.peers.get(peerKeyOf(facet));
  if (isHour(facet)) return baseline.hours.get(facet.hour);
  if (isTrailDay(facet)) return baseline.trailDays.get(facet.day);
  if (isUsage(facet)) return baseline.usage.get(metricOf(facet));
  if (isSource(facet)) return baseline.sources.get(sourceOf(facet));
  return baseline.calls.get(serviceOf(facet));
}

export const peerKeyOf = (facet: PeerFacet) => facet.facet.slice("PEER#".length);
export const metricOf = (facet: UsageFacet) => facet.facet.slice("USAGE#".length) as MetricName;
export const sourceOf = (facet: SourceFacet) => facet.facet.slice("SOURCE#".length) as Source;
export const serviceOf = (facet: CallFacet) => facet.facet.slice("CALL#".length);

/** Bytes sent to a peer, or to all, in an hour, as far as they left traces. */
export const bytesSent = (hour: HourFacet | undefined, peerKey: string): number =>
  Object.values(hour?.traces ?? {}).reduce((sum, { sent }) => sum + (sent[peerKey]?.bytes ?? 0), 0);

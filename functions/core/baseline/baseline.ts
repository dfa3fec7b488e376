/** The baseline of one entity: its facets together. */
import {
  type Facet,
  type HourFacet,
  isForgotten,
  isHour,
  isPeer,
  isProfile,
  type PeerFacet,
  type ProfileFacet,
} from "./facets";

export interface Baseline {
  readonly profile: ProfileFacet | null;
  /** By peer key. */
  readonly peers: ReadonlyMap<string, PeerFacet>;
  /** The latest hours that left traces, by hours since 1970. */
  readonly hours: ReadonlyMap<number, HourFacet>;
}

/** What has to be stored: facets in their merged state, and facets that gave way because the entity is wide. */
export interface BaselineChanges {
  readonly merged: readonly Facet[];
  readonly dropped: readonly Facet["facet"][];
}

export const EMPTY_BASELINE: Baseline = { profile: null, peers: new Map(), hours: new Map() };

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
    peers: new Map([
      ...baseline.peers,
      ...facets.filter(isPeer).map((facet) => [peerKeyOf(facet), facet] as const),
    ]),
    hours: new Map([
      ...baseline.hours,
      ...facets.filter(isHour).map((facet) => [facet.hour, facet] as const),
    ]),
  };
}

/** All that a baseline is made of. */
export const facetsOf = ({ profile, peers, hours }: Baseline): Facet[] => [
  ...(profile === null ? [] : [profile]),
  ...peers.values(),
  ...hours.values(),
];

export const peerKeyOf = (facet: PeerFacet) => facet.facet.slice("PEER#".length);

/** Bytes sent to a peer, or to all, in an hour, as far as they left traces. */
export const bytesSent = (hour: HourFacet | undefined, peerKey: string): number =>
  Object.values(hour?.traces ?? {}).reduce((sum, { sent }) => sum + (sent[peerKey]?.bytes ?? 0), 0);

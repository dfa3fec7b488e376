/** The baseline of one entity: its facets together, and what new connections add to them. */
import type { Connection } from "../attribution/attribute";
import { classOf, PEER_CLASSES } from "../attribution/peer";
import { portLabel } from "../attribution/port";
import { canonicalJson } from "../canonical";
import type { DetectionConfig } from "../config";
import { dayOf } from "../time";
import {
  type Facet,
  facetLastDay,
  isForgotten,
  mergeFacets,
  overflowed,
  type PeerFacet,
  type ProfileFacet,
} from "./facets";
import { seenOn } from "./history";

export interface Baseline {
  readonly profile: ProfileFacet | null;
  /** By peer key. */
  readonly peers: ReadonlyMap<string, PeerFacet>;
}

/** What has to be stored: facets in their merged state, and facets that gave way because the entity is wide. */
export interface BaselineChanges {
  readonly merged: readonly Facet[];
  readonly dropped: readonly Facet["facet"][];
}

/** Puts stored facets together; those not seen within `retentionDays` before `day` are forgotten already. */
export function baselineOf(facets: readonly Facet[], day: number, retentionDays: number): Baseline {
  const live = facets.filter((facet) => !isForgotten(facet, day, retentionDays));
  return {
    profile: live.find((facet) => facet.facet === "PROFILE") ?? null,
    peers: new Map(
      live.flatMap((facet) => (facet.facet === "PROFILE" ? [] : [[peerKeyOf(facet), facet] as const])),
    ),
  };
}

const peerKeyOf = (facet: PeerFacet) => facet.facet.slice("PEER#".length);

/** Adds connections to a baseline: the baseline after, and what of it is new. */
export function absorb(
  before: Baseline,
  connections: readonly Connection[],
  config: DetectionConfig,
): { after: Baseline; changes: BaselineChanges } {
  if (connections.length === 0) return { after: before, changes: { merged: [], dropped: [] } };
  const peers = new Map(before.peers);
  let profile = before.profile;
  const merge = <F extends Facet>(known: F | null | undefined, seen: F) =>
    known ? mergeFacets(known, seen, config.retentionDays) : seen;
  for (const connection of connections) {
    profile = merge(profile, profileFacet(connection));
    peers.set(connection.peer.key, merge(peers.get(connection.peer.key), peerFacet(connection)));
  }
  const surplus = surplusOf(peers, config.maxPeers);
  for (const [key, peer] of surplus) {
    peers.delete(key);
    profile = profile && overflowed(profile, classOf(peer.kind), facetLastDay(peer));
  }

  const merged = [profile, ...peers.values()].filter(
    (facet): facet is Facet => facet !== null && !isSame(facet, stored(before, facet)),
  );
  const dropped = surplus.filter(([key]) => before.peers.has(key)).map(([, peer]) => peer.facet);
  return { after: { profile, peers }, changes: { merged, dropped } };
}

/**
 * What is beyond the most that are kept: of the more numerous class, the last known. So a flood of new peers can push out
 * neither what was learned nor the other class. In any order of arrival the same ones stay.
 */
function surplusOf(peers: ReadonlyMap<string, PeerFacet>, most: number): [string, PeerFacet][] {
  if (peers.size <= most) return [];
  const ranked = [...peers].sort(
    ([keyA, a], [keyB, b]) => a.contact.firstDay - b.contact.firstDay || (keyA < keyB ? -1 : 1),
  );
  const [internal, external] = PEER_CLASSES.map((one) =>
    ranked.filter(([, peer]) => classOf(peer.kind) === one),
  ) as [[string, PeerFacet][], [string, PeerFacet][]];
  const half = Math.floor(most / 2);
  const ofInternal = Math.max(most - half, most - external.length);
  const ofExternal = Math.max(half, most - internal.length);
  return [...internal.slice(ofInternal), ...external.slice(ofExternal)];
}

const stored = (baseline: Baseline, facet: Facet) =>
  facet.facet === "PROFILE" ? baseline.profile : baseline.peers.get(peerKeyOf(facet));

const isSame = (a: Facet, b: Facet | null | undefined) => a === b || canonicalJson(a) === canonicalJson(b);

const profileFacet = ({ flow }: Connection): ProfileFacet => ({
  facet: "PROFILE",
  activity: seenOn(dayOf(flow.firstSeen)),
  wide: {},
});

function peerFacet({ flow, peer }: Connection): PeerFacet {
  const seen = seenOn(dayOf(flow.firstSeen));
  return {
    facet: `PEER#${peer.key}`,
    kind: peer.kind,
    name: peer.name,
    contact: seen,
    ports: { [portLabel(flow)]: seen },
    manyPorts: false,
    interfaces: peer.interfaceId === null ? [] : [peer.interfaceId],
  };
}

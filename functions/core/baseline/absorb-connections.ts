/** What connections add to a baseline. */
import type { Connection } from "../attribution/attribute";
import { classOf, PEER_CLASSES } from "../attribution/peer";
import { portLabel } from "../attribution/port";
import type { DetectionConfig } from "../config";
import { groupBy } from "../group";
import { dayOf } from "../time";
import { type Baseline, bytesSent, withFacets } from "./baseline";
import { type Facet, facetLastDay, mergeFacets } from "./facets";
import { hourFacet, overflowed, type PeerFacet, type ProfileFacet } from "./flow-facets";
import { isSeenOn, seenOn } from "./history";
import { ALL_PEERS, tracesOf, withoutSearches } from "./trace";
import { rounded, type VolumeHistory } from "./volume";

/** A baseline with connections in it, and the peers that gave way. */
export function withConnections(
  before: Baseline,
  connections: readonly Connection[],
  config: DetectionConfig,
): { after: Baseline; surplus: PeerFacet[] } {
  const objects = [...groupBy(connections, ({ ref }) => ref)];
  const learned = objects.flatMap(([, ofObject]) => withoutSearches(ofObject, before));
  const met = withPeers(before, connections, learned, config);
  const { baseline: kept, surplus } = withoutSurplus(met, config.maxPeers);
  const traced = objects.reduce<Baseline>(
    (baseline, [ref, ofObject]) => withTraces(baseline, ref, ofObject, config),
    kept,
  );
  const days = new Set(connections.map(({ flow }) => dayOf(flow.firstSeen)));
  return { after: withVolumes(traced, days, config), surplus: surplus.map(([, peer]) => peer) };
}

/** Every connection is activity; who is met in a search is not learned as a peer. */
function withPeers(
  baseline: Baseline,
  connections: readonly Connection[],
  learned: readonly Connection[],
  config: DetectionConfig,
): Baseline {
  const peers = new Map(baseline.peers);
  let profile = baseline.profile;
  const merge = <F extends Facet>(known: F | null | undefined, seen: F) =>
    known ? mergeFacets(known, seen, config.retentionDays) : seen;
  for (const connection of connections) {
    if (isSeenOn(profile?.activity, dayOf(connection.flow.firstSeen))) continue;
    profile = merge(profile, profileFacet(connection));
  }
  for (const connection of learned) {
    if (isToldAlready(connection, peers.get(connection.peer.key))) continue;
    peers.set(connection.peer.key, merge(peers.get(connection.peer.key), peerFacet(connection)));
  }
  return { ...baseline, profile, peers };
}

/** Whether merging would change nothing: so it is for next to all connections. */
function isToldAlready({ flow, peer }: Connection, facet: PeerFacet | undefined): boolean {
  const day = dayOf(flow.firstSeen);
  return (
    facet !== undefined &&
    isSeenOn(facet.contact, day) &&
    isSeenOn(facet.ports[portLabel(flow)], day) &&
    facet.name <= peer.name &&
    (peer.interfaceId === null || facet.interfaces.includes(peer.interfaceId))
  );
}

function withoutSurplus(
  baseline: Baseline,
  most: number,
): { baseline: Baseline; surplus: [string, PeerFacet][] } {
  const surplus = surplusOf(baseline.peers, most);
  const peers = new Map(baseline.peers);
  let { profile } = baseline;
  for (const [key, peer] of surplus) {
    peers.delete(key);
    profile = profile && overflowed(profile, classOf(peer.kind), facetLastDay(peer));
  }
  return { baseline: { ...baseline, profile, peers }, surplus };
}

function withTraces(
  baseline: Baseline,
  ref: string,
  connections: readonly Connection[],
  config: DetectionConfig,
): Baseline {
  const hours = [...tracesOf(connections, baseline, config)].map(([hour, trace]) => {
    const known = baseline.hours.get(hour);
    const seen = hourFacet(hour, { [ref]: trace });
    return known === undefined ? seen : mergeFacets(known, seen, config.retentionDays);
  });
  return withFacets(baseline, hours);
}

/** Adds up what the traces of some days tell of bytes. */
function withVolumes(baseline: Baseline, days: ReadonlySet<number>, { retentionDays }: DetectionConfig) {
  const changed: Facet[] = [];
  const add = <F extends ProfileFacet | PeerFacet>(facet: F | null | undefined, volume: VolumeHistory) => {
    if (facet) changed.push(mergeFacets<F>(facet, { ...facet, volume }, retentionDays));
  };
  for (const day of days) {
    const hours = [...baseline.hours.values()].filter((facet) => facetLastDay(facet) === day);
    const traces = hours.flatMap((facet) => Object.values(facet.traces));
    for (const key of new Set(traces.flatMap(({ sent }) => Object.keys(sent)))) {
      const sums = hours.map((facet) => bytesSent(facet, key));
      const volume = {
        [day]: { hour: rounded(Math.max(...sums)), day: rounded(sums.reduce((a, b) => a + b, 0)) },
      };
      if (key === ALL_PEERS) add(baseline.profile, volume);
      else add(baseline.peers.get(key), volume);
    }
  }
  return withFacets(baseline, changed);
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

const profileFacet = ({ flow }: Connection): ProfileFacet => ({
  facet: "PROFILE",
  activity: seenOn(dayOf(flow.firstSeen)),
  volume: {},
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
    volume: {},
  };
}

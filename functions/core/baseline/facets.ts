/**
 * What is known of an entity, in facets: each is one item, kept and forgotten by itself. Every merge is a union, a
 * minimum or a maximum: idempotent and free of order, so deliveries may repeat, overtake each other and run side by
 * side.
 */
import { PEER_CLASSES, type PeerClass, type PeerKind } from "../attribution/peer";
import { type History, lastDay, mergeHistory } from "./history";

/** When the entity was active, and when it last had more peers of a class than are kept (UTC day). */
export interface ProfileFacet {
  readonly facet: "PROFILE";
  readonly activity: History;
  readonly wide: Readonly<Partial<Record<PeerClass, number>>>;
}

/** One peer: when it was talked to, on which service ports, at which interfaces. */
export interface PeerFacet {
  readonly facet: `PEER#${string}`;
  readonly kind: PeerKind;
  readonly name: string;
  readonly contact: History;
  /** By service port as `portLabel` writes it; the `MAX_PORTS` first seen. */
  readonly ports: Readonly<Record<string, History>>;
  /** More ports were seen than are kept: a further one says nothing. */
  readonly manyPorts: boolean;
  /** Interfaces of an internal peer, which recognise it under another name; the first `MAX_INTERFACES` in order. */
  readonly interfaces: readonly string[];
}

export type Facet = ProfileFacet | PeerFacet;

export const MAX_PORTS = 64;
export const MAX_INTERFACES = 32;

/** Merges two states of one facet. What was forgotten before the other began (a store deletes late) adds nothing. */
export function mergeFacets<F extends Facet>(a: F, b: F, retentionDays: number): F {
  if (isForgotten(a, facetLastDay(b), retentionDays)) return b;
  if (isForgotten(b, facetLastDay(a), retentionDays)) return a;
  return (
    a.facet === "PROFILE"
      ? mergeProfiles(a, b as ProfileFacet, retentionDays)
      : mergePeers(a, b as PeerFacet, retentionDays)
  ) as F;
}

function mergeProfiles(a: ProfileFacet, b: ProfileFacet, retentionDays: number): ProfileFacet {
  return {
    facet: "PROFILE",
    activity: mergeHistory(a.activity, b.activity, retentionDays),
    wide: latest(a.wide, b.wide),
  };
}

/** A profile that on `day` had more peers of a class than are kept. */
export const overflowed = (profile: ProfileFacet, peerClass: PeerClass, day: number): ProfileFacet => ({
  ...profile,
  wide: latest(profile.wide, { [peerClass]: day }),
});

function latest(a: ProfileFacet["wide"], b: ProfileFacet["wide"]): ProfileFacet["wide"] {
  const days = PEER_CLASSES.map((one) => [one, Math.max(a[one] ?? 0, b[one] ?? 0)] as const);
  return Object.fromEntries(days.filter(([, day]) => day > 0));
}

function mergePeers(a: PeerFacet, b: PeerFacet, retentionDays: number): PeerFacet {
  const ports: Record<string, History> = { ...a.ports };
  for (const [label, history] of Object.entries(b.ports)) {
    const known = ports[label];
    ports[label] = known === undefined ? history : mergeHistory(known, history, retentionDays);
  }
  const inOrder = Object.entries(ports).sort(
    ([labelA, x], [labelB, y]) => x.firstDay - y.firstDay || (labelA < labelB ? -1 : 1),
  );
  return {
    facet: a.facet,
    kind: a.kind,
    name: a.name < b.name ? a.name : b.name,
    contact: mergeHistory(a.contact, b.contact, retentionDays),
    ports: Object.fromEntries(inOrder.slice(0, MAX_PORTS)),
    manyPorts: a.manyPorts || b.manyPorts || inOrder.length > MAX_PORTS,
    interfaces: [...new Set([...a.interfaces, ...b.interfaces])].sort().slice(0, MAX_INTERFACES),
  };
}

/** The last UTC day on which a facet was seen. */
export const facetLastDay = (facet: Facet): number =>
  lastDay(facet.facet === "PROFILE" ? facet.activity : facet.contact);

/** Whether a facet was not seen within `retentionDays` up to `day`. */
export const isForgotten = (facet: Facet, day: number, retentionDays: number): boolean =>
  facetLastDay(facet) <= day - retentionDays;

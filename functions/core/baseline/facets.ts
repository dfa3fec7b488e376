/**
 * What is known of an entity, in facets: each is one item, kept and forgotten by itself. Every merge is a union, a
 * minimum or a maximum: idempotent and free of order, so deliveries may repeat, overtake each other and run side by
 * side.
 */
import { PEER_CLASSES, type PeerClass, type PeerKind } from "../attribution/peer";
import { canonicalJson } from "../canonical";
import { DAY, HOUR, iso } from "../time";
import { type History, lastDay, mergeHistory } from "./history";
import type { Trace } from "./trace";
import { mergeVolumes, type VolumeHistory } from "./volume";

/** When the entity was active, what it sent in all, and when it last had more peers of a class than are kept (UTC day). */
export interface ProfileFacet {
  readonly facet: "PROFILE";
  readonly activity: History;
  readonly volume: VolumeHistory;
  readonly wide: Readonly<Partial<Record<PeerClass, number>>>;
}

/** One peer: when it was talked to, on which service ports, at which interfaces, and how much was sent to it. */
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
  readonly volume: VolumeHistory;
}

/** One hour, as the objects that tell of it left their traces; kept for `HOUR_RETENTION_DAYS`. */
export interface HourFacet {
  /** `AT#2026-10-15T02`: hours sort before all other facets, so a store can leave out the old ones. */
  readonly facet: `AT#${string}`;
  /** Hours since 1970. */
  readonly hour: number;
  /** By the object that left it; the first `MAX_TRACES` by name. */
  readonly traces: Readonly<Record<string, Trace>>;
}

export type Facet = ProfileFacet | PeerFacet | HourFacet;

export const MAX_PORTS = 64;
export const MAX_INTERFACES = 32;
/** An hour is told in a dozen objects, or some more; this many of the largest fit into one item of DynamoDB (400 KB). */
export const MAX_TRACES = 25;
/** Today and yesterday: a day's windows reach no further back. */
export const HOUR_RETENTION_DAYS = 2;

const hourName = (hour: number): HourFacet["facet"] => `AT#${iso(hour * HOUR).slice(0, 13)}`;

/** The first facet in the order of names that is kept on `day`, whatever comes after it is kept longer. */
export const firstFacetKept = (day: number): string =>
  hourName(((day - HOUR_RETENTION_DAYS + 1) * DAY) / HOUR);

export const hourFacet = (hour: number, traces: HourFacet["traces"]): HourFacet => ({
  facet: hourName(hour),
  hour,
  traces,
});

/** Merges two states of one facet. What was forgotten before the other began (a store deletes late) adds nothing. */
export function mergeFacets<F extends Facet>(a: F, b: F, retentionDays: number): F {
  if (isForgotten(a, facetLastDay(b), retentionDays)) return b;
  if (isForgotten(b, facetLastDay(a), retentionDays)) return a;
  return merged(a, b, retentionDays) as F;
}

function merged(a: Facet, b: Facet, retentionDays: number): Facet {
  if (isProfile(a) && isProfile(b)) return mergeProfiles(a, b, retentionDays);
  if (isHour(a) && isHour(b)) return mergeHours(a, b);
  return mergePeers(a as PeerFacet, b as PeerFacet, retentionDays);
}

export const isProfile = (facet: Facet): facet is ProfileFacet => facet.facet === "PROFILE";
export const isHour = (facet: Facet): facet is HourFacet => facet.facet.startsWith("AT#");
export const isPeer = (facet: Facet): facet is PeerFacet => facet.facet.startsWith("PEER#");

function mergeProfiles(a: ProfileFacet, b: ProfileFacet, retentionDays: number): ProfileFacet {
  return {
    facet: "PROFILE",
    activity: mergeHistory(a.activity, b.activity, retentionDays),
    volume: mergeVolumes(a.volume, b.volume, Math.max(facetLastDay(a), facetLastDay(b)), retentionDays),
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
    volume: mergeVolumes(a.volume, b.volume, Math.max(facetLastDay(a), facetLastDay(b)), retentionDays),
  };
}

/** An object tells the same each time; should what was familiar have changed in between, one of both is chosen. */
function mergeHours(a: HourFacet, b: HourFacet): HourFacet {
  const traces: Record<string, Trace> = { ...a.traces };
  for (const [ref, trace] of Object.entries(b.traces)) {
    const known = traces[ref];
    traces[ref] = known !== undefined && canonicalJson(known) > canonicalJson(trace) ? known : trace;
  }
  const first = Object.entries(traces).sort(([refA], [refB]) => (refA < refB ? -1 : 1));
  return { ...a, traces: Object.fromEntries(first.slice(0, MAX_TRACES)) };
}

/** The last UTC day on which a facet was seen. */
export function facetLastDay(facet: Facet): number {
  if (isProfile(facet)) return lastDay(facet.activity);
  return isHour(facet) ? Math.floor((facet.hour * HOUR) / DAY) : lastDay((facet as PeerFacet).contact);
}

/** For how many days a facet is kept after it was last seen. */
export const keptDays = (facet: Facet, retentionDays: number): number =>
  isHour(facet) ? HOUR_RETENTION_DAYS : retentionDays;

/** Whether a facet was not seen within the time for which it is kept, up to `day`. */
export const isForgotten = (facet: Facet, day: number, retentionDays: number): boolean =>
  facetLastDay(facet) <= day - keptDays(facet, retentionDays);

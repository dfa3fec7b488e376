/** What flow logs leave of an entity: when it was active, whom it met, and what its latest hours tell. */
import { PEER_CLASSES, type PeerClass, type PeerKind } from "../attribution/peer";
import { canonicalJson } from "../canonical";
import { DAY, HOUR } from "../time";
import { type FacetKind, hourName, PASSING_DAYS } from "./facet-kind";
import { type Histories, type History, lastDay, mergeHistories, mergeHistory } from "./history";
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
  readonly ports: Histories;
  /** More ports were seen than are kept: a further one says nothing. */
  readonly manyPorts: boolean;
  /** Interfaces of an internal peer, which recognise it under another name; the first `MAX_INTERFACES` in order. */
  readonly interfaces: readonly string[];
  readonly volume: VolumeHistory;
}

/** One hour, as the objects that tell of it left their traces; kept for `PASSING_DAYS`. */
export interface HourFacet {
  /** `AT#2026-10-15T02`: hours sort before all other facets, so a store can leave out the old ones. */
  readonly facet: `AT#${string}`;
  /** Hours since 1970. */
  readonly hour: number;
  /** By the object that left it; the first `MAX_TRACES` by name. */
  readonly traces: Readonly<Record<string, Trace>>;
}

export const MAX_PORTS = 64;
export const MAX_INTERFACES = 32;
/** An hour is told in a dozen objects, or some more; this many of the largest fit into one item of DynamoDB (400 KB). */
export const MAX_TRACES = 25;

export const hourFacet = (hour: number, traces: HourFacet["traces"]): HourFacet => ({
  facet: hourName(hour),
  hour,
  traces,
});

/** The last UTC day of contact with any of these peers; `null` where there is none. */
export const lastContact = (peers: readonly PeerFacet[]): number | null =>
  peers.reduce<number | null>((last, { contact }) => Math.max(last ?? 0, lastDay(contact)), null);

const profileKind: FacetKind<ProfileFacet> = {
  is: (name) => name === "PROFILE",
  merge: mergeProfiles,
  lastDay: ({ activity }) => lastDay(activity),
  keptDays: (retentionDays) => retentionDays,
};
const peerKind: FacetKind<PeerFacet> = {
  is: (name) => name.startsWith("PEER#"),
  merge: mergePeers,
  lastDay: ({ contact }) => lastDay(contact),
  keptDays: (retentionDays) => retentionDays,
};
const hourKind: FacetKind<HourFacet> = {
  is: (name) => /^AT#[^#]+$/.test(name),
  merge: mergeHours,
  lastDay: ({ hour }) => Math.floor((hour * HOUR) / DAY),
  keptDays: () => PASSING_DAYS,
};

export const FLOW_FACETS = [profileKind, peerKind, hourKind];

function mergeProfiles(a: ProfileFacet, b: ProfileFacet, retentionDays: number): ProfileFacet {
  return {
    facet: "PROFILE",
    activity: mergeHistory(a.activity, b.activity, retentionDays),
    volume: mergeVolumes(
      a.volume,
      b.volume,
      Math.max(lastDay(a.activity), lastDay(b.activity)),
      retentionDays,
    ),
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
  const ports = mergeHistories(a.ports, b.ports, MAX_PORTS + 1, retentionDays);
  const names = Object.keys(ports);
  return {
    facet: a.facet,
    kind: a.kind,
    name: a.name < b.name ? a.name : b.name,
    contact: mergeHistory(a.contact, b.contact, retentionDays),
    ports: Object.fromEntries(Object.entries(ports).slice(0, MAX_PORTS)),
    manyPorts: a.manyPorts || b.manyPorts || names.length > MAX_PORTS,
    interfaces: [...new Set([...a.interfaces, ...b.interfaces])].sort().slice(0, MAX_INTERFACES),
    volume: mergeVolumes(a.volume, b.volume, Math.max(lastDay(a.contact), lastDay(b.contact)), retentionDays),
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

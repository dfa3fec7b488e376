/** What CloudTrail leaves of a function or an account: what it calls, from where, who changes it, and what the day tells. */
import type { CallSubject } from "../finding";
import { DAY, HOUR } from "../time";
import { type FacetKind, hourName, PASSING_DAYS } from "./facet-kind";
import { type Histories, type History, lastDay, mergeHistories, mergeHistory } from "./history";

/** Somebody who changes functions. */
export interface Deployer {
  readonly name: string;
  readonly isPerson: boolean;
  readonly history: History;
}

/** A change of what a function runs, or how. */
export interface Deploy {
  /** `eventID` of the call. */
  readonly id: string;
  /** Seconds since 1970. */
  readonly at: number;
  readonly action: string;
  readonly by: string;
  /** Whether it was made by whoever deploys the function as a matter of course. */
  readonly isUsual: boolean;
}

/** What CloudTrail tells of an entity in all. */
export interface TrailFacet {
  readonly facet: "TRAIL";
  /** Days on which it was told of at all. */
  readonly activity: History;
  /** Regions in which it called. */
  readonly regions: Histories;
  /** Places from which it called. */
  readonly places: Histories;
  /** By key of the principal. */
  readonly deployers: Readonly<Record<string, Deployer>>;
  /** The latest, in order of time. */
  readonly deploys: readonly Deploy[];
  /** When a grant or another state that findings tell of was ended, seconds since 1970; by the finding's deviation. */
  readonly ended: Readonly<Record<string, number>>;
}

/** One action of a service. */
export interface CalledAction {
  /** Days on which it was called and not denied; `null` where it never was. */
  readonly called: History | null;
  /** Days on which it was denied. */
  readonly denied: History | null;
  /** Version of the function on its first day, where it is told. */
  readonly version: string | null;
}

/** A service, and what is called of it. */
export interface CallFacet {
  readonly facet: `CALL#${string}`;
  /** The `MAX_ACTIONS` that were seen first. */
  readonly actions: Readonly<Record<string, CalledAction>>;
  /** More were seen than are kept: a further one says nothing. */
  readonly manyActions: boolean;
}

/** A call that was denied. */
export interface Denial extends CallSubject {
  /** Seconds since 1970. */
  readonly at: number;
}

/** A use of an access key at a place: the first of the day. */
export interface KeyUse extends Omit<CallSubject, "accessKeyId"> {
  /** Seconds since 1970. */
  readonly at: number;
  readonly id: string;
  readonly userAgent: string | null;
  readonly place: string;
  readonly isHome: boolean | null;
  readonly isForeign: boolean;
}

/** A UTC day as CloudTrail tells of it. */
export interface TrailDayFacet {
  /** `AT#2026-10-15T00#TRAIL` */
  readonly facet: `AT#${string}`;
  readonly day: number;
  /** Denials that are not usual, by event id; the first `MAX_DENIALS`. */
  readonly denied: Readonly<Record<string, Denial>>;
  /** By access key, then by place; `MAX_KEYS` of them. */
  readonly keys: Readonly<Record<string, Readonly<Record<string, KeyUse>>>>;
}

const MAX_REGIONS = 40;
const MAX_PLACES = 64;
const MAX_DEPLOYERS = 32;
const MAX_DEPLOYS = 10;
const MAX_ENDED = 50;
export const MAX_ACTIONS = 128;
const MAX_DENIALS = 100;
const MAX_KEYS = 64;
const MAX_KEY_PLACES = 8;

export const EMPTY_TRAIL: Omit<TrailFacet, "activity"> = {
  facet: "TRAIL",
  regions: {},
  places: {},
  deployers: {},
  deploys: [],
  ended: {},
};

export const trailDay = (
  day: number,
  { denied = {}, keys = {} }: Partial<Pick<TrailDayFacet, "denied" | "keys">>,
): TrailDayFacet => ({
  facet: `${hourName((day * DAY) / HOUR)}#TRAIL`,
  day,
  denied: earliest(denied, MAX_DENIALS),
  keys,
});

/** The first of the day, so that later ones add nothing. */
const earliest = <T extends { at: number }>(all: Readonly<Record<string, T>>, most: number) =>
  first(all, most, ([key, { at }]) => sortable(at, key));

const trailKind: FacetKind<TrailFacet> = {
  is: (name) => name === "TRAIL",
  lastDay: ({ activity }) => lastDay(activity),
  keptDays: (retentionDays) => retentionDays,
  merge: (a, b, retentionDays) => ({
    facet: "TRAIL",
    activity: mergeHistory(a.activity, b.activity, retentionDays),
    regions: mergeHistories(a.regions, b.regions, MAX_REGIONS, retentionDays),
    places: mergeHistories(a.places, b.places, MAX_PLACES, retentionDays),
    deployers: mergeDeployers(a.deployers, b.deployers, retentionDays),
    deploys: mergeDeploys(a.deploys, b.deploys),
    ended: mergeEnded(a.ended, b.ended),
  }),
};

const callKind: FacetKind<CallFacet> = {
  is: (name) => name.startsWith("CALL#"),
  lastDay: ({ actions }) =>
    Object.values(actions).reduce((last, { called, denied }) => {
      return Math.max(last, called === null ? 0 : lastDay(called), denied === null ? 0 : lastDay(denied));
    }, 0),
  keptDays: (retentionDays) => retentionDays,
  merge: mergeCalls,
};

const trailDayKind: FacetKind<TrailDayFacet> = {
  is: (name) => name.startsWith("AT#") && name.endsWith("#TRAIL"),
  lastDay: ({ day }) => day,
  keptDays: () => PASSING_DAYS,
  merge: (a, b) => ({
    ...a,
    denied: earliest(union(a.denied, b.denied, earlier), MAX_DENIALS),
    keys: mergeKeys(a.keys, b.keys),
  }),
};

export const TRAIL_FACETS = [trailKind, callKind, trailDayKind];

function mergeDeployers(
  a: TrailFacet["deployers"],
  b: TrailFacet["deployers"],
  retentionDays: number,
): TrailFacet["deployers"] {
  const merged = union(a, b, (x, y) => ({
    ...x,
    history: mergeHistory(x.history, y.history, retentionDays),
  }));
  return first(merged, MAX_DEPLOYERS, ([key, { history }]) => sortable(history.firstDay, key));
}

/** Of two that tell of one event, the one that took it for unusual. */
export function mergeDeploys(a: readonly Deploy[], b: readonly Deploy[]): readonly Deploy[] {
  const all = new Map<string, Deploy>();
  for (const one of [...a, ...b]) if (all.get(one.id)?.isUsual !== false) all.set(one.id, one);
  return [...all.values()].sort((x, y) => x.at - y.at || (x.id < y.id ? -1 : 1)).slice(-MAX_DEPLOYS);
}

function mergeEnded(a: TrailFacet["ended"], b: TrailFacet["ended"]): TrailFacet["ended"] {
  return first(union(a, b, Math.max), MAX_ENDED, ([key, at]) => sortable(Number.MAX_SAFE_INTEGER - at, key));
}

function mergeCalls(a: CallFacet, b: CallFacet, retentionDays: number): CallFacet {
  const either = (x: History | null, y: History | null) =>
    x === null ? y : y === null ? x : mergeHistory(x, y, retentionDays);
  const actions = union(a.actions, b.actions, (x, y) => ({
    called: either(x.called, y.called),
    denied: either(x.denied, y.denied),
    version: versionOf(x, y),
  }));
  return {
    facet: a.facet,
    actions: first(actions, MAX_ACTIONS, ([name, action]) => sortable(firstDayOf(action), name)),
    manyActions: a.manyActions || b.manyActions || Object.keys(actions).length > MAX_ACTIONS,
  };
}

const firstDayOf = ({ called, denied }: CalledAction) =>
  Math.min(called?.firstDay ?? Infinity, denied?.firstDay ?? Infinity);

/** The first UTC day on which something of a service was called, or tried. */
export const firstCall = ({ actions }: CallFacet): number =>
  Math.min(...Object.values(actions).map(firstDayOf));

/** The version of the earlier day; of one day, the first in the order of their names. */
function versionOf(x: CalledAction, y: CalledAction): string | null {
  const [a, b] = [x.called?.firstDay ?? Infinity, y.called?.firstDay ?? Infinity];
  if (a !== b) return a < b ? x.version : y.version;
  const told = [x.version, y.version].filter((version) => version !== null).sort();
  return told[0] ?? null;
}

/** Which keys stay is left to their digits, so to chance: none is used earlier to push out another. */
function mergeKeys(a: TrailDayFacet["keys"], b: TrailDayFacet["keys"]): TrailDayFacet["keys"] {
  const keys = union(a, b, (x, y) => earliest(union(x, y, earlier), MAX_KEY_PLACES));
  return first(keys, MAX_KEYS, ([key]) => [...key].reverse().join(""));
}

const earlier = <T extends { at: number; id?: string }>(x: T, y: T): T =>
  x.at < y.at || (x.at === y.at && (x.id ?? "") <= (y.id ?? "")) ? x : y;

function union<T>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
  both: (x: T, y: T) => T,
): Readonly<Record<string, T>> {
  const more = Object.entries(b);
  if (more.length === 0) return a;
  const all = new Map(Object.entries(a));
  for (const [key, value] of more) {
    const known = all.get(key);
    all.set(key, known === undefined ? value : both(known, value));
  }
  return Object.fromEntries(all);
}

/** The first `most` entries in the order of what `rank` makes of them. */
function first<T>(
  all: Readonly<Record<string, T>>,
  most: number,
  rank: (entry: [string, T]) => string,
): Record<string, T> {
  const entries = Object.entries(all);
  if (entries.length <= most) return all;
  return Object.fromEntries(
    entries
      .map((entry) => [rank(entry), entry] as const)
      .sort(([x], [y]) => (x < y ? -1 : 1))
      .slice(0, most)
      .map(([, entry]) => entry),
  );
}

const sortable = (number: number, text: string) => `${String(number).padStart(20, "0")} ${text}`;

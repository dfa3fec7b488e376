/**
 * What one flow log object tells of one hour of an entity beyond the days on which it met whom: how much went out, when
 * connections to unfamiliar public peers began, and what was tried in vain. Detectors add traces up over hours. A trace is
 * kept under the object it came from, so the same delivery twice is the same trace.
 *
 * Most objects leave none: a trace costs a write, so only what can matter is traced.
 */
import type { Connection } from "../attribution/attribute";
import { classOf, type PeerClass } from "../attribution/peer";
import { portLabel, protocolName } from "../attribution/port";
import type { DetectionConfig } from "../config";
import { groupBy } from "../group";
import type { FlowStart } from "../telemetry/flow-log";
import { dayOf, HOUR } from "../time";
import type { Baseline } from "./baseline";
import { isEstablished } from "./novelty";

/** Where a trace was read, and whom it leads to. */
interface Whereabouts {
  /** Seconds since 1970, and the line of the object. */
  readonly at: number;
  readonly line: number;
  readonly address: string;
  readonly port: number;
  readonly protocol: number;
}

/** Bytes that went out to one peer, or to all: since when, and where the largest flow led to. */
export interface Sent extends Whereabouts {
  readonly bytes: number;
}

/** When connections to one peer began. */
export interface Rhythm extends Whereabouts {
  readonly starts: readonly FlowStart[];
}

/** When the entity connected to the peers it is at home with, in slots of `SLOT` seconds within the hour. */
export interface OwnRhythm {
  readonly slots: readonly number[];
  /** First and last slot that the object covers. */
  readonly from: number;
  readonly to: number;
}

/** Unfamiliar targets (address and service port) of one class. */
export interface Attempts {
  /** `10.0.0.1 22/tcp`, those that rejected or refused it or did not answer, at most `MAX_TARGETS`. */
  readonly inVain: readonly string[];
  /** How many were in vain, and how many were not. */
  readonly failed: number;
  readonly answered: number;
  readonly at: number;
  readonly line: number;
}

export interface Trace {
  /** By peer key; `ALL_PEERS` for the sum. */
  readonly sent: Readonly<Record<string, Sent>>;
  /** By key of an unfamiliar public peer. */
  readonly rhythms: Readonly<Record<string, Rhythm>>;
  readonly own: OwnRhythm | null;
  readonly attempts: Readonly<Partial<Record<PeerClass, Attempts>>>;
}

export const ALL_PEERS = "*";
/** Length of a slot in seconds. */
export const SLOT = 10;

/** Less than this in one object is not traced: 288 objects of it in a day are 19 MB, less than is ever reported. */
export const LEAST_BYTES = 64 * 1024;
/** Most of each in one trace, so that an hour of traces stays one item in the store. */
const MAX_PEERS = 8;
const MAX_RHYTHMS = 12;
const MAX_RHYTHM_STARTS = 30;
export const MAX_TARGETS = 150;

/** Fewer vain attempts than this in one object may be a service that is down; from here on they look like a search. */
export const SEARCH = 3;

const hourOf = ({ flow }: Connection) => Math.floor(flow.firstSeen / HOUR);

/** Traces of connections of one object, by hour since 1970; hours that leave none are absent. */
export function tracesOf(
  connections: readonly Connection[],
  baseline: Baseline,
  config: DetectionConfig,
): Map<number, Trace> {
  const traces = new Map<number, Trace>();
  for (const [hour, ofHour] of groupBy(connections, hourOf)) {
    const rhythms = rhythmsOf(ofHour, baseline, config);
    const trace: Trace = {
      sent: sentOf(ofHour),
      rhythms,
      own: Object.keys(rhythms).length === 0 ? null : ownRhythm(ofHour, hour, baseline, config),
      attempts: attemptsOf(ofHour, baseline),
    };
    if ([trace.sent, rhythms, trace.attempts].some((part) => Object.keys(part).length > 0)) {
      traces.set(hour, trace);
    }
  }
  return traces;
}

function sentOf(connections: readonly Connection[]): Trace["sent"] {
  const byPeer = groupBy(connections, ({ peer }) => peer.key);
  const sums = [...byPeer, [ALL_PEERS, connections] as const]
    .map(([key, some]) => [key, sentIn(some)] as const)
    .filter(([, { bytes }]) => bytes >= LEAST_BYTES)
    .sort(([keyA, a], [keyB, b]) => b.bytes - a.bytes || (keyA < keyB ? -1 : 1));
  return Object.fromEntries(sums.slice(0, MAX_PEERS + 1));
}

function sentIn(connections: readonly Connection[]): Sent {
  const first = connections.reduce((a, b) => (b.flow.firstSeen < a.flow.firstSeen ? b : a));
  const largest = connections.reduce((a, b) => (b.flow.bytesOut > a.flow.bytesOut ? b : a));
  const bytes = connections.reduce((sum, { flow }) => sum + flow.bytesOut, 0);
  return { ...whereabouts(largest), at: first.flow.firstSeen, line: first.flow.line, bytes };
}

function whereabouts({ flow }: Connection): Whereabouts {
  const { firstSeen: at, line, address, port, protocol } = flow;
  return { at, line, address, port, protocol };
}

const isFamiliar = ({ peer, flow }: Connection, baseline: Baseline, config: DetectionConfig) => {
  const contact = baseline.peers.get(peer.key)?.contact;
  return contact !== undefined && isEstablished(contact, dayOf(flow.firstSeen), baseline, config);
};

function rhythmsOf(
  connections: readonly Connection[],
  baseline: Baseline,
  config: DetectionConfig,
): Trace["rhythms"] {
  const unfamiliar = connections.filter(
    (one) =>
      classOf(one.peer.kind) === "external" &&
      one.flow.starts.length > 0 &&
      baseline.peers.has(one.peer.key) &&
      !isFamiliar(one, baseline, config),
  );
  const rhythms = [...groupBy(unfamiliar, ({ peer }) => peer.key)].map(([key, some]) => {
    const starts = some.flatMap(({ flow }) => flow.starts).sort((a, b) => a.at - b.at);
    return [
      key,
      { ...whereabouts(some[0] as Connection), starts: starts.slice(0, MAX_RHYTHM_STARTS) },
    ] as const;
  });
  const first = ([key, { at }]: readonly [string, Rhythm]) => `${at} ${key}`;
  return Object.fromEntries(rhythms.sort((a, b) => (first(a) < first(b) ? -1 : 1)).slice(0, MAX_RHYTHMS));
}

function ownRhythm(
  connections: readonly Connection[],
  hour: number,
  baseline: Baseline,
  config: DetectionConfig,
): OwnRhythm {
  const slot = (at: number) => Math.floor((at - hour * HOUR) / SLOT);
  const own = connections
    .filter((one) => isFamiliar(one, baseline, config))
    .flatMap(({ flow }) => flow.starts.map(({ at }) => slot(at)));
  const covered = connections.flatMap(({ flow }) => [
    slot(flow.firstSeen),
    slot(Math.min(flow.lastSeen, (hour + 1) * HOUR - 1)),
  ]);
  return {
    slots: [...new Set(own)].sort((a, b) => a - b),
    from: covered.reduce((a, b) => Math.min(a, b)),
    to: covered.reduce((a, b) => Math.max(a, b)),
  };
}

function attemptsOf(connections: readonly Connection[], baseline: Baseline): Trace["attempts"] {
  const unfamiliar = connections.filter((one) => !wasMetBefore(one, baseline));
  const attempts = [...groupBy(unfamiliar, ({ peer }) => classOf(peer.kind))].flatMap(([peerClass, some]) => {
    const inVain = some.filter(isInVain);
    const first = inVain.reduce<Connection | undefined>(
      (a, b) => (a === undefined || b.flow.firstSeen < a.flow.firstSeen ? b : a),
      undefined,
    );
    if (first === undefined) return [];
    const targets = [...new Set(inVain.map(targetOf))].sort();
    const answered = new Set(some.filter((one) => !isInVain(one)).map(targetOf)).size;
    const { at, line } = whereabouts(first);
    const counts = { failed: targets.length, answered };
    return [[peerClass, { inVain: targets.slice(0, MAX_TARGETS), ...counts, at, line }] as const];
  });
  return Object.fromEntries(attempts);
}

/** Whether this service port of this peer was used on a day before. */
function wasMetBefore({ peer, flow }: Connection, { peers }: Baseline): boolean {
  const port = peers.get(peer.key)?.ports[portLabel(flow)];
  return port !== undefined && port.firstDay < dayOf(flow.firstSeen);
}

const targetOf = ({ flow }: Connection) => `${flow.address} ${flow.port}/${protocolName(flow.protocol)}`;

const TCP = 6;
const ICMP = [1, 58];
/** A packet of TCP without data is no longer than this (bytes): its headers and options. */
const LONGEST_EMPTY = 80;

/**
 * Whether all of it was rejected, ICMP was not answered, or TCP carried no data: nobody answered, or a reset did. UDP need
 * not be answered.
 */
export function isInVain({ flow }: Connection): boolean {
  if (flow.accepted === 0) return true;
  if (ICMP.includes(flow.protocol)) return flow.packetsIn === 0;
  return (
    flow.protocol === TCP &&
    flow.bytesOut <= flow.packetsOut * LONGEST_EMPTY &&
    flow.bytesIn <= flow.packetsIn * LONGEST_EMPTY
  );
}

/** Tried in vain, and never used on a day before. */
export const isVainAttempt = (connection: Connection, baseline: Baseline): boolean =>
  isInVain(connection) && !wasMetBefore(connection, baseline);

/**
 * Connections of one object without those that are part of a search: vain attempts, so many that they say no more than
 * that something was searched. None of them is learned as a peer.
 */
export function withoutSearches(connections: readonly Connection[], baseline: Baseline): Connection[] {
  return [...groupBy(connections, hourOf).values()].flatMap((ofHour) => {
    const attempts = attemptsOf(ofHour, baseline);
    return ofHour.filter(
      (one) => (attempts[classOf(one.peer.kind)]?.failed ?? 0) < SEARCH || !isVainAttempt(one, baseline),
    );
  });
}

/**
 * Whether something is new to an entity. The verdict follows from which days things were first seen on, never from what
 * happened to be stored when an object came in: so it is the same for every order of one day's objects, and again after
 * a crash. Something new stays new until it was there on as many days as an entity has to be learned for.
 */
import type { Connection } from "../attribution/attribute";
import { classOf, type PeerClass, unnamedPeerKey } from "../attribution/peer";
import { portLabel } from "../attribution/port";
import type { DetectionConfig } from "../config";
import type { Baseline } from "./baseline";
import type { PeerFacet } from "./flow-facets";
import { daysBefore, type History } from "./history";

/** What is learned from: a source's own history of an entity. */
export interface Learned {
  readonly profile: { readonly activity: History } | null;
}

/** The first day on which novelty of an entity is reported: it has `learningDays` of history then. */
export function reportingFrom({ profile }: Learned, { learningDays }: DetectionConfig): number {
  return profile === null ? Number.POSITIVE_INFINITY : profile.activity.firstDay + learningDays;
}

/** Whether a thing with this history belongs to the baseline on `day`. */
export function isEstablished(history: History, day: number, baseline: Learned, config: DetectionConfig) {
  return (
    history.firstDay < reportingFrom(baseline, config) ||
    daysBefore(history, day) >= Math.max(1, config.learningDays)
  );
}

/**
 * Whether a connection goes where one went before `day` under another name, on the same service port: to the same
 * interface, which was renamed, or to an address that the inventory did not know yet. An address that passed to another
 * interface is another peer. A public peer has another name where more or less is known of its addresses: one Region of
 * an AWS service is known where the service was, and the service where one of its Regions was.
 */
export function isKnownUnderAnotherName(
  { peer, flow }: Connection,
  day: number,
  { peers }: Baseline,
): boolean {
  const { interfaceId, key, kind, otherKeys } = peer;
  const wasMet = (other: PeerFacet | undefined) => (other?.ports[portLabel(flow)]?.firstDay ?? day) < day;
  if (otherKeys.some((other) => wasMet(peers.get(other)))) return true;
  if (kind === "service") {
    return [...peers].some(([other, facet]) => other.startsWith(`${key}/`) && wasMet(facet));
  }
  if (interfaceId === null) return false;
  if (wasMet(peers.get(unnamedPeerKey(flow.address)))) return true;
  return [...peers].some(
    ([other, facet]) => other !== key && facet.interfaces.includes(interfaceId) && wasMet(facet),
  );
}

/** Whether an entity had, within the retention, more peers of a class than are kept: a further one says nothing. */
export function isWide(
  { profile }: Baseline,
  peerClass: PeerClass,
  day: number,
  config: DetectionConfig,
): boolean {
  const last = profile?.wide[peerClass];
  return last !== undefined && last > day - config.retentionDays;
}

/** Peers of a class known before `day`, first known first. */
export function peersBefore({ peers }: Baseline, peerClass: PeerClass, day: number): PeerFacet[] {
  return [...peers.values()]
    .filter((peer) => classOf(peer.kind) === peerClass && peer.contact.firstDay < day)
    .sort((a, b) => a.contact.firstDay - b.contact.firstDay || (a.facet < b.facet ? -1 : 1));
}

/** Whether new peers of a class are nothing new to an entity on `day`. */
export function meetsPassingPeers(
  baseline: Baseline,
  peerClass: PeerClass,
  day: number,
  config: DetectionConfig,
): boolean {
  const histories = peersBefore(baseline, peerClass, day).map((peer) => peer.contact);
  return isRestless(histories, baseline.profile?.activity.firstDay ?? day, day, baseline, config);
}

const PASSING_LEAST_DAYS = 3;
const PASSING_SHARE = 1 / 4;

/**
 * Whether new things (peers of an entity, ports of a peer) are nothing new by themselves: on one day in four there came
 * one that was not seen on any other day. What is seen only once foretells how much is yet unseen (I. J. Good, The
 * Population Frequencies of Species, Biometrika 40, 1953). Counted by days, since a deployment brings several new things
 * at once; the day on which the history began is left out, for all was new then.
 *
 * Three such days are enough while an entity is learned. Later, what comes may itself be what is to be found: it counts
 * only when it came on as many days as an entity has to be learned for, as with a single new thing.
 */
export function isRestless(
  histories: readonly History[],
  began: number,
  day: number,
  baseline: Learned,
  config: DetectionConfig,
): boolean {
  const firstDays = histories
    .filter((history) => history.firstDay > began && history.firstDay < day && daysBefore(history, day) === 1)
    .map((history) => history.firstDay);
  const passing = new Set(firstDays);
  const learned = [...passing].filter((first) => first < reportingFrom(baseline, config));
  const share = PASSING_SHARE * Math.min(day - began, config.retentionDays);
  const isEnough = (days: number, least: number) =>
    days >= Math.max(PASSING_LEAST_DAYS, least) && days >= share;
  return isEnough(learned.length, PASSING_LEAST_DAYS) || isEnough(passing.size, config.learningDays);
}

/**
 * Whether something is new to an entity. The verdict follows from which days things were first seen on, never from what
 * happened to be stored when an object came in: so it is the same for every order of one day's objects, and again after
 * a crash. Something new stays new until it was there on as many days as an entity has to be learned for.
 */
import type { PeerKind } from "../attribution/peer";
import type { DetectionConfig } from "../config";
import type { Baseline } from "./baseline";
import type { PeerFacet } from "./facets";
import { daysBefore, type History } from "./history";

export type PeerClass = "internal" | "external";

export const classOf = (kind: PeerKind): PeerClass => (kind === "internal" ? "internal" : "external");

/** The first day on which novelty of an entity is reported: it has `learningDays` of history then. */
export function reportingFrom({ profile }: Baseline, { learningDays }: DetectionConfig): number {
  return profile === null ? Number.POSITIVE_INFINITY : profile.activity.firstDay + learningDays;
}

/** Whether a thing with this history belongs to the baseline on `day`. */
export function isEstablished(history: History, day: number, baseline: Baseline, config: DetectionConfig) {
  return (
    history.firstDay < reportingFrom(baseline, config) ||
    daysBefore(history, day) >= Math.max(1, config.learningDays)
  );
}

/** A peer of the same class that the entity knew before `day` at this address: the same one under another name. */
export function knownUnderAnotherName(
  address: string,
  key: string,
  day: number,
  { peers }: Baseline,
): PeerFacet | undefined {
  for (const [other, peer] of peers) {
    if (other !== key && peer.contact.firstDay < day && peer.addresses.includes(address)) return peer;
  }
  return undefined;
}

/** Peers of a class known before `day`, first known first. */
export function peersBefore({ peers }: Baseline, peerClass: PeerClass, day: number): PeerFacet[] {
  return [...peers.values()]
    .filter((peer) => classOf(peer.kind) === peerClass && peer.contact.firstDay < day)
    .sort((a, b) => a.contact.firstDay - b.contact.firstDay || (a.facet < b.facet ? -1 : 1));
}

/** Days looked back on to see whether new things come all the time. */
const RESTLESS_WINDOW = 7;
const RESTLESS_DAYS = 4;

/** Whether new peers of a class are nothing new to an entity on `day`. */
export function meetsNewPeersDaily(baseline: Baseline, peerClass: PeerClass, day: number): boolean {
  const firstDays = peersBefore(baseline, peerClass, day).map((peer) => peer.contact.firstDay);
  return isRestless(firstDays, baseline.profile?.activity.firstDay ?? day, day);
}

/**
 * Whether new peers of a class, or new ports of a peer, are nothing new by themselves: some came on more than half of
 * the seven days before `day`. The day on which the history began is not counted, for all was new then.
 */
export function isRestless(firstDays: readonly number[], began: number, day: number): boolean {
  const recent = firstDays.filter((first) => first > began && first < day && first >= day - RESTLESS_WINDOW);
  return new Set(recent).size >= RESTLESS_DAYS;
}

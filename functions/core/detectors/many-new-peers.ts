/**
 * New peers that are too many to be told one by one: on one day more than are kept, by an entity that knew few. From then on
 * it is wide, and new ones are not reported: so whoever wants to hide one could flood. The flood is told instead, once.
 */
import type { Connection } from "../attribution/attribute";
import { entityName } from "../attribution/entity";
import type { PeerClass } from "../attribution/peer";
import type { Baseline } from "../baseline/baseline";
import type { PeerFacet } from "../baseline/flow-facets";
import { severityOf } from "../severity";
import { plural } from "../text";
import { DAY } from "../time";
import { sightingOf } from "./connection-sighting";
import type { Sighting, WatchContext } from "./detector";
import { since } from "./standout";

const SCORE = 7;
/** New peers for each known one. Who knew more than that grew into its width, which is no flood. */
const TIMES_AS_MANY = 4;

/** The sighting of a flood on `day` of which `connection` is a part; `null` where it is none. `before`: peers known by then. */
export function manyNewPeers(
  peerClass: PeerClass,
  connection: Connection,
  { profile, peers }: Baseline,
  before: readonly PeerFacet[],
  day: number,
  { entity, config }: WatchContext,
): Sighting | null {
  const isNew = peers.get(connection.peer.key)?.contact.firstDay === day;
  const isFlood = before.length * (1 + TIMES_AS_MANY) <= config.maxPeers / 2;
  if (profile === null || profile.wide[peerClass] !== day || !isNew || !isFlood) return null;
  const began = profile.activity.firstDay;
  const known = plural(before.length, `${peerClass} peer`);
  return sightingOf(connection, entity, {
    deviation: `many/${peerClass}`,
    score: SCORE,
    title: `${entityName(entity)} meets more new ${peerClass} peers in a day than are kept of it`,
    reasons: [
      `Its history ${since(began, day)} has ${known}; with those of this day there are more than the ${config.maxPeers} that are kept.`,
      `For ${plural(config.retentionDays, "day")} from now on, new ${peerClass} ones say nothing and are not reported.`,
      `Score ${SCORE} (${severityOf(SCORE)}) for so many new peers.`,
    ],
    baseline: {
      days: day - began,
      expected: before.length,
      observed: config.maxPeers + 1,
      threshold: config.maxPeers,
      rarity: "UNSEEN",
    },
    learnedFrom: began * DAY,
  });
}

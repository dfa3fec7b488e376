/** A first connection to a peer of one class: what NewInternalPeer and NewExternalPeer have in common. */
import type { Connection } from "../attribution/attribute";
import { entityName } from "../attribution/entity";
import { classOf, type PeerClass } from "../attribution/peer";
import type { Baseline } from "../baseline/baseline";
import {
  isEstablished,
  isKnownUnderAnotherName,
  isWide,
  meetsPassingPeers,
  peersBefore,
  reportingFrom,
} from "../baseline/novelty";
import { isPartOfScan } from "../baseline/scan";
import { listed, plural } from "../text";
import { dayOf } from "../time";
import { connectionSighting } from "./connection-sighting";
import type { Verdict, WatchContext } from "./detector";
import { manyNewPeers } from "./many-new-peers";
import { since } from "./standout";

/** Judges whether `connection` goes to a peer of `peerClass` that is new; `base` is the least score of such a one. */
export function detectNewPeer(
  peerClass: PeerClass,
  base: (connection: Connection) => number,
  connection: Connection,
  baseline: Baseline,
  context: WatchContext,
): Verdict {
  const { entity, config } = context;
  const { flow, peer } = connection;
  const day = dayOf(flow.firstSeen);
  const { profile } = baseline;
  const facet = baseline.peers.get(peer.key);
  if (classOf(peer.kind) !== peerClass || profile === null) return "normal";
  if (day < reportingFrom(baseline, config)) return "learning";
  if (facet === undefined) return "normal";
  if (isEstablished(facet.contact, day, baseline, config)) return "normal";
  if (isPartOfScan(connection, baseline)) return "normal";
  if (isKnownUnderAnotherName(connection, day, baseline)) return "normal";
  const before = peersBefore(baseline, peerClass, day);
  if (isWide(baseline, peerClass, day, config))
    return manyNewPeers(peerClass, connection, baseline, before, day, context) ?? "normal";
  // Asked for the day on which it came: what came while novelty said nothing is not reported when it calms down.
  if (meetsPassingPeers(baseline, peerClass, facet.contact.firstDay, config)) return "normal";

  const began = profile.activity.firstDay;
  const quietDays = day - Math.max(began, ...before.map((one) => one.contact.firstDay));
  const name = entityName(entity);
  return connectionSighting(connection, entity, {
    deviation: peer.key,
    title: `${name} talks to a new ${peerClass} peer: ${peer.name}`,
    normal: `Its history ${since(began, day)} has ${
      before.length === 0
        ? `no ${peerClass} peer`
        : `${plural(before.length, `${peerClass} peer`)}: ${listed(before.map((one) => one.name))}, the last new one ${plural(quietDays, "day")} ago`
    }.`,
    standout: {
      base: base(connection),
      baseReason: `a new ${peerClass} peer`,
      quietDays,
      known: before.length,
    },
    learnedFrom: began,
    day,
  });
}

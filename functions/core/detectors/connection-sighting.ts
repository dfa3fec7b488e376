/** What the detectors of new connections say alike: the numbers, the words for them, and the evidence. */
import type { Connection } from "../attribution/attribute";
import { attributionNote, type Entity, entityName } from "../attribution/entity";
import { portName, protocolName } from "../attribution/port";
import type { Deviation } from "../finding";
import { plural } from "../text";
import { DAY, iso } from "../time";
import type { Sighting } from "./detector";
import { type Standout, standoutScore } from "./standout";

export interface Novelty {
  readonly deviation: string;
  readonly title: string;
  /** What was normal before, as one sentence. */
  readonly normal: string;
  readonly standout: Standout;
  /** Day number on which the entity's history began. */
  readonly learnedFrom: number;
  readonly day: number;
}

/** A sighting of something new in a connection. */
export function connectionSighting(connection: Connection, entity: Entity, novelty: Novelty): Sighting {
  const rejected = connection.flow.accepted === 0;
  const { score, reason } = standoutScore({
    ...novelty.standout,
    ...(rejected && { inVain: "nothing got through" }),
  });
  const days = novelty.day - novelty.learnedFrom;
  const { known } = novelty.standout;
  const baseline: Deviation = {
    days,
    expected: known,
    observed: known + 1,
    threshold: known,
    rarity: "UNSEEN",
  };
  return sightingOf(connection, entity, {
    deviation: novelty.deviation,
    score,
    title: novelty.title,
    reasons: [novelty.normal, reason],
    baseline,
    learnedFrom: novelty.learnedFrom * DAY,
  });
}

/** What a connection shows, in the words of whoever judged it. */
export interface Judgement
  extends Pick<Sighting, "deviation" | "score" | "title" | "baseline" | "learnedFrom"> {
  /** Sentences that say why, after the one that says what happened. */
  readonly reasons: readonly string[];
}

/** A sighting of something in a connection: the judgement with the facts and the evidence. */
export function sightingOf(
  connection: Connection,
  entity: Entity,
  { reasons, ...judgement }: Judgement,
): Sighting {
  const { flow, peer, ref } = connection;
  return {
    ...judgement,
    subject: {
      peer: peer.name,
      address: flow.address,
      port: Math.max(0, flow.port),
      protocol: protocolName(flow.protocol),
      direction: "egress",
      bytes: flow.bytesOut,
    },
    explanation: [what(connection, entity), ...reasons, attributionNote(entity)]
      .filter((sentence) => sentence !== "")
      .join(" "),
    firstSeen: flow.firstSeen,
    lastSeen: Math.max(flow.firstSeen, flow.lastSeen),
    occurrences: flow.starts.map(({ at }) => at),
    evidence: [{ source: "flow-log", ref, at: iso(flow.firstSeen), line: flow.line }],
    weight: 0,
  };
}

function what({ flow, peer }: Connection, entity: Entity): string {
  const where = peer.name.split(",", 1)[0] === flow.address ? "" : ` at ${flow.address}`;
  const fate =
    flow.accepted === 0
      ? "A security group or network ACL rejected it each time."
      : `The first delivery tells of ${plural(flow.bytesOut, "byte")} out and ${plural(flow.bytesIn, "byte")} in.`;
  return `${entityName(entity)} connected to ${peer.name}${where}, ${portName(flow)}, first at ${iso(flow.firstSeen)}. ${fate}`;
}

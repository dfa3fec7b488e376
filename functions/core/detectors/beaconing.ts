/**
 * Sees: connections to an unfamiliar public peer that begin at regular times which the function's own work does not explain.
 * Why: an implant calls home by the clock. A function has no clock of its own: it works when it is invoked, and then
 * connects to the peers it is at home with. What keeps time besides is not its work.
 * A peer that was learned is normal, however regular: so is a partner that is asked every ten minutes. Connections that
 * go with the function's own are left out before the rest is scored, so a new dependency of a scheduled job is no beacon.
 * Without TCP flags a long connection shows anew in every object, from the same source port: that is one start.
 * Tuned by: `learningDays`.
 */
import { attributionNote, entityName } from "../attribution/entity";
import { portName, protocolName } from "../attribution/port";
import type { Baseline } from "../baseline/baseline";
import { isEstablished, reportingFrom } from "../baseline/novelty";
import { type OwnRhythm, type Rhythm, SLOT } from "../baseline/trace";
import { severityOf } from "../severity";
import type { FlowStart } from "../telemetry/flow-log";
import { plural } from "../text";
import { DAY, dayOf, HOUR, iso } from "../time";
import { type BeaconScore, beaconScore } from "./beacon-score";
import type { EntityHour, HourDetector, Sighting, WatchContext } from "./detector";

/** RITA calls 0.7 low, 0.9 medium; evenly spread connections at random times reach 0.8 by their other three parts. */
const LEAST_SCORE = 0.8;
/** So the gaps themselves must be alike: random times reach 0.53, an interval that varies by half 0.84. */
const LEAST_GAPS = 0.8;
/** Fewer random gaps may happen to be alike. */
const LEAST_CONNECTIONS = 20;
const SPAN = 24 * HOUR;
/** A source port that comes again within this time (seconds) is a connection that goes on: two of the longest intervals. */
const SAME_CONNECTION = 1200;

export const beaconing: HourDetector = {
  type: "Beaconing",
  judges: "hour",
  source: "flow",
  title: "Regular connections to an unfamiliar public peer that its own work does not explain",
  severity: "high",
  misses:
    "A beacon to a peer that was learned, or in its network; one to an internal peer; one that keeps time with the function's own invocations; intervals of more than an hour or that vary by more than half; the first half day of it; an entity that meets more public peers than are kept (it is named as wide); long polling over one connection.",
  reference: "https://attack.mitre.org/techniques/T1071/001/",
  mitre: ["T1071.001", "T1029"],
  lookAt:
    "Whose address is it? Compare the function's code and layers with what should run; then cut the address off in a network ACL.",
  detect(observation, baseline, context) {
    const { peerKey } = observation;
    const day = dayOf(observation.hour * HOUR);
    const facet = peerKey === null ? undefined : baseline.peers.get(peerKey);
    if (facet === undefined || facet.kind === "internal" || peerKey === null) return "normal";
    if (day < reportingFrom(baseline, context.config)) return "learning";
    if (isEstablished(facet.contact, day, baseline, context.config)) return "normal";
    const seen = startsOf(peerKey, observation, baseline);
    const { left, follows } = unexplained(seen);
    if (left.length < LEAST_CONNECTIONS) return "normal";
    const to = (left.at(-1) as Seen).start.at + 1;
    const score = beaconScore(
      left.map(({ start }) => start.at),
      left.map(({ start }) => start.bytes),
      { from: to - SPAN, to },
    );
    if (score.score < LEAST_SCORE || score.gaps < LEAST_GAPS) return "normal";
    return sighting(peerKey, facet.name, left, score, follows, baseline, context);
  },
};

/** One connection to the peer: with where it was read, and what else the object tells of that hour. */
interface Seen {
  readonly start: FlowStart;
  readonly ref: string;
  readonly rhythm: Rhythm;
  readonly own: OwnRhythm;
  readonly hour: number;
}

/** Connections to a peer in the day up to the last known one, in order, one for each second. */
function startsOf(peerKey: string, { hour }: EntityHour, { hours }: Baseline): Seen[] {
  const near = [...hours.values()].filter((facet) => Math.abs(facet.hour - hour) <= SPAN / HOUR);
  const all = near.flatMap((facet) =>
    Object.entries(facet.traces).flatMap(([ref, { rhythms, own }]) => {
      const rhythm = rhythms[peerKey];
      if (rhythm === undefined || own === null) return [];
      return rhythm.starts.map((start) => ({ start, ref, rhythm, own, hour: facet.hour }));
    }),
  );
  all.sort((a, b) => a.start.at - b.start.at || (a.ref < b.ref ? -1 : 1));
  const last = all.at(-1)?.start.at ?? 0;
  return firstOfEach(all.filter(({ start }) => start.at > last - SPAN));
}

/** Leaves out what goes on from an earlier connection, and all but one start of a second. */
function firstOfEach(all: readonly Seen[]): Seen[] {
  const lastOnPort = new Map<number, number>();
  let lastAt = Number.NEGATIVE_INFINITY;
  return all.filter(({ start: { at, sourcePort } }) => {
    const before = sourcePort === null ? undefined : lastOnPort.get(sourcePort);
    if (sourcePort !== null) lastOnPort.set(sourcePort, at);
    if (at === lastAt || (before !== undefined && at - before <= SAME_CONNECTION)) return false;
    lastAt = at;
    return true;
  });
}

/** Above this share of what chance leaves open, connections go with the function's own ones. */
const FOLLOWS = 0.5;

/**
 * What the function's own connections do not explain. If these coincide with theirs more than chance would have it
 * (their share of the time), those that coincide are its work. `follows` is 0 for chance, 1 for always.
 */
function unexplained(seen: readonly Seen[]): { left: readonly Seen[]; follows: number } {
  const coinciding = seen.filter(coincides);
  const share = coinciding.length / Math.max(1, seen.length);
  const windows = new Map(seen.map(({ ref, hour, own }) => [`${hour} ${ref}`, own]));
  let busy = 0;
  let covered = 0;
  for (const { slots, from, to } of windows.values()) {
    covered += to - from + 1;
    busy += new Set(slots.flatMap((slot) => [slot - 1, slot, slot + 1].filter((s) => s >= from && s <= to)))
      .size;
  }
  const chance = busy / Math.max(1, covered);
  const follows = chance >= 1 ? 0 : Math.max(0, (share - chance) / (1 - chance));
  return { left: follows >= FOLLOWS ? seen.filter((one) => !coincides(one)) : seen, follows };
}

function coincides({ start, own, hour }: Seen): boolean {
  const slot = Math.floor((start.at - hour * HOUR) / SLOT);
  return own.slots.some((one) => Math.abs(one - slot) <= 1);
}

function sighting(
  peerKey: string,
  name: string,
  seen: readonly Seen[],
  beacon: BeaconScore,
  follows: number,
  baseline: Baseline,
  { entity }: WatchContext,
): Sighting {
  const [first, last] = [seen[0] as Seen, seen.at(-1) as Seen];
  const { rhythm } = last;
  const score = Math.round(10 * (6 + 12.5 * (beacon.score - LEAST_SCORE))) / 10;
  const began = baseline.profile?.activity.firstDay ?? 0;
  const where = name === rhythm.address ? "" : ` at ${rhythm.address}`;
  return {
    deviation: peerKey,
    score,
    subject: {
      peer: name,
      address: rhythm.address,
      port: Math.max(0, rhythm.port),
      protocol: protocolName(rhythm.protocol),
      direction: "egress",
      bytes: seen.reduce((sum, { start }) => sum + start.bytes, 0),
    },
    title: `${entityName(entity)} calls ${name} every ${Math.round(beacon.interval)} seconds`,
    explanation: [
      `${entityName(entity)} connected to ${name}${where}, ${portName(rhythm)}, ${plural(seen.length, "time")} from ${iso(first.start.at)} to ${iso(last.start.at)}, every ${Math.round(beacon.interval)} seconds (half of the gaps within ${Math.round(beacon.jitter)} of it).`,
      `Beacon score ${beacon.score} of 1, from ${LEAST_SCORE} on reported: gaps ${beacon.gaps}, sizes ${beacon.sizes}, spread over the day ${beacon.histogram}, duration ${beacon.duration}.`,
      `Its own work does not explain them: of what chance leaves open, ${Math.round(100 * follows)} % go with its connections to the peers it is at home with.`,
      `Score ${score} (${severityOf(score)}): 6, and up to 2.5 for a perfect beacon.`,
      attributionNote(entity),
    ]
      .filter((sentence) => sentence !== "")
      .join(" "),
    baseline: {
      days: dayOf(last.start.at) - began,
      expected: 0,
      observed: beacon.score,
      threshold: LEAST_SCORE,
      rarity: "UNSEEN",
    },
    firstSeen: first.start.at,
    lastSeen: last.start.at,
    occurrences: seen.map(({ start }) => start.at),
    evidence: seen
      .slice(0, 10)
      .map(({ ref, rhythm: { at, line } }) => ({ source: "flow-log", ref, at: iso(at), line })),
    weight: seen.length,
    learnedFrom: began * DAY,
  };
}

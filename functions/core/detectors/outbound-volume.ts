/**
 * Sees: far more bytes out than usual, to one peer or in all, in an hour or in a day.
 * Why: stolen data has to leave, and it leaves to where the function may send: a bucket, a CDN, an address that anyone can
 * rent. A name of AWS makes no peer safe here.
 * Usual is what the peer was sent on the days before (for an unfamiliar peer: what was sent in all): its largest hours, and
 * its days. Peers that are sent little are not traced, so there is a floor.
 * Tuned by: `learningDays`.
 */
import { attributionNote, entityName } from "../attribution/entity";
import { protocolName } from "../attribution/port";
import { type Baseline, bytesSent } from "../baseline/baseline";
import type { HourFacet } from "../baseline/flow-facets";
import { isEstablished, reportingFrom } from "../baseline/novelty";
import { ALL_PEERS, LEAST_BYTES, type Sent } from "../baseline/trace";
import { type Scale, type Usual, usualVolume, volumesBefore } from "../baseline/volume";
import type { DetectionConfig } from "../config";
import { severityOf } from "../severity";
import { bytesText, plural } from "../text";
import { DAY, dayOf, HOUR, iso, isoDay } from "../time";
import type { EntityHour, HourDetector, Sighting, WatchContext } from "./detector";

/** Bytes below which nothing is reported, whatever was usual. */
const FLOOR: Record<Scale, number> = { hour: 8_000_000, day: 32_000_000 };
/** Days that tell what is usual. */
const LEAST_DAYS = 4;

export const outboundVolume: HourDetector = {
  type: "OutboundVolume",
  judges: "hour",
  source: "flow",
  title: "Far more bytes out than usual",
  severity: "high",
  misses:
    "Less than 8 MB an hour and 32 MB a day, not counting objects with less than 66 kB; an increase that stays below three times the largest day; DNS tunnels through the VPC's resolver, which flow logs do not show; what leaves inside of the usual volume.",
  reference: "https://attack.mitre.org/techniques/T1567/",
  mitre: ["T1567", "T1048", "T1030"],
  lookAt:
    "What was sent, and did anybody start it (a backfill, an export)? For S3 look at CloudTrail's data events: the bucket may belong to somebody else.",
  detect(observation, baseline, context) {
    const excess = excessOf(observation, baseline, context.config);
    if (excess === "learning" || excess === "normal") return excess;
    if (observation.peerKey === null && isOfOnePeer(excess)) return "normal";
    return sighting(observation, excess, baseline, context);
  },
};

/** What was sent in an hour or a day beyond the threshold. */
interface Excess {
  readonly scale: Scale;
  readonly bytes: number;
  readonly usual: Usual;
  readonly days: number;
  /** The hours it was sent in. */
  readonly hours: readonly HourFacet[];
}

/** The excess of an hour, else that of its day, where no hour of the day exceeds what is usual by itself. */
function excessOf(
  { hour, peerKey }: EntityHour,
  baseline: Baseline,
  config: DetectionConfig,
): Excess | "normal" | "learning" {
  const day = dayOf(hour * HOUR);
  if (day < reportingFrom(baseline, config)) return "learning";
  const key = peerKey ?? ALL_PEERS;
  const ofDay = hoursOf(day, baseline);
  const byHour = ofDay.flatMap((one) => excessIn([one], "hour", key, day, baseline, config) ?? []);
  const [ofHour] = byHour.filter(({ hours }) => hours[0]?.hour === hour);
  if (ofHour !== undefined) return ofHour;
  if (byHour.length > 0) return "normal";
  return excessIn(ofDay, "day", key, day, baseline, config) ?? "normal";
}

const hoursOf = (day: number, { hours }: Baseline): HourFacet[] =>
  [...hours.values()].filter(({ hour }) => dayOf(hour * HOUR) === day).sort((a, b) => a.hour - b.hour);

function excessIn(
  hours: readonly HourFacet[],
  scale: Scale,
  key: string,
  day: number,
  baseline: Baseline,
  config: DetectionConfig,
): Excess | null {
  const bytes = hours.reduce((sum, facet) => sum + bytesSent(facet, key), 0);
  if (bytes <= FLOOR[scale]) return null;
  const values = historyOf(key, day, scale, baseline, config);
  const usual = usualVolume(values, FLOOR[scale], config.learningDays);
  const tellsEnough = values.length >= Math.min(LEAST_DAYS, config.learningDays);
  return tellsEnough && bytes > usual.threshold ? { scale, bytes, usual, days: values.length, hours } : null;
}

function historyText({ scale, usual, days }: Excess): string {
  const before = `On the ${plural(days, "day")} before,`;
  if (usual.largest === 0) {
    return `${before} less was sent than is kept: never ${bytesText(LEAST_BYTES)} in the five minutes of an object.`;
  }
  const what = scale === "hour" ? "the largest hour of a day" : "the day";
  return `${before} ${what} had ${bytesText(usual.median)} in the median (robust standard deviation ${bytesText(usual.spread)}) and ${bytesText(usual.largest)} at most.`;
}

const ratioOf = ({ bytes, usual }: Excess) => bytes / usual.threshold;

/** Of a peer that is familiar its own volumes, else those of all peers together. */
function historyOf(
  key: string,
  day: number,
  scale: Scale,
  baseline: Baseline,
  config: DetectionConfig,
): number[] {
  const { profile, peers } = baseline;
  const peer = peers.get(key);
  if (peer !== undefined && isEstablished(peer.contact, day, baseline, config)) {
    const own = volumesBefore(peer.contact, peer.volume, day, scale);
    if (own.length >= LEAST_DAYS) return own;
  }
  return profile === null ? [] : volumesBefore(profile.activity, profile.volume, day, scale);
}

/** Whether most of it went to one peer: then that peer's own volume tells. */
function isOfOnePeer({ bytes, hours }: Excess): boolean {
  const traces = hours.flatMap((one) => Object.values(one.traces));
  const peers = new Set(traces.flatMap(({ sent }) => Object.keys(sent)).filter((key) => key !== ALL_PEERS));
  return [...peers].some((key) => 2 * hours.reduce((sum, one) => sum + bytesSent(one, key), 0) > bytes);
}

function sighting(
  { peerKey }: EntityHour,
  excess: Excess,
  baseline: Baseline,
  { entity }: WatchContext,
): Sighting {
  const { scale, bytes, usual, days, hours } = excess;
  const key = peerKey ?? ALL_PEERS;
  const sent = hours
    .flatMap(({ traces }) =>
      Object.entries(traces).flatMap(([ref, trace]) => {
        const one = trace.sent[key];
        return one === undefined ? [] : [{ ref, sent: one }];
      }),
    )
    .sort((a, b) => a.sent.at - b.sent.at || (a.ref < b.ref ? -1 : 1));
  const largest = sent.reduce<Sent>(
    (most, one) => (one.sent.bytes > most.bytes ? one.sent : most),
    sent[0]?.sent as Sent,
  );
  const peer = peerKey === null ? undefined : baseline.peers.get(peerKey);
  const name = peer?.name ?? (peerKey === null ? "all its peers together" : largest.address);
  const internal = peer?.kind === "internal" ? 1 : 0;
  const score = Math.round(10 * Math.min(8.9, 6 + 1.5 * Math.log10(ratioOf(excess)) - internal)) / 10;
  const first = (hours[0] as HourFacet).hour * HOUR;
  const time = scale === "hour" ? `in the hour from ${iso(first)}` : `on ${isoDay(Math.floor(first / DAY))}`;
  const began = baseline.profile?.activity.firstDay ?? 0;
  return {
    deviation: key,
    score,
    subject: {
      peer: name,
      address: largest.address,
      port: Math.max(0, largest.port),
      protocol: protocolName(largest.protocol),
      direction: "egress",
      bytes,
    },
    title: `${entityName(entity)} sends far more than usual to ${name}: ${bytesText(bytes)} in ${scale === "hour" ? "an hour" : "a day"}`,
    explanation: [
      `${entityName(entity)} sent ${bytesText(bytes)} to ${name} ${time}, most of it to ${largest.address}.`,
      historyText(excess),
      `The threshold is ${bytesText(usual.threshold)}: the largest of ${bytesText(FLOOR[scale])}, ten deviations above the median (each at least 0.4 of it), and three times the most.`,
      `Score ${score} (${severityOf(score)}): 6, 1.5 for each power of ten above the threshold${internal ? ", less 1 for an internal peer" : ""}.`,
      attributionNote(entity),
    ]
      .filter((sentence) => sentence !== "")
      .join(" "),
    baseline: {
      days,
      expected: usual.median,
      observed: bytes,
      threshold: usual.threshold,
      rarity: "UNSEEN",
    },
    firstSeen: sent[0]?.sent.at ?? first,
    lastSeen: sent.at(-1)?.sent.at ?? first,
    occurrences: hours.map((facet) => facet.hour * HOUR),
    evidence: sent
      .slice(0, 10)
      .map(({ ref, sent: { at, line } }) => ({ source: "flow-log", ref, at: iso(at), line })),
    weight: ratioOf(excess),
    learnedFrom: began * DAY,
  };
}

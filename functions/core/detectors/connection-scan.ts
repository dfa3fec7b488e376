/**
 * Sees: many unfamiliar targets (addresses and ports) that reject or refuse connections or do not answer, within three hours of the clock.
 * Why: whoever is in a function and does not know the network tries it out. A function's own code knows its targets.
 * Internal and public targets are counted apart, and only where at least as many failed as answered, since a crawler meets
 * many dead ends. What was met on a day before does not count: a service that is down is no scan. Vain attempts of a scan
 * are no new peers.
 */
import { attributionNote, entityName } from "../attribution/entity";
import { PEER_CLASSES } from "../attribution/peer";
import { SCAN_TARGETS, type Scan, scanIn } from "../baseline/scan";
import { groupBy } from "../group";
import { severityOf } from "../severity";
import { listed, plural } from "../text";
import { DAY, iso } from "../time";
import type { HourDetector, Sighting, WatchContext } from "./detector";

export const connectionScan: HourDetector = {
  type: "ConnectionScan",
  judges: "hour",
  source: "flow",
  title: "Many unfamiliar targets that reject or refuse connections or do not answer",
  severity: "high",
  misses:
    "Fewer than 25 internal or 50 public targets in three hours of the clock; targets that answer with data; UDP that is not rejected; targets that were met on a day before.",
  reference: "https://attack.mitre.org/techniques/T1046/",
  mitre: ["T1046"],
  lookAt:
    "What runs in the function that does not know where to go? Compare its code with what should run, and look at the targets that did answer.",
  detect({ hour, peerKey }, baseline, context) {
    if (peerKey !== null) return "normal";
    const scans = PEER_CLASSES.map((peerClass) => scanIn(hour, peerClass, baseline)).filter(
      (scan) => scan !== null,
    );
    if (scans.length === 0) return "normal";
    return scans.map((scan) => sighting(scan, baseline.profile?.activity.firstDay ?? null, context));
  },
};

function sighting(scan: Scan, began: number | null, { entity }: WatchContext): Sighting {
  const { peerClass, failed, targets, answered } = scan;
  const attempts = [...scan.attempts].sort(([refA, a], [refB, b]) => a.at - b.at || (refA < refB ? -1 : 1));
  const times = attempts.map(([, { at }]) => at);
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 0];
  const least = SCAN_TARGETS[peerClass];
  const score =
    Math.round(10 * Math.min(8.9, 6 + 2 * Math.log10(failed / least) + (peerClass === "internal" ? 1 : 0))) /
    10;
  const [address = "", service = ""] = targets[0]?.split(" ") ?? [];
  const [port = "0", protocol = "unknown"] = service.includes("/") ? service.split("/") : ["0", service];
  const what = peerClass === "internal" ? "its own network" : "the internet";
  return {
    deviation: peerClass,
    score,
    subject: {
      peer: `${plural(failed, "target")}: ${networksOf(targets)}`,
      address,
      port: Math.max(0, Number(port)),
      protocol,
      direction: "egress",
      bytes: 0,
    },
    title: `${entityName(entity)} scans ${what}: ${plural(failed, "target")} in vain`,
    explanation: [
      `${entityName(entity)} tried ${plural(failed, `${peerClass} target`)} from ${iso(first)} on, within three hours of the clock, that rejected or refused it or did not answer; ${answered === 0 ? "none" : answered} of the unfamiliar ones answered.`,
      `By network: ${networksOf(targets)}. By port: ${portsOf(targets)}.`,
      `None was met on a day before. From ${least} ${peerClass} targets on it is a scan.`,
      `Score ${score} (${severityOf(score)}): 6, 2 for each power of ten above ${least}${peerClass === "internal" ? ", 1 for being inside" : ""}.`,
      attributionNote(entity),
    ]
      .filter((sentence) => sentence !== "")
      .join(" "),
    baseline: {
      days: began === null ? 0 : Math.max(0, Math.floor(first / DAY) - began),
      expected: 0,
      observed: failed,
      threshold: least,
      rarity: "UNSEEN",
    },
    firstSeen: first,
    lastSeen: last,
    occurrences: times,
    evidence: attempts
      .slice(0, 10)
      .map(([ref, { at, line }]) => ({ source: "flow-log", ref, at: iso(at), line })),
    weight: failed,
    learnedFrom: null,
  };
}

const networksOf = (targets: readonly string[]) =>
  tally(targets.map((one) => networkOf(one.split(" ")[0] ?? "")));
const portsOf = (targets: readonly string[]) => tally(targets.map((one) => one.split(" ")[1] ?? ""));

/** The network that a reader would name: /24, or /64 of IPv6. */
function networkOf(address: string): string {
  if (!address.includes(":")) return `${address.split(".").slice(0, 3).join(".")}.0/24`;
  return `${address.split(":").slice(0, 4).join(":")}::/64`;
}

/** `150 in 10.0.0.0/24`-like counts, the most first. */
function tally(values: readonly string[]): string {
  const counts = [...groupBy(values, (value) => value)].map(([value, all]) => [value, all.length] as const);
  counts.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return listed(
    counts.map(([value, count]) => `${value} (${count})`),
    4,
  );
}

/** When vain attempts are a scan: how many of them, within three hours of the clock. */
import type { Connection } from "../attribution/attribute";
import { classOf, type PeerClass } from "../attribution/peer";
import { HOUR } from "../time";
import type { Baseline } from "./baseline";
import { type Attempts, isVainAttempt, SEARCH } from "./trace";

/** Distinct targets from which on vain attempts are a scan. Public ones die more often. */
export const SCAN_TARGETS: Readonly<Record<PeerClass, number>> = { internal: 25, external: 50 };

export interface Scan {
  readonly peerClass: PeerClass;
  /** Distinct targets in vain; `targets` names them as far as they were kept, in order. */
  readonly failed: number;
  readonly targets: readonly string[];
  /** Unfamiliar targets that did answer, added up over objects. */
  readonly answered: number;
  /** By the object that tells of it. */
  readonly attempts: readonly (readonly [ref: string, attempts: Attempts])[];
}

/** Any two hours lie within so many hours of the clock. */
const CLOCK_HOURS = [0, 1, 2];

/** The largest scan of one class in three hours of the clock of which `hour` is one. */
export function scanIn(hour: number, peerClass: PeerClass, baseline: Baseline): Scan | null {
  return CLOCK_HOURS.map((later) => scanWithin(CLOCK_HOURS.map((one) => hour - later + one)))
    .filter((scan) => scan !== null)
    .reduce<Scan | null>((a, b) => (a === null || b.failed > a.failed ? b : a), null);

  function scanWithin(hours: readonly number[]): Scan | null {
    const attempts = hours.flatMap((one) =>
      Object.entries(baseline.hours.get(one)?.traces ?? {}).flatMap(([ref, trace]) => {
        const ofClass = trace.attempts[peerClass];
        return ofClass === undefined ? [] : [[ref, ofClass] as const];
      }),
    );
    const targets = [...new Set(attempts.flatMap(([, { inVain }]) => inVain))].sort();
    const failed = Math.max(targets.length, ...attempts.map(([, one]) => one.failed));
    const answered = attempts.reduce((sum, [, one]) => sum + one.answered, 0);
    // A crawler meets many dead ends; whoever scans meets little else.
    if (failed < SCAN_TARGETS[peerClass] || answered > failed) return null;
    return { peerClass, failed, targets, answered, attempts };
  }
}

/** Whether a connection is a vain attempt among many: it is told by the scan, and is no new peer. */
export function isPartOfScan(connection: Connection, baseline: Baseline): boolean {
  if (!isVainAttempt(connection, baseline)) return false;
  const hour = Math.floor(connection.flow.firstSeen / HOUR);
  const peerClass = classOf(connection.peer.kind);
  const ofObject = baseline.hours.get(hour)?.traces[connection.ref]?.attempts[peerClass];
  return (ofObject?.failed ?? 0) >= SEARCH || scanIn(hour, peerClass, baseline) !== null;
}

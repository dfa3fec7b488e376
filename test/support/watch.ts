/** An entity's days through `watch`, with its baseline kept in memory. */
import type { Connection } from "../../functions/core/attribution/attribute";
import type { Entity } from "../../functions/core/attribution/entity";
import type { Peer, PeerKind } from "../../functions/core/attribution/peer";
import { baselineOf, EMPTY_BASELINE, facetsOf } from "../../functions/core/baseline/baseline";
import { type DetectionConfig, detectionConfig } from "../../functions/core/config";
import type { WatchContext } from "../../functions/core/detectors/detector";
import type { FindingRecord } from "../../functions/core/finding";
import { NO_THREAT_LISTS } from "../../functions/core/threat-list";
import { watch } from "../../functions/core/watch";
import { arnOf } from "./account";
import { DAY, ENI, T0 } from "./flow-log";

export const ENTITY: Entity = {
  id: arnOf("RDSQueryLogger"),
  attribution: "certain",
  functionArn: arnOf("RDSQueryLogger"),
  functionName: "RDSQueryLogger",
  candidates: [{ functionArn: arnOf("RDSQueryLogger"), functionName: "RDSQueryLogger", invoked: null }],
  accountId: "111122223333",
  region: "us-east-1",
};

export const GROUP: Entity = {
  ...ENTITY,
  id: "group:vpc-1:sg-1",
  attribution: "ambiguous",
  functionArn: null,
  functionName: null,
  candidates: ["A", "B"].map((name) => ({ functionArn: arnOf(name), functionName: name, invoked: null })),
};

export interface Talk {
  to: string;
  kind?: PeerKind;
  port?: number;
  protocol?: number;
  address?: string;
  /** The peer's interface, where the inventory knows it. */
  eni?: string;
  /** Keys under which it may have been learned. */
  otherKeys?: string[];
  /** Seconds after the day's beginning. */
  at?: number;
  rejected?: boolean;
  /** Nothing came back. */
  unanswered?: boolean;
  /** A reset came back. */
  refused?: boolean;
  bytes?: number;
  /** Seconds after `at` at which connections began; one at `at` without it. */
  starts?: readonly number[];
  /** Where there are no TCP flags. */
  sourcePort?: number;
}

export function connection(day: number, talk: Talk): Connection {
  const { to, kind = "internal", port = 5432, protocol = 6, at = 3600, starts = [0] } = talk;
  const { rejected = false, refused = false, unanswered = rejected, sourcePort = null } = talk;
  const { bytes = unanswered || refused ? 60 : 500 } = talk;
  const peer: Peer = {
    key: `${kind}/${to}`,
    kind,
    name: to,
    interfaceId: talk.eni ?? null,
    network: null,
    otherKeys: talk.otherKeys ?? [],
  };
  const seen = T0 + day * DAY + at;
  return {
    kind: "connection",
    peer,
    ref: `AWSLogs/day-${day}.log.gz`,
    flow: {
      interfaceId: ENI,
      address: talk.address ?? `address of ${to}`,
      port,
      protocol,
      awsService: null,
      firstSeen: seen,
      lastSeen: seen + 30,
      starts: starts.map((offset) => ({ at: seen + offset, bytes, sourcePort })),
      bytesOut: bytes,
      packetsOut: unanswered || refused ? 1 : 5,
      bytesIn: unanswered ? 0 : refused ? 40 : 1500,
      packetsIn: unanswered ? 0 : refused ? 1 : 7,
      accepted: rejected ? 0 : 1,
      rejected: rejected ? 1 : 0,
      line: 2,
    },
  };
}

/** What an entity does on each of its days, counted from 0; gives the findings of each day that has some. */
export function live(
  days: readonly (readonly Talk[])[],
  settings: Partial<DetectionConfig> = {},
  entity: Entity = ENTITY,
  threats: WatchContext["threats"] = NO_THREAT_LISTS,
): Map<number, readonly FindingRecord[]> {
  const config = { ...detectionConfig.parse({}), ...settings };
  let baseline = EMPTY_BASELINE;
  const findings = new Map<number, readonly FindingRecord[]>();
  for (const [day, talks] of days.entries()) {
    baseline = baselineOf(facetsOf(baseline), Math.floor(T0 / DAY) + day, config.retentionDays);
    const result = watch(
      talks.map((talk) => connection(day, talk)),
      baseline,
      { entity, config, threats, account: null },
    );
    baseline = result.baseline;
    if (result.findings.length > 0) findings.set(day, result.findings);
  }
  return findings;
}

/** `count` days of the same. */
export const days = (count: number, ...talks: Talk[]): Talk[][] => Array.from({ length: count }, () => talks);

/** Types of the findings of each day, for short expectations. */
export const typesByDay = (findings: Map<number, readonly FindingRecord[]>): Record<number, string[]> =>
  Object.fromEntries([...findings].map(([day, records]) => [day, records.map((record) => record.type)]));

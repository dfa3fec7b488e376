/** What a replay could and could not see: without it, silence means nothing. */
import type { InputProblem } from "../functions/adapters/ports";
import type { UsageReport } from "../functions/adapters/watch-usage";
import type { TrailReport } from "../functions/cloudtrail";
import { countByAttribution } from "../functions/core/attribution/attribute";
import { type Attribution, type Entity, entityName } from "../functions/core/attribution/entity";
import type { Inventory } from "../functions/core/attribution/inventory";
import { PEER_CLASSES, type PeerClass } from "../functions/core/attribution/peer";
import type { Baseline } from "../functions/core/baseline/baseline";
import { isWide, meetsPassingPeers, reportingFrom } from "../functions/core/baseline/novelty";
import type { DetectionConfig } from "../functions/core/config";
import { addCoverage, emptyCoverage, type FlowLogCoverage } from "../functions/core/telemetry/flow-log";
import { SOURCE_NAMES, type Source } from "../functions/core/telemetry/source";
import { emptyTrailCoverage, type TrailCoverage } from "../functions/core/telemetry/trail-file";
import { cleanText, listed, plural } from "../functions/core/text";
import { DAY, dayOf, iso, isoDay } from "../functions/core/time";
import type { ObjectReport } from "../functions/flow-logs";
import type { TelemetryFolder } from "./local/telemetry-folder";

export interface Coverage {
  readonly objects: number;
  readonly lines: FlowLogCoverage;
  readonly connections: Record<Attribution, number>;
  readonly trail: TrailTotals;
  /** Functions with metrics, and points of them. */
  readonly usage: { functions: number; points: number };
  /** Input that could not be read, whole or in part. */
  readonly unreadable: readonly InputProblem[];
  /** Sentences about what was not seen, and why. */
  readonly notes: readonly string[];
}

export interface TrailTotals extends TrailCoverage {
  files: number;
  /** Calls that functions made, and changes of functions or of what Plumbline works by. */
  calls: number;
  changes: number;
}

export interface CoverageCollector {
  object(report: ObjectReport): void;
  trail(file: string, report: TrailReport): void;
  usage(report: UsageReport): void;
  problem(problem: InputProblem): void;
  /** Entities met, each with the last time it was seen. */
  readonly entities: ReadonlyMap<string, { entity: Entity; lastSeen: number }>;
  finish(
    folder: TelemetryFolder,
    referenceNotes: readonly string[],
    inventory: Inventory,
    baselines: ReadonlyMap<string, Baseline>,
    config: DetectionConfig,
    /** When each source told last, seconds since 1970. */
    ends: ReadonlyMap<Source, number>,
  ): Coverage;
}

export function coverageCollector(): CoverageCollector {
  const lines = emptyCoverage();
  const connections: Coverage["connections"] = { certain: 0, ambiguous: 0, unattributed: 0 };
  const trail: TrailTotals = { ...emptyTrailCoverage(), files: 0, calls: 0, changes: 0 };
  const used = new Set<string>();
  let points = 0;
  const unreadable: InputProblem[] = [];
  const skipped = new Map<string, string[]>();
  const entities = new Map<string, { entity: Entity; lastSeen: number }>();
  let objects = 0;

  return {
    entities,
    problem: (problem) => void unreadable.push(printable(problem)),
    object({ ref, scan, attributed }) {
      objects++;
      addCoverage(lines, scan.coverage);
      if (scan.problem?.kind === "unreadable") unreadable.push({ ref, reason: scan.problem.reason });
      else if (scan.problem?.kind === "skipped") {
        skipped.set(scan.problem.reason, [...(skipped.get(scan.problem.reason) ?? []), ref]);
      }
      const damage = damageIn(scan.coverage);
      if (damage !== "") unreadable.push({ ref, reason: damage });
      for (const [attribution, count] of Object.entries(countByAttribution(attributed))) {
        connections[attribution as Attribution] += count;
      }
      for (const { entity, connections: made } of attributed) {
        const before = entities.get(entity.id)?.lastSeen ?? 0;
        const lastSeen = made.reduce((last, { flow }) => Math.max(last, flow.firstSeen), before);
        entities.set(entity.id, { entity, lastSeen });
      }
    },
    trail(file, { scan, fromFuture, attributed }) {
      const ref = printableName(file);
      const { records, otherRecords, malformed } = scan.coverage;
      trail.files++;
      trail.records += records;
      trail.otherRecords += otherRecords;
      trail.malformed += malformed;
      for (const { acts } of attributed.functions)
        for (const act of acts) if (act.kind === "call") trail.calls += act.times.length;
      for (const { acts } of attributed.accounts)
        trail.changes += acts.filter(({ kind }) => kind === "change").length;
      const unusable = malformed + fromFuture;
      if (scan.problem !== null) unreadable.push({ ref, reason: scan.problem });
      else if (unusable > 0)
        unreadable.push({
          ref,
          reason: `${plural(unusable, "record")} without a time, a source or a name that can be, passed over`,
        });
    },
    usage({ entities }) {
      for (const { entity, usage } of entities) {
        used.add(entity.id);
        for (const one of usage) points += one.points.length;
      }
    },
    finish(folder, referenceNotes, inventory, baselines, config, ends) {
      const seen = [...entities.values()].sort((a, b) => (a.entity.id < b.entity.id ? -1 : 1));
      return {
        objects,
        lines,
        connections,
        trail,
        usage: { functions: used.size, points },
        unreadable,
        notes: [
          ...missingParts(folder),
          ...endNotes(ends),
          ...referenceNotes,
          ...[...skipped].map(
            ([reason, refs]) => `${plural(refs.length, "object")} skipped: ${reason} (${listed(refs, 2)}).`,
          ),
          ...lineNotes(lines),
          ...functionNotes(
            inventory,
            seen.map(({ entity }) => entity),
          ),
          ...seen.flatMap(({ entity, lastSeen }) =>
            entityNotes(entity, dayOf(lastSeen), baselines.get(entity.id), config),
          ),
        ],
      };
    },
  };
}

/** Whoever delivers files names them, and what cannot be read may be quoted in the reason. */
const printableName = (ref: string) => cleanText(ref, 1200);
const printable = ({ ref, reason }: InputProblem): InputProblem => ({
  ref: printableName(ref),
  reason: cleanText(reason, 1000),
});

function damageIn({ malformed, oversized, fromFuture }: FlowLogCoverage): string {
  return [
    malformed > 0 && `${plural(malformed, "line")} that ${malformed === 1 ? "is" : "are"} no flow log record`,
    oversized > 0 && `${plural(oversized, "line")} too long to be one`,
    fromFuture > 0 && `${plural(fromFuture, "record")} of a time that has not come yet`,
  ]
    .filter((part) => part !== false)
    .map((part) => `${part}, passed over`)
    .join("; ");
}

function missingParts(folder: TelemetryFolder): string[] {
  const without = (part: "functions" | "interfaces") => folder.snapshots.every((one) => one[part] === null);
  return [
    folder.flowLogs.length === 0 &&
      "No flow logs: there is no AWSLogs/.../vpcflowlogs/ in the folder, so connections are not seen.",
    without("functions") &&
      "No inventory/functions.json (aws lambda list-functions): no interface can be tied to a function.",
    without("interfaces") &&
      "No inventory/network-interfaces.json (aws ec2 describe-network-interfaces): no interface is known as Lambda's, so no flow log record is used.",
    folder.cloudTrail.length === 0 && "No CloudTrail files: calls and changes are not seen.",
    folder.cloudTrail.length > 0 &&
      without("functions") &&
      "Without functions.json, only calls that AWS itself ties to a function are told apart, and where a function should be is not known.",
    folder.metrics.length === 0 &&
      "No metrics: usage is not seen, and which function of a group was invoked is told by CloudTrail's data events only.",
    folder.others.length > 0 &&
      `${plural(folder.others.length, "file")} of another kind passed over (${listed(folder.others.map(printableName), 2)}).`,
  ].filter((note) => note !== false);
}

/** Sources that end a day or more before another one. */
function endNotes(ends: ReadonlyMap<Source, number>): string[] {
  const last = Math.max(...ends.values());
  return [...ends]
    .filter(([, at]) => last - at >= DAY)
    .map(
      ([source, at]) =>
        `${SOURCE_NAMES[source]}: the last is of ${iso(at)}, ${plural(Math.floor((last - at) / DAY), "day")} before the rest. If the source did not stall, the folder holds less of it.`,
    );
}

function lineNotes(lines: FlowLogCoverage): string[] {
  return [
    lines.skipData > 0 &&
      `${plural(lines.skipData, "SKIPDATA record")}: AWS left out records there, so what happened then is not known.`,
    lines.incomplete > 0 &&
      `${plural(lines.incomplete, "record")} on Lambda interfaces without an address, a time or a direction: not used.`,
    lines.overflowed > 0 &&
      `${plural(lines.overflowed, "record")} beyond the most distinct flows that one object may have: not used.`,
    lines.otherRecords > 0 &&
      `${plural(lines.otherRecords, "record")} on interfaces that the inventory does not know as Lambda's: not used.`,
  ].filter((note) => note !== false);
}

function functionNotes({ functions }: Inventory, seen: readonly Entity[]): string[] {
  const names = (some: typeof functions) =>
    listed(
      some.map((one) => one.functionName),
      10,
    );
  const outside = functions.filter((one) => one.vpc.length === 0 && !one.managedInstances);
  const managed = functions.filter((one) => one.managedInstances);
  const met = new Set(seen.flatMap(({ candidates }) => candidates.map((one) => one.functionArn)));
  const silent = functions.filter((one) => one.vpc.length > 0 && !met.has(one.functionArn));
  return [
    outside.length > 0 && `Outside a VPC, so without flow logs: ${names(outside)}.`,
    managed.length > 0 &&
      `On Lambda Managed Instances, whose interfaces are not supported: ${names(managed)}.`,
    silent.length > 0 && `In a VPC, but no connection seen: ${names(silent)}.`,
  ].filter((note) => note !== false);
}

function entityNotes(
  entity: Entity,
  day: number,
  baseline: Baseline | undefined,
  config: DetectionConfig,
): string[] {
  const name = entityName(entity);
  const from = baseline === undefined ? 0 : reportingFrom(baseline, config);
  const classes = (silent: (baseline: Baseline, peerClass: PeerClass) => boolean) =>
    PEER_CLASSES.filter((one) => baseline !== undefined && silent(baseline, one));
  const wide = classes((known, one) => isWide(known, one, day, config));
  const restless = classes((known, one) => meetsPassingPeers(known, one, day, config));
  return [
    entity.attribution === "ambiguous" &&
      `Share one interface, so their connections cannot be told apart: ${name}. A security group of its own for each would.`,
    entity.attribution === "unattributed" &&
      `No function has the subnet and security groups of the interfaces of ${entity.id}.`,
    wide.length > 0 &&
      `Wide, with more than ${config.maxPeers} peers, so new ${wide.join(" and ")} ones are not reported${wide.includes("external") ? ", nor beacons to them" : ""}: ${name}.`,
    restless.length > 0 &&
      `Keeps meeting ${restless.join(" and ")} peers that it never meets again, so new ones are not reported: ${name}.`,
    day < from && `Still learning${Number.isFinite(from) ? `, until ${isoDay(from)}` : ""}: ${name}.`,
  ].filter((note) => note !== false);
}

/**
 * Runs the deployed pipeline over a folder of telemetry on this machine: the same handlers, an embedded DynamoDB, and
 * the time of the telemetry instead of the clock's.
 */
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { baselineStore } from "../functions/adapters/dynamodb/baseline-store";
import { blockStore } from "../functions/adapters/dynamodb/block-store";
import { findingStore } from "../functions/adapters/dynamodb/finding-store";
import { inventoryStore } from "../functions/adapters/dynamodb/inventory-store";
import type { AlertPublisher, Log } from "../functions/adapters/ports";
import { readTrailObject } from "../functions/adapters/read-trail-file";
import { tellInvoked } from "../functions/adapters/tell-invoked";
import { entityWatcher } from "../functions/adapters/watch-entity";
import { watchSources } from "../functions/adapters/watch-sources";
import { watchUsage } from "../functions/adapters/watch-usage";
import { alertsHandler } from "../functions/alerts";
import { watchTrail } from "../functions/cloudtrail";
import type { Alert } from "../functions/core/alert";
import { LONGEST_RUN } from "../functions/core/attribution/invocation";
import type { Baseline } from "../functions/core/baseline/baseline";
import type { DetectionConfig } from "../functions/core/config";
import type { ContainmentPolicy } from "../functions/core/containment/policy";
import { type Finding, type FindingRecord, publicFinding } from "../functions/core/finding";
import { objectRef } from "../functions/core/telemetry/s3-notification";
import type { Source } from "../functions/core/telemetry/source";
import { type TrailScan, unreadableTrail } from "../functions/core/telemetry/trail-file";
import { DAY, dayOf, HOUR, iso } from "../functions/core/time";
import { flowLogsHandler } from "../functions/flow-logs";
import { inventoryHandler } from "../functions/inventory";
import { type Coverage, coverageCollector } from "./coverage";
import { dryRun } from "./local/dry-run";
import type { EmbeddedDynamoDb } from "./local/embedded-dynamodb";
import { folderAccount } from "./local/folder-account";
import { folderMetrics } from "./local/folder-metrics";
import { folderObjects } from "./local/folder-objects";
import { openReferences, type ReferenceFiles } from "./local/references";
import { rememberedBaselines } from "./local/remembered-baselines";
import { byTime, openTelemetryFolder, type TelemetryFile } from "./local/telemetry-folder";

export interface ReplayOptions {
  readonly dir: string;
  readonly config: DetectionConfig;
  readonly references: ReferenceFiles;
  readonly database: EmbeddedDynamoDb;
  /** Told how many of how many objects are done. */
  readonly onProgress: (done: number, total: number) => void;
  /** Tells what containment by this policy would have done. */
  readonly contain?: ContainmentPolicy | undefined;
  /** Baselines are written as often as in AWS, to count how often that is. */
  readonly everyWrite?: boolean;
  /** Asked before each batch. */
  readonly interrupted: () => boolean;
}

export interface ReplayResult {
  /** What the telemetry shows, known before or not; the gravest first. */
  readonly findings: readonly Finding[];
  /** Alerts of this run: one for each finding that was new or came back. */
  readonly alerts: readonly Alert[];
  readonly coverage: Coverage;
  readonly interrupted: boolean;
}

/** Objects that are handed over at once, as SQS would. */
const BATCH = 10;
/** Seconds that a record may be later than the folder's last file and than today: a name may tell the day only. */
const ROOM = 2 * DAY;
/** Files of a trail that are opened ahead: each takes several turns to other threads and back. More gained nothing. */
const READ_AHEAD = 2;
/** Later than any telemetry: what is due is due. */
const END_OF_TIME = 4_102_444_800;

/** Replays a folder. Rejects if the folder cannot be listed or the tables fail; damage in its files does not. */
export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const { dir, config, database } = options;
  const folder = await openTelemetryFolder(dir);
  const references = await openReferences(dir, folder, options.references);
  const coverage = coverageCollector();
  const sent: Alert[] = [];
  const found = new Map<string, FindingRecord>();
  const began = [folder.flowLogs, folder.cloudTrail].reduce(
    (first, [file]) => Math.min(first, file?.at ?? Number.POSITIVE_INFINITY),
    END_OF_TIME,
  );
  let now = began;
  const metrics = await folderMetrics(dir, folder.metrics);
  const deliveries: Delivery[] = [
    ...folder.flowLogs.map((file) => ({ ...file, source: "flow" as const })),
    ...folder.cloudTrail.map((file) => ({ ...file, source: "trail" as const })),
    ...metrics.hours.map((hour) => ({ key: "metrics", at: hour.until, source: "metrics" as const, ...hour })),
  ].sort(byTime);

  // What has not happened yet would make all forget that was learned. A file may tell of more than its name says.
  const latest = deliveries.reduce((last, { at }) => Math.max(last, at ?? 0), Math.floor(Date.now() / 1000));

  const { client, tables } = database;
  const stored = baselineStore(client, tables.baselines, config.retentionDays);
  const remembered = options.everyWrite ? null : rememberedBaselines(stored, config.retentionDays);
  const baselines = remembered ?? stored;
  const findings = findingStore(client, tables.findings, config.findingRetentionDays);
  const alerts: AlertPublisher = { publish: async (alert) => void sent.push(alert) };
  // The whole inventory is there before the first object, so nothing makes it stale.
  const inventory = inventoryStore(client, tables.inventory, config.retentionDays, () => 0);
  const failures = new Map<string, string>();
  const log: Log = {
    info() {},
    warn() {},
    error: (_, { messageId, error }) => void failures.set(String(messageId), (error as Error).message),
  };

  for (const problem of [...references.problems, ...metrics.problems]) coverage.problem(problem);
  if (references.awsRanges !== null) await inventory.saveAwsRanges(references.awsRanges, began);
  await applySnapshots();
  const objects = folderObjects(dir);
  const dependencies = {
    objects,
    inventory,
    networks: references.networks,
    notAfter: () => latest + ROOM,
    watchEntity: entityWatcher({
      baselines,
      findings,
      alerts,
      threats: { current: async () => references.threats },
      config,
      clock: () => now,
      log,
    }),
  };
  const keep = (findings: readonly FindingRecord[]) => {
    for (const finding of findings) found.set(finding.id, finding);
  };
  const handleFlowLogs = flowLogsHandler({
    ...dependencies,
    report(report) {
      coverage.object(report);
      keep(report.findings);
    },
    log,
  });
  const contain =
    options.contain === undefined
      ? null
      : dryRun({
          policy: options.contain,
          blocks: blockStore(client, tables.blocks, config.findingRetentionDays),
          findings,
          alerts,
          inventory,
          baselines,
          networks: references.networks,
          clock: () => now,
          log,
        });
  let answered = 0;
  let done = 0;
  while (done < deliveries.length && !options.interrupted()) {
    const batch = nextBatch(deliveries, done);
    const next = batch.at(-1)?.at ?? now;
    if (dayOf(next) > dayOf(now)) await checkSources();
    now = next;
    if (batch[0]?.source === "flow") {
      const { batchItemFailures } = await handleFlowLogs(toSqsEvent(batch));
      for (const { itemIdentifier } of batchItemFailures) noteFailure(itemIdentifier);
    } else if (batch[0]?.source === "trail") await watchTrailFiles(batch);
    else for (const hour of batch) await watchMetrics(hour);
    const unanswered = sent.slice(answered);
    keep((await contain?.(unanswered)) ?? []);
    answered += unanswered.length;
    done += batch.length;
    options.onProgress(done, deliveries.length);
  }
  const ends = endsOf(deliveries.slice(0, done));
  await checkSources();
  keep(await watchSources(Math.max(...ends.values(), 0), endedEarly(ends), dependencies));
  await remembered?.flush();
  await alertsHandler({ findings, alerts, clock: () => END_OF_TIME, report() {}, log })();
  return {
    findings: [...found.values()].map(publicFinding).sort(byGravity),
    alerts: sent.filter(({ attributes }) => attributes.containment === undefined),
    coverage: coverage.finish(
      folder,
      references.notes,
      await inventory.current(),
      await loadBaselines(),
      config,
      ends,
    ),
    interrupted: options.interrupted(),
  };

  async function applySnapshots(): Promise<void> {
    for (const files of folder.snapshots) {
      const at = files.at ?? began;
      const sync = inventoryHandler({
        account: folderAccount(dir, files),
        inventory,
        awsRanges: null,
        clock: () => at,
        log,
      });
      for (const problem of (await sync()).problems) coverage.problem(problem);
    }
  }

  /** In AWS each event comes by itself; here all events of a file do. */
  async function watchTrailFiles(files: readonly TelemetryFile[]): Promise<void> {
    const read = ({ key }: TelemetryFile) =>
      readTrailObject(objects, { bucket: "", key }).catch((error: Error) => unreadableTrail(error.message));
    // The next files are read and decompressed, on other threads, while this one is watched.
    const reading = files.slice(0, READ_AHEAD).map(read);
    for (const [i, { key }] of files.entries()) {
      const scan = (await reading.shift()) as TrailScan;
      const next = files[i + READ_AHEAD];
      if (next !== undefined) reading.push(read(next));
      const report = await watchTrail(scan, dependencies);
      coverage.trail(key, report);
      keep(report.findings);
    }
  }

  /** What is not in the inventory is where the rest is. */
  async function watchMetrics({ from = 0, until = 0 }: Delivery): Promise<void> {
    const [known] = (await inventory.current()).functions;
    const [, , , region = "unknown", accountId = null] = known?.functionArn.split(":") ?? [];
    const elsewhere = {
      accountId: accountId ?? "000000000000",
      region: known === undefined ? "us-east-1" : region,
    };
    const report = await watchUsage(metrics.series, from, until, { ...dependencies, elsewhere });
    coverage.usage(report);
    keep(report.findings);
    // Objects of the last hour may have come after its metrics.
    const told = Math.max(metrics.hours[0]?.from ?? from, from - HOUR - LONGEST_RUN);
    const groups = [...found.values()].filter((one) => one.attribution === "ambiguous");
    const late = new Set(groups.filter(({ lastSeen }) => lastSeen >= iso(told)).map(({ entity }) => entity));
    keep(await tellInvoked(metrics.series, told, until, late, await inventory.current(), findings));
  }

  /** In AWS a schedule asks; here the day that is over does, as soon as all of it is told. */
  async function checkSources(): Promise<void> {
    keep(await watchSources((dayOf(now) + 1) * DAY, [], dependencies));
  }

  /** Objects that were read have said what is wrong with them; the rest could not even be opened, or a table failed. */
  function noteFailure(key: string): void {
    const reason = failures.get(key) ?? "unknown";
    if (!reason.startsWith(`${objectRef({ bucket: "", key })}: `)) coverage.problem({ ref: key, reason });
  }

  async function loadBaselines(): Promise<Map<string, Baseline>> {
    const all = new Map<string, Baseline>();
    for (const [id, { lastSeen }] of coverage.entities)
      all.set(id, await baselines.load(id, dayOf(lastSeen)));
    return all;
  }
}

interface Delivery extends TelemetryFile {
  readonly source: Source;
  /** Of metrics: the time that is told, in seconds since 1970. */
  readonly from?: number;
  readonly until?: number;
}

/** When each source told last, seconds since 1970, in the order of time. */
const endsOf = (deliveries: readonly Delivery[]): ReadonlyMap<Source, number> =>
  new Map(deliveries.flatMap(({ source, at }) => (at === null ? [] : [[source, at] as const])));

/** Whoever takes telemetry by the day may take a day less of one source. */
const CUT_OFF = 1.5 * DAY;

/** Sources that ended long before another one: a folder that is cut off is so for all of them. */
const endedEarly = (ends: ReadonlyMap<Source, number>): Source[] =>
  [...ends].filter(([, at]) => Math.max(...ends.values()) - at >= CUT_OFF).map(([source]) => source);

/** What comes next, as far as it is of one source and fits into one event of SQS. */
function nextBatch<T extends { source: string }>(deliveries: readonly T[], from: number): T[] {
  const some = deliveries.slice(from, from + BATCH);
  const other = some.findIndex(({ source }) => source !== some[0]?.source);
  return other < 0 ? some : some.slice(0, other);
}

function toSqsEvent(files: readonly TelemetryFile[]): SQSEvent {
  return {
    Records: files.map(({ key }) => {
      const s3 = { bucket: { name: "" }, object: { key: encodeURIComponent(key) } };
      return { messageId: key, body: JSON.stringify({ Records: [{ s3 }] }) } as SQSRecord;
    }),
  };
}

const byGravity = (a: Finding, b: Finding) =>
  b.score - a.score ||
  (a.firstSeen < b.firstSeen ? -1 : a.firstSeen > b.firstSeen ? 1 : a.id < b.id ? -1 : 1);

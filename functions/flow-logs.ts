/** S3 -> SQS -> here: each new flow log object is read, tied to functions, and watched. */
import { S3Client } from "@aws-sdk/client-s3";
import {
  deployedInventory,
  deployedNetworks,
  deployedThreats,
  deployedWatcher,
  lambdaHandler,
  logger,
  measure,
  once,
  systemClock,
} from "./adapters/aws/runtime";
import { s3Objects } from "./adapters/aws/s3-objects";
import { eachMessage, type SqsHandler } from "./adapters/each-message";
import type { Clock, InventoryStore, Log, TelemetryObjects } from "./adapters/ports";
import { readFlowLog } from "./adapters/read-flow-log";
import type { EntityWatcher } from "./adapters/watch-entity";
import { attribute, countByAttribution, type EntityConnections } from "./core/attribution/attribute";
import { accountEntity } from "./core/attribution/entity";
import type { Inventory } from "./core/attribution/inventory";
import { hoursOf, withInvocations } from "./core/attribution/invocation";
import type { Networks } from "./core/attribution/network";
import { hasFunctions } from "./core/attribution/source-checks";
import type { FindingRecord } from "./core/finding";
import type { FlowLogScan } from "./core/telemetry/flow-log";
import { deliveryTime, flowLogPlace, kindOfObject } from "./core/telemetry/object-key";
import { type ObjectLocation, objectRef, parseS3Notification } from "./core/telemetry/s3-notification";
import { DAY } from "./core/time";

/** What became of one object. */
export interface ObjectReport {
  readonly ref: string;
  readonly scan: FlowLogScan;
  readonly attributed: readonly EntityConnections[];
  readonly findings: readonly FindingRecord[];
}

export interface FlowLogsDependencies {
  readonly objects: TelemetryObjects;
  readonly inventory: InventoryStore;
  /** Names the networks of public addresses. */
  readonly networks: Networks;
  readonly watchEntity: EntityWatcher;
  /** The latest time that a record may have, seconds since 1970. */
  readonly notAfter: Clock;
  readonly report: (report: ObjectReport) => void;
  readonly log: Log;
}

/** A message fails where its object cannot be fetched or read, or a store fails. */
export const flowLogsHandler = (dependencies: FlowLogsDependencies): SqsHandler =>
  eachMessage(async ({ body }) => {
    for (const location of parseS3Notification(body)) {
      // A bucket with everything that AWS delivers tells of the rest, too.
      if (kindOfObject(location.key) === "flow-log") await processObject(location, dependencies);
    }
  }, dependencies.log);

async function processObject(location: ObjectLocation, dependencies: FlowLogsDependencies): Promise<void> {
  const ref = objectRef(location);
  const inventory = await dependencies.inventory.current();
  const { objects, networks, notAfter } = dependencies;
  const scan = await readFlowLog(objects, location, inventory.lambdaInterfaces, notAfter());
  const attributed = await withInvoked(
    attribute(scan.flows, inventory, networks, ref),
    dependencies.inventory,
  );
  const findings: FindingRecord[] = [];
  for (const { entity, connections } of attributed) {
    const { findings: found } = await dependencies.watchEntity(entity, connections);
    findings.push(...found);
  }
  if (scan.coverage.records > 0) await noteDelivery(location, inventory, dependencies);
  dependencies.report({ ref, scan, attributed, findings });
  if (scan.problem?.kind === "unreadable") throw new Error(`${ref}: ${scan.problem.reason}`);
  if (scan.problem !== null)
    dependencies.log.warn("Object skipped", { object: ref, reason: scan.problem.reason });
}

/** An object tells of its account, whatever is in it: of interfaces where nothing happens AWS writes that, too. */
async function noteDelivery(
  { key }: ObjectLocation,
  inventory: Inventory,
  { watchEntity, notAfter }: FlowLogsDependencies,
): Promise<void> {
  const place = flowLogPlace(key);
  const at = deliveryTime(key);
  if (place === null || at === null || at > notAfter()) return;
  const { accountId, region } = place;
  if (hasFunctions(inventory, accountId, region))
    await watchEntity(accountEntity(accountId, region), [{ kind: "notice", source: "flow", at }]);
}

/** Groups with word of who was invoked, where CloudTrail's data events tell. */
async function withInvoked(
  attributed: readonly EntityConnections[],
  inventory: InventoryStore,
): Promise<readonly EntityConnections[]> {
  const hours = hoursOf(attributed.filter(({ entity }) => entity.attribution === "ambiguous"));
  if (hours === null) return attributed;
  const invocations = await inventory.invocations(hours.from, hours.to);
  return attributed.map((group) => withInvocations(group, invocations));
}

const deployed = once(() => {
  const s3 = new S3Client({});
  return flowLogsHandler({
    objects: s3Objects(s3),
    inventory: deployedInventory(),
    networks: deployedNetworks(),
    watchEntity: deployedWatcher(deployedThreats(s3)),
    notAfter: () => systemClock() + DAY,
    report: addMetrics,
    log: logger(),
  });
});

function addMetrics({ scan, attributed }: ObjectReport): void {
  const { certain, ambiguous, unattributed } = countByAttribution(attributed);
  const connections = certain + ambiguous + unattributed;
  const { records, skipData, malformed, oversized, fromFuture } = scan.coverage;
  const newest = scan.flows.reduce((last, { lastSeen }) => Math.max(last, lastSeen), 0);
  if (newest > 0) measure("FlowLogLag", systemClock() - newest);
  measure("FlowLogRecords", records);
  measure("Connections", connections);
  if (connections > 0) measure("UnattributedShare", (100 * unattributed) / connections);
  measure("SkipDataRecords", skipData);
  measure("UnreadableInput", malformed + oversized + fromFuture);
}

export const handler = lambdaHandler(deployed);

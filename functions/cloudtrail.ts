/** EventBridge -> SQS -> here: what functions call, and who changes them or what Plumbline works by. */
import {
  deployedInventory,
  deployedNetworks,
  deployedWatcher,
  lambdaHandler,
  logger,
  measure,
  once,
  systemClock,
} from "./adapters/aws/runtime";
import { eachMessage, type SqsHandler } from "./adapters/each-message";
import type { Clock, InventoryStore, Log } from "./adapters/ports";
import type { EntityWatcher } from "./adapters/watch-entity";
import { type AttributedEvents, attributeEvents } from "./core/attribution/act";
import { invocationsIn } from "./core/attribution/invocation";
import type { Networks } from "./core/attribution/network";
import type { TrailFacet } from "./core/baseline/trail-facets";
import type { FindingRecord } from "./core/finding";
import { readTrailDelivery, type TrailScan } from "./core/telemetry/trail-file";
import { DAY } from "./core/time";

export interface TrailDependencies {
  readonly inventory: InventoryStore;
  /** Names the networks from which calls come. */
  readonly networks: Networks;
  readonly watchEntity: EntityWatcher;
  /** The latest time that an event may have, seconds since 1970. */
  readonly notAfter: Clock;
}

export interface CloudTrailDependencies extends TrailDependencies {
  readonly report: (report: TrailReport) => void;
  readonly log: Log;
}

/** What became of a delivery. */
export interface TrailReport {
  readonly scan: TrailScan;
  /** Events later than any can be: left out. */
  readonly fromFuture: number;
  readonly attributed: AttributedEvents;
  readonly findings: readonly FindingRecord[];
}

/** A message fails where it cannot be read, or a store fails. */
export const cloudTrailHandler = (dependencies: CloudTrailDependencies): SqsHandler =>
  eachMessage(async ({ body, messageId }) => {
    const scan = readTrailDelivery(body);
    dependencies.report(await watchTrail(scan, dependencies));
    if (scan.problem !== null) throw new Error(`The message is no event of CloudTrail: ${scan.problem}`);
    if (scan.coverage.malformed > 0)
      dependencies.log.warn("An event without time, source or name was left out", { messageId });
  }, dependencies.log);

/** Ties the events of a delivery to accounts and functions, and watches them. */
export async function watchTrail(scan: TrailScan, dependencies: TrailDependencies): Promise<TrailReport> {
  const { watchEntity, networks, notAfter } = dependencies;
  const latest = notAfter();
  const events = scan.events.filter(({ at }) => at <= latest);
  const attributed = attributeEvents(events, await dependencies.inventory.current(), networks);
  await dependencies.inventory.saveInvocations(invocationsIn(events));
  const findings: FindingRecord[] = [];
  // Accounts first: who deploys in an account, and since when it is known, tells how a function's change is to be taken.
  const accounts = new Map<string, TrailFacet>();
  for (const { entity, acts } of attributed.accounts) {
    const watched = await watchEntity(entity, acts);
    findings.push(...watched.findings);
    if (watched.baseline.trail !== null)
      accounts.set(`${entity.accountId} ${entity.region}`, watched.baseline.trail);
  }
  for (const { entity, acts } of attributed.functions) {
    // Changes of a role are recorded in the Region of IAM.
    const recordedIn = acts.find((act) => act.kind === "change")?.event.region ?? entity.region;
    const account = accounts.get(`${entity.accountId} ${recordedIn}`) ?? null;
    findings.push(...(await watchEntity(entity, acts, account)).findings);
  }
  return { scan, fromFuture: scan.events.length - events.length, attributed, findings };
}

const deployed = once(() =>
  cloudTrailHandler({
    inventory: deployedInventory(),
    networks: deployedNetworks(),
    watchEntity: deployedWatcher(),
    notAfter: () => systemClock() + DAY,
    report: addMetrics,
    log: logger(),
  }),
);

function addMetrics({ scan, fromFuture }: TrailReport): void {
  const newest = scan.events.reduce((last, { at }) => Math.max(last, at), 0);
  if (newest > 0) measure("TrailLag", systemClock() - newest);
  measure("TrailEvents", scan.coverage.records);
  measure("UnreadableInput", scan.coverage.malformed + fromFuture);
}

export const handler = lambdaHandler(deployed);

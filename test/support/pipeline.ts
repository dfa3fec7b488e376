/** The handlers on an embedded DynamoDB, with objects, account and alerts in memory. */
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { type EmbeddedDynamoDb, startEmbeddedDynamoDb } from "../../cli/local/embedded-dynamodb";
import { baselineStore } from "../../functions/adapters/dynamodb/baseline-store";
import { findingStore } from "../../functions/adapters/dynamodb/finding-store";
import { inventoryStore } from "../../functions/adapters/dynamodb/inventory-store";
import type { AlertPublisher, AwsRangesPublication, Log } from "../../functions/adapters/ports";
import { type EntityWatcher, entityWatcher } from "../../functions/adapters/watch-entity";
import { cloudTrailHandler, type TrailReport } from "../../functions/cloudtrail";
import type { Alert } from "../../functions/core/alert";
import { NO_NETWORKS } from "../../functions/core/attribution/network";
import { parseFunctions, parseInterfaces } from "../../functions/core/attribution/snapshot";
import { type DetectionConfig, detectionConfig } from "../../functions/core/config";
import { parseThreatLists, type ThreatListText } from "../../functions/core/threat-list";
import { flowLogsHandler, type ObjectReport } from "../../functions/flow-logs";
import { inventoryHandler } from "../../functions/inventory";
import { DAY, T0 } from "./flow-log";

export interface Pipeline {
  readonly database: EmbeddedDynamoDb;
  readonly objects: Map<string, Uint8Array>;
  readonly alerts: Alert[];
  /** May be added to at any time. */
  readonly threatLists: ThreatListText[];
  readonly reports: ObjectReport[];
  readonly errors: string[];
  readonly warnings: string[];
  /** A look at the account, as the AWS CLI prints it. */
  sync(
    functions: object[],
    interfaces: object[],
    at?: number,
    awsRanges?: AwsRangesPublication | null,
    client?: EmbeddedDynamoDb["client"],
  ): Promise<void>;
  /** A new worker, as a new container would be, optionally on another client. */
  worker(
    client?: EmbeddedDynamoDb["client"],
    publisher?: AlertPublisher,
  ): (event: SQSEvent) => Promise<string[]>;
  /** The same for events of CloudTrail. */
  trailWorker(
    client?: EmbeddedDynamoDb["client"],
    report?: (report: TrailReport) => void,
  ): (event: SQSEvent) => Promise<string[]>;
  /** What holds observations against the baselines in the tables. */
  watcher(): EntityWatcher;
  /** Everything that is stored, sorted. */
  tables(): Promise<Record<string, unknown[]>>;
  stop(): Promise<void>;
}

export async function startPipeline(settings: Partial<DetectionConfig> = {}): Promise<Pipeline> {
  const database = await startEmbeddedDynamoDb();
  const config = { ...detectionConfig.parse({}), ...settings };
  const objects = new Map<string, Uint8Array>();
  const alerts: Alert[] = [];
  const threatLists: ThreatListText[] = [];
  const reports: ObjectReport[] = [];
  const errors: string[] = [];
  const warnings: string[] = [];
  const log: Log = {
    info() {},
    warn: (message) => void warnings.push(message),
    error: (_, { error }) => void errors.push((error as Error).message),
  };
  const inventoryOf = (client = database.client) =>
    inventoryStore(client, database.tables.inventory, config.retentionDays, () => T0);
  const watcher = (client: EmbeddedDynamoDb["client"], publisher: AlertPublisher) =>
    entityWatcher({
      baselines: baselineStore(client, database.tables.baselines, config.retentionDays),
      findings: findingStore(client, database.tables.findings, config.findingRetentionDays),
      alerts: publisher,
      threats: { current: async () => parseThreatLists(threatLists) },
      config,
      clock: () => T0,
      log,
    });
  const toMemory: AlertPublisher = { publish: async (alert) => void alerts.push(alert) };
  return {
    database,
    objects,
    alerts,
    threatLists,
    reports,
    errors,
    warnings,
    async sync(functions, interfaces, at = T0, awsRanges = null, client = database.client) {
      const snapshot = {
        functions: parseFunctions({ Functions: functions }).items,
        interfaces: parseInterfaces({ NetworkInterfaces: interfaces }).items,
      };
      const account = { look: async () => ({ snapshot, problems: [] }) };
      await inventoryHandler({ account, inventory: inventoryOf(client), awsRanges, clock: () => at, log })();
    },
    watcher: () => watcher(database.client, toMemory),
    trailWorker(client = database.client, report = () => {}) {
      const handle = cloudTrailHandler({
        inventory: inventoryOf(client),
        networks: NO_NETWORKS,
        watchEntity: watcher(client, toMemory),
        notAfter: () => T0 + 100 * DAY,
        report,
        log,
      });
      return async (event) =>
        (await handle(event)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    },
    worker(client = database.client, publisher = toMemory) {
      const handle = flowLogsHandler({
        objects: {
          async open({ key }) {
            const body = objects.get(key);
            if (body === undefined) throw new Error(`NoSuchKey: ${key}`);
            return (async function* () {
              yield body;
            })();
          },
        },
        inventory: inventoryOf(client),
        networks: NO_NETWORKS,
        watchEntity: watcher(client, publisher),
        notAfter: () => T0 + 100 * DAY,
        report: (report) => void reports.push(report),
        log,
      });
      return async (event) =>
        (await handle(event)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    },
    async tables() {
      const dump: Record<string, unknown[]> = {};
      for (const name of Object.values(database.tables)) {
        const { Items = [] } = await database.client.send(new ScanCommand({ TableName: name }));
        const text = (item: unknown) => JSON.stringify(item, Object.keys(item as object).sort());
        dump[name] = Items.sort((a, b) => (text(a) < text(b) ? -1 : 1));
      }
      return dump;
    },
    stop: () => database.stop(),
  };
}

/** One message for each list of keys, as S3 sends them. */
export function s3Event(...messages: string[][]): SQSEvent {
  return {
    Records: messages.map((keys, i) => ({
      messageId: `message-${i}`,
      body: JSON.stringify({
        Records: keys.map((key) => ({
          s3: { bucket: { name: "logs" }, object: { key: encodeURIComponent(key) } },
        })),
      }),
    })) as SQSRecord[],
  };
}

/** One message for each record of CloudTrail, as EventBridge hands it on; a text goes as it is. */
export function trailEvent(...records: (object | string)[]): SQSEvent {
  return {
    Records: records.map((record, i) => ({
      messageId: `message-${i}`,
      body:
        typeof record === "string"
          ? record
          : JSON.stringify({ "detail-type": "AWS API Call via CloudTrail", detail: record }),
    })) as SQSRecord[],
  };
}

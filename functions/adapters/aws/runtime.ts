/** What every function in AWS is made with: one logger, one sender of metrics, clients and stores, made once a container. */
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Context } from "aws-lambda";
import { type Networks, NO_NETWORKS } from "../../core/attribution/network";
import { cleanLines } from "../../core/text";
import { NO_THREAT_LISTS } from "../../core/threat-list";
import { baselineStore } from "../dynamodb/baseline-store";
import { blockStore } from "../dynamodb/block-store";
import { findingStore } from "../dynamodb/finding-store";
import { inventoryStore } from "../dynamodb/inventory-store";
import { openNetworkFolder } from "../networks/network-folder";
import type { AlertPublisher, Clock, ThreatSource } from "../ports";
import { refreshedThreats } from "../refreshed-threats";
import { type EntityWatcher, entityWatcher } from "../watch-entity";
import { detectionSettings, optionalSetting, setting } from "./environment";
import { FINDINGS_METRIC, NAMESPACE, OWN_METRICS, type OwnMetric } from "./own-metrics";
import { s3ThreatLists } from "./s3-threat-lists";
import { snsAlerts } from "./sns-alerts";

export const systemClock: Clock = () => Math.floor(Date.now() / 1000);

/** Runs `make` at the first call and keeps what it gave; a failure is not kept, so that it shows again. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Errors quote what others wrote, and JSON leaves some of it as it is: C1 controls, marks that turn the direction of text. */
export const logger = once(
  () =>
    new Logger({
      serviceName: "plumbline",
      jsonReplacerFn: (_, value) => (typeof value === "string" ? cleanLines(value) : value),
    }),
);
const metrics = once(() => new Metrics({ namespace: NAMESPACE, serviceName: detectionSettings().stackName }));

/** Sends a metric of Plumbline's own when the handler is done. A count of nothing is not sent. */
export function measure(name: OwnMetric, value: number): void {
  if (value > 0 || OWN_METRICS[name] !== "Count") metrics().addMetric(name, OWN_METRICS[name], value);
}

/** A handler as Lambda calls it: its log tells of the invocation, and its metrics are sent whether it fails or not. */
export function lambdaHandler<E, R>(deployed: () => (event: E, context: Context) => Promise<R>) {
  return async (event: E, context: Context): Promise<R> => {
    logger().addContext(context);
    try {
      return await deployed()(event, context);
    } finally {
      if (metrics().hasStoredMetrics()) metrics().publishStoredMetrics();
    }
  };
}

export const tables = once(() =>
  DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } }),
);

export const deployedInventory = () =>
  inventoryStore(tables(), setting("inventoryTable"), detectionSettings().retentionDays, systemClock);
export const deployedFindings = () =>
  findingStore(tables(), setting("findingsTable"), detectionSettings().findingRetentionDays);
export const deployedBaselines = () =>
  baselineStore(tables(), setting("baselinesTable"), detectionSettings().retentionDays);
export const deployedBlocks = () =>
  blockStore(tables(), setting("blocksTable"), detectionSettings().findingRetentionDays);
/** Databases that are missing or damaged cost names, and stop nothing. */
export function deployedNetworks(): Networks {
  const dir = optionalSetting("networks");
  if (dir === undefined) return NO_NETWORKS;
  try {
    const { networks, missing } = openNetworkFolder(dir);
    if (missing.length > 0) logger().warn("Databases of networks are missing", { dir, missing });
    return networks;
  } catch (error) {
    logger().warn("The databases of networks cannot be used; public peers have no network", {
      error: error as Error,
    });
    return NO_NETWORKS;
  }
}
export function deployedThreats(s3: S3Client): ThreatSource {
  const location = optionalSetting("threatLists");
  if (location === undefined) return { current: async () => NO_THREAT_LISTS };
  return refreshedThreats(s3ThreatLists(s3, location), systemClock, logger());
}
/** The topic; findings that are published to it are counted, and not again when it is told what became of them. */
export function deployedAlerts(): AlertPublisher {
  const topic = snsAlerts(new SNSClient({}), setting("alertTopic"));
  return {
    async publish(alert) {
      await topic.publish(alert);
      const { severity, containment } = alert.attributes;
      if (containment === undefined) measure(FINDINGS_METRIC[severity], 1);
    },
  };
}

/** What holds observations against baselines; without threat lists where addresses are not looked at. */
export const deployedWatcher = (
  threats: ThreatSource = { current: async () => NO_THREAT_LISTS },
): EntityWatcher =>
  entityWatcher({
    baselines: deployedBaselines(),
    findings: deployedFindings(),
    alerts: deployedAlerts(),
    threats,
    config: detectionSettings(),
    clock: systemClock,
    log: logger(),
  });

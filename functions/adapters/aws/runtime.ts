/** What every function in AWS is made with: one logger, one metrics, clients and stores, made once a container. */
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SNSClient } from "@aws-sdk/client-sns";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { findingStore } from "../dynamodb/finding-store";
import { inventoryStore } from "../dynamodb/inventory-store";
import type { Clock } from "../ports";
import { detectionSettings, setting } from "./environment";
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

export const logger = once(() => new Logger({ serviceName: "plumbline" }));
export const metrics = once(() => new Metrics({ namespace: "Plumbline", serviceName: "plumbline" }));
export const tables = once(() =>
  DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } }),
);

export const deployedInventory = () =>
  inventoryStore(tables(), setting("inventoryTable"), detectionSettings().retentionDays, systemClock);
export const deployedFindings = () =>
  findingStore(tables(), setting("findingsTable"), detectionSettings().findingRetentionDays);
export const deployedAlerts = () => snsAlerts(new SNSClient({}), setting("alertTopic"));

/**
 * What a deployment has only after a week, or after an outage: written into its tables by the code that would have written
 * it then.
 */
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { baselineStore } from "../../functions/adapters/dynamodb/baseline-store";
import { findingStore } from "../../functions/adapters/dynamodb/finding-store";
import { inventoryStore } from "../../functions/adapters/dynamodb/inventory-store";
import type { TableName } from "../../functions/adapters/dynamodb/schema";
import { entityWatcher } from "../../functions/adapters/watch-entity";
import { watchUsage } from "../../functions/adapters/watch-usage";
import { watchTrail } from "../../functions/cloudtrail";
import { inventoryOf } from "../../functions/core/attribution/inventory";
import { NO_NETWORKS } from "../../functions/core/attribution/network";
import { detectionConfig } from "../../functions/core/config";
import { readTrailFile } from "../../functions/core/telemetry/trail-file";
import { NO_THREAT_LISTS } from "../../functions/core/threat-list";
import { iso } from "../../functions/core/time";
import { ACCOUNT, REGION } from "./account";
import { noisy, steady } from "./usage";

/** Tables, wherever they are. */
export interface TablesAt {
  readonly client: DynamoDBDocumentClient;
  readonly tables: Readonly<Record<Exclude<TableName, "blocks">, string>>;
}

const PERIOD = 300;
const config = detectionConfig.parse({});

const findingsAt = ({ client, tables }: TablesAt) =>
  findingStore(client, tables.findings, config.findingRetentionDays);

/** Eight days in which a function was invoked about 20 times in five minutes, until `until` (seconds since 1970). */
export async function eightDaysOfUsage(at: TablesAt, functionName: string, until: number): Promise<void> {
  const counts = noisy(steady(20), 8);
  const from = until - counts.length * PERIOD;
  const points = new Map(counts.map((count, i) => [from + i * PERIOD, count]));
  await watchUsage([{ functionName, metric: "Invocations", points }], from, until, {
    inventory: { current: async () => inventoryOf([]) },
    watchEntity: watcherAt(at),
    elsewhere: { accountId: ACCOUNT, region: REGION },
  });
}

/** What events of CloudTrail told in a time in which nothing was unusual. */
export const eventsOfThePast = (at: TablesAt, records: readonly object[]) =>
  watchTrail(readTrailFile(JSON.stringify({ Records: records })), {
    inventory: inventoryStore(at.client, at.tables.inventory, config.retentionDays, () => 0),
    networks: NO_NETWORKS,
    watchEntity: watcherAt(at),
    notAfter: () => Number.POSITIVE_INFINITY,
  });

const watcherAt = (at: TablesAt) =>
  entityWatcher({
    baselines: baselineStore(at.client, at.tables.baselines, config.retentionDays),
    findings: findingsAt(at),
    alerts: { publish: ({ subject }) => Promise.reject(new Error(`The past raised an alert: ${subject}`)) },
    threats: { current: async () => NO_THREAT_LISTS },
    config,
    clock: () => 0,
    log: {
      info() {},
      error() {},
      // An alert that cannot be published is left behind with a warning.
      warn: (_, { error }) => {
        throw error;
      },
    },
  });

/** A finding whose alert could not be published at `time` (seconds since 1970). */
export const leaveAlertBehind = (at: TablesAt, id: string, time: number) =>
  findingsAt(at).amend(id, (finding) => ({ ...finding, alertDue: iso(time) }));

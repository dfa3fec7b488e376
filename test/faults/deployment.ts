/** What `functions/adapters/aws/runtime.ts` makes in a new container, with the calls to AWS in other hands. */

import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EC2Client } from "@aws-sdk/client-ec2";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { SQSEvent } from "aws-lambda";
import { awsAccount } from "../../functions/adapters/aws/aws-account";
import { cloudWatchUsage } from "../../functions/adapters/aws/cloudwatch-usage";
import { s3Objects } from "../../functions/adapters/aws/s3-objects";
import { snsAlerts } from "../../functions/adapters/aws/sns-alerts";
import { baselineStore } from "../../functions/adapters/dynamodb/baseline-store";
import { findingStore } from "../../functions/adapters/dynamodb/finding-store";
import { inventoryStore } from "../../functions/adapters/dynamodb/inventory-store";
import { entityWatcher } from "../../functions/adapters/watch-entity";
import { alertsHandler } from "../../functions/alerts";
import { cloudTrailHandler } from "../../functions/cloudtrail";
import { NO_NETWORKS } from "../../functions/core/attribution/network";
import { detectionConfig } from "../../functions/core/config";
import { parseThreatLists } from "../../functions/core/threat-list";
import { DAY } from "../../functions/core/time";
import { flowLogsHandler } from "../../functions/flow-logs";
import { inventoryHandler } from "../../functions/inventory";
import { metricsHandler } from "../../functions/metrics";
import { silent } from "../support/log";
import { type Answer, type Command, clientOf } from "./command";
import type { Container } from "./container";
import type { Services } from "./services";

export type Worker = "flow-logs" | "cloudtrail" | "metrics" | "inventory" | "alerts";

/** Names of the tables, as the embedded DynamoDB has them. */
export const NAMES = {
  inventory: "plumbline-inventory",
  baselines: "plumbline-baselines",
  findings: "plumbline-findings",
  blocks: "plumbline-blocks",
} as const;

export interface World extends Omit<Services, "published"> {
  readonly tables: Answer;
  /** Seconds since 1970, as everybody should have it. */
  readonly now: () => number;
  readonly threatList: string;
  /** Seconds from one run of the metrics to the next. */
  readonly metricsEvery: number;
}

export type Handler = (event: SQSEvent) => Promise<unknown>;

const CONFIG = detectionConfig.parse({});

const tableCall = ({ name, input }: Command) =>
  `${name.replace("Command", "")} ${String(input.TableName).replace("plumbline-", "")}`;
const plainCall = ({ name }: Command) => name.replace("Command", "");

/** The handler of a function in a container of its own. */
export function deploy(worker: Worker, container: Container, world: World): Handler {
  const clock = () => Math.floor(world.now()) + container.clockSkew;
  const tables = clientOf(DynamoDBDocumentClient, container.reach("dynamodb", world.tables, tableCall));
  const plain = <T extends object>(type: { prototype: T }, service: string, answer: Answer) =>
    clientOf(type, container.reach(service, answer, plainCall));
  const inventory = inventoryStore(tables, NAMES.inventory, CONFIG.retentionDays, clock);
  const findings = findingStore(tables, NAMES.findings, CONFIG.findingRetentionDays);
  const alerts = snsAlerts(plain(SNSClient, "sns", world.sns), "arn:aws:sns:us-east-1:111122223333:alerts");
  const threats = parseThreatLists([{ name: "bad.txt", text: world.threatList }]);
  const watchEntity = entityWatcher({
    baselines: baselineStore(tables, NAMES.baselines, CONFIG.retentionDays),
    findings,
    alerts,
    threats: { current: async () => threats },
    config: CONFIG,
    clock,
    log: silent,
  });
  const common = {
    inventory,
    networks: NO_NETWORKS,
    watchEntity,
    notAfter: () => clock() + DAY,
    report() {},
    log: silent,
  };
  switch (worker) {
    case "flow-logs":
      return flowLogsHandler({ ...common, objects: s3Objects(plain(S3Client, "s3", world.s3)) });
    case "cloudtrail":
      return cloudTrailHandler(common);
    case "metrics": {
      const source = cloudWatchUsage(plain(CloudWatchClient, "cloudwatch", world.cloudWatch));
      const handle = metricsHandler({ ...common, findings, source, every: world.metricsEvery, clock });
      return () => handle();
    }
    case "inventory":
      return inventoryHandler({
        account: awsAccount(plain(LambdaClient, "lambda", world.lambda), plain(EC2Client, "ec2", world.ec2)),
        inventory,
        awsRanges: null,
        clock,
        log: silent,
      });
    case "alerts":
      return alertsHandler({ findings, alerts, clock, report() {}, log: silent });
  }
}

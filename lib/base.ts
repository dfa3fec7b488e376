import { type Duration, Stack } from "aws-cdk-lib";
import type * as sqs from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { AlertTopic } from "./alert-topic";
import type { PlumblineConfig } from "./config";
import { NetworkData } from "./network-data";
import { Tables } from "./tables";
import { WorkQueue } from "./work-queue";
import { Worker, type WorkerProps } from "./worker";

/** What tells one worker from the others; the rest they have in common. */
export type WorkerTraits = Omit<WorkerProps, "logRetentionDays" | "alerts">;

/**
 * What every part of Plumbline stands on: the tables, the topic, the names of networks, and the queues and workers that were
 * made. It is no construct: parts are made in the scope of Plumbline itself, for a deployed part that came to lie in
 * another scope would be replaced.
 */
export class Base {
  readonly tables: Tables;
  readonly alerts: AlertTopic;
  readonly networks: NetworkData;
  readonly workers: Worker[] = [];
  /** What is set aside: of the queues between events and workers, and of EventBridge. */
  readonly deadLetters: sqs.Queue[] = [];

  constructor(
    readonly scope: Construct,
    readonly config: PlumblineConfig,
  ) {
    this.tables = new Tables(scope, "Tables");
    this.alerts = new AlertTopic(scope, "Alerts", config.alertEmails);
    this.networks = new NetworkData(scope, "NetworkData", config.networkDatabase);
  }

  queue(id: string, functionTimeout: Duration, oldest: Duration): sqs.Queue {
    const { queue, deadLetters } = new WorkQueue(this.scope, id, {
      functionTimeout,
      oldest,
      alerts: this.alerts,
    });
    this.deadLetters.push(deadLetters);
    return queue;
  }

  worker(id: string, traits: WorkerTraits): Worker {
    const detection = { ...this.config.detection, stackName: Stack.of(this.scope).stackName };
    const worker = new Worker(this.scope, id, {
      ...traits,
      environment: { ...traits.environment, config: JSON.stringify(detection) },
      logRetentionDays: this.config.logRetentionDays,
      alerts: this.alerts,
    });
    this.workers.push(worker);
    return worker;
  }

  /** A worker that holds observations against baselines, and may do what that takes. */
  watcher(id: string, traits: WorkerTraits): Worker {
    const { inventory, baselines, findings } = this.tables;
    const worker = this.worker(id, {
      ...traits,
      environment: {
        ...traits.environment,
        inventoryTable: inventory.tableName,
        baselinesTable: baselines.tableName,
        findingsTable: findings.tableName,
        alertTopic: this.alerts.topic.topicArn,
      },
    });
    worker.allow(["dynamodb:GetItem", "dynamodb:Query"], [inventory.tableArn]);
    worker.allow(["dynamodb:Query", "dynamodb:GetItem", "dynamodb:PutItem"], [baselines.tableArn]);
    worker.allow(["dynamodb:GetItem", "dynamodb:PutItem"], [findings.tableArn]);
    worker.allow(["dynamodb:Query"], [`${findings.tableArn}/index/byEntity`]);
    this.alerts.allowPublishing(worker);
    return worker;
  }

  /** What is beyond the most that is kept of an entity's peers and calls is deleted; usage is one item, and is not. */
  allowForgetting(worker: Worker): void {
    worker.allow(["dynamodb:DeleteItem"], [this.tables.baselines.tableArn]);
  }
}

import { CfnOutput, Duration, Stack, Validations } from "aws-cdk-lib";
import type * as dynamodb from "aws-cdk-lib/aws-dynamodb";
import * as events from "aws-cdk-lib/aws-events";
import * as targets from "aws-cdk-lib/aws-events-targets";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import type * as sns from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { AlertTopic } from "./alert-topic";
import { type PlumblineConfig, type PlumblineProps, parseProps } from "./config";
import { FlowLogSource } from "./flow-log-source";
import { NetworkData } from "./network-data";
import { Tables } from "./tables";
import { ThreatLists } from "./threat-lists";
import { TrailSource } from "./trail-source";
import { WorkQueue } from "./work-queue";
import { Worker } from "./worker";

/** Calls that change which interface belongs to which function. Lambda's event names carry API dates: match prefixes. */
const FUNCTION_CHANGES = [
  "CreateFunction",
  "UpdateFunctionConfiguration",
  "DeleteFunction",
  "PublishVersion",
];
const INTERFACE_CHANGES = [
  "CreateNetworkInterface",
  "DeleteNetworkInterface",
  "ModifyNetworkInterfaceAttribute",
];

/**
 * Plumbline in an account and Region: watches the Lambda functions there.
 *
 *     new Plumbline(stack, "Plumbline", { vpcIds: ["vpc-..."], alertEmails: ["you@example.com"] });
 */
export class Plumbline extends Construct {
  /** Alerts, with the attributes type, severity, functionName and accountId for filter policies. */
  readonly alertTopic: sns.Topic;
  readonly findingsTable: dynamodb.Table;

  private readonly config: PlumblineConfig;
  private readonly tables: Tables;
  private readonly alerts: AlertTopic;
  private readonly networks: NetworkData;
  private readonly workers: Worker[] = [];

  /** Throws, naming every setting that is wrong, before anything is made. */
  constructor(scope: Construct, id: string, props: PlumblineProps = {}) {
    super(scope, id);
    this.config = parseProps(props, `the props of ${this.node.path}`);
    this.tables = new Tables(this, "Tables");
    this.alerts = new AlertTopic(this, "Alerts", this.config.alertEmails);
    this.alertTopic = this.alerts.topic;
    this.findingsTable = this.tables.findings;
    this.networks = new NetworkData(this, "NetworkData", this.config.networkDatabase);

    this.watchFlowLogs();
    this.keepInventory();
    this.sweepAlerts();
    this.watchMetrics();
    // Last: what the workers above call is left out of it.
    this.watchTrail();

    new CfnOutput(this, "FindingsTable", { value: this.tables.findings.tableName });
    new CfnOutput(this, "AlertTopic", { value: this.alerts.topic.topicArn });
  }

  /** S3 -> SQS -> flow-logs */
  private watchFlowLogs(): void {
    const timeout = Duration.minutes(5);
    const work = new WorkQueue(this, "FlowLogQueue", {
      functionTimeout: timeout,
      oldest: Duration.minutes(30),
      alerts: this.alerts,
    });
    const source = new FlowLogSource(this, "FlowLogSource", { ...this.config, queue: work.queue });
    const worker = this.worker("FlowLogs", "flow-logs", "reads flow logs and reports what is new", {
      timeout,
      memorySize: 1024,
      layers: [this.networks.layer],
      environment: {
        networks: this.networks.folder,
        ...(this.config.threatLists !== undefined && { threatLists: this.config.threatLists }),
        ...this.stores(),
      },
    });
    // Objects are up to 75 MB: few a batch, and few at once, so that they seldom tell of one function side by side.
    worker.function.addEventSource(
      new SqsEventSource(work.queue, { batchSize: 5, maxConcurrency: 5, reportBatchItemFailures: true }),
    );
    source.allowReading(worker);
    new ThreatLists(this, "ThreatLists", this.config).allowReading(worker);
    this.allowWatching(worker);
    new CfnOutput(this, "FlowLogBucket", { value: source.bucket.bucketName });
  }

  /** Schedule and changes -> SQS -> inventory; changes within half a minute are one look. */
  private keepInventory(): void {
    const timeout = Duration.minutes(5);
    const work = new WorkQueue(this, "InventoryQueue", {
      functionTimeout: timeout,
      oldest: Duration.minutes(60),
      alerts: this.alerts,
    });
    const toQueue = { targets: [new targets.SqsQueue(work.queue)] };
    new events.Rule(this, "InventorySchedule", {
      description: "Plumbline: looks at functions and interfaces",
      schedule: events.Schedule.rate(Duration.minutes(this.config.inventoryMinutes)),
      ...toQueue,
    });
    const changes = { detailType: ["AWS API Call via CloudTrail"] };
    new events.Rule(this, "FunctionChanges", {
      description: "Plumbline: a function changed",
      eventPattern: {
        ...changes,
        source: ["aws.lambda"],
        detail: { eventName: FUNCTION_CHANGES.map((prefix) => ({ prefix })) },
      },
      ...toQueue,
    });
    new events.Rule(this, "InterfaceChanges", {
      description: "Plumbline: a network interface changed",
      eventPattern: { ...changes, source: ["aws.ec2"], detail: { eventName: INTERFACE_CHANGES } },
      ...toQueue,
    });
    const worker = this.worker("Inventory", "inventory", "keeps which interface belongs to which functions", {
      timeout,
      memorySize: 512,
      environment: { inventoryTable: this.tables.inventory.tableName },
    });
    worker.function.addEventSource(
      new SqsEventSource(work.queue, {
        batchSize: 1000,
        maxBatchingWindow: Duration.seconds(30),
        maxConcurrency: 2,
      }),
    );
    worker.allow(["lambda:ListFunctions", "ec2:DescribeNetworkInterfaces"], ["*"]);
    Validations.of(worker).acknowledge({
      id: "AwsSolutions-IAM5[Resource::*]",
      reason: "lambda:ListFunctions and ec2:DescribeNetworkInterfaces have no resource-level permissions.",
    });
    worker.allow(
      ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem"],
      [this.tables.inventory.tableArn],
    );
    // Only AWS's ranges are replaced by later ones; what the account had is closed and never deleted.
    worker.allow(["dynamodb:DeleteItem"], [this.tables.inventory.tableArn], {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["aws-ranges"] },
    });
  }

  /** CloudTrail -> EventBridge -> SQS -> cloudtrail */
  private watchTrail(): void {
    const timeout = Duration.minutes(2);
    const work = new WorkQueue(this, "TrailQueue", {
      functionTimeout: timeout,
      oldest: Duration.minutes(30),
      alerts: this.alerts,
    });
    const worker = this.worker(
      "CloudTrail",
      "cloudtrail",
      "watches what functions call, and who changes them",
      {
        timeout,
        memorySize: 512,
        layers: [this.networks.layer],
        environment: { networks: this.networks.folder, ...this.stores() },
      },
    );
    // Events come by themselves: a batch of them mostly tells of the same functions, and costs as much as one.
    worker.function.addEventSource(
      new SqsEventSource(work.queue, {
        batchSize: 100,
        maxBatchingWindow: Duration.seconds(10),
        maxConcurrency: 2,
        reportBatchItemFailures: true,
      }),
    );
    this.allowWatching(worker);
    // What the account has is not this function's to change.
    worker.allow(["dynamodb:PutItem"], [this.tables.inventory.tableArn], {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["invocation"] },
    });
    const ownRoles = this.workers.map(({ function: { role } }) => role).filter((role) => role !== undefined);
    new TrailSource(this, "TrailSource", { queue: work.queue, ownRoles, alerts: this.alerts });
  }

  /** Schedule -> metrics */
  private watchMetrics(): void {
    const worker = this.worker("Metrics", "metrics", "holds how functions are used against their lines", {
      timeout: Duration.minutes(5),
      memorySize: 512,
      environment: { ...this.stores(), metricsMinutes: String(this.config.metricsMinutes) },
    });
    // The next run asks for the last hour again.
    worker.function.configureAsyncInvoke({ retryAttempts: 0 });
    // Two at once would take the same points.
    new events.Rule(this, "MetricsSchedule", {
      description: "Plumbline: looks at how functions are used",
      schedule: events.Schedule.rate(Duration.minutes(this.config.metricsMinutes)),
      targets: [new targets.LambdaFunction(worker.function, { retryAttempts: 0 })],
    });
    worker.allow(["cloudwatch:GetMetricData"], ["*"]);
    Validations.of(worker).acknowledge({
      id: "AwsSolutions-IAM5[Resource::*]",
      reason: "cloudwatch:GetMetricData has no resource-level permissions.",
    });
    this.allowWatching(worker);
  }

  /** Schedule -> alerts */
  private sweepAlerts(): void {
    const worker = this.worker("AlertSweep", "alerts", "publishes alerts that were left behind", {
      timeout: Duration.minutes(1),
      memorySize: 256,
      environment: {
        findingsTable: this.tables.findings.tableName,
        alertTopic: this.alerts.topic.topicArn,
      },
    });
    // The next sweep does what this one could not, so a failed one is not repeated.
    worker.function.configureAsyncInvoke({ retryAttempts: 0 });
    new events.Rule(this, "AlertSchedule", {
      description: "Plumbline: publishes alerts that were left behind",
      schedule: events.Schedule.rate(Duration.minutes(5)),
      targets: [new targets.LambdaFunction(worker.function, { retryAttempts: 0 })],
    });
    const { tableArn } = this.tables.findings;
    worker.allow(["dynamodb:Scan"], [`${tableArn}/index/alertDue`]);
    worker.allow(["dynamodb:GetItem", "dynamodb:PutItem"], [tableArn]);
    this.allowAlerts(worker);
  }

  private worker(
    id: string,
    entry: string,
    description: string,
    props: Pick<ConstructorParameters<typeof Worker>[2], "timeout" | "memorySize" | "environment" | "layers">,
  ): Worker {
    const detection = { ...this.config.detection, stackName: Stack.of(this).stackName };
    const worker = new Worker(this, id, {
      entry,
      description,
      ...props,
      environment: { ...props.environment, config: JSON.stringify(detection) },
      logRetentionDays: this.config.logRetentionDays,
      alerts: this.alerts,
    });
    this.workers.push(worker);
    return worker;
  }

  /** What whoever holds observations against baselines has to know. */
  private stores() {
    return {
      inventoryTable: this.tables.inventory.tableName,
      baselinesTable: this.tables.baselines.tableName,
      findingsTable: this.tables.findings.tableName,
      alertTopic: this.alerts.topic.topicArn,
    };
  }

  private allowWatching(worker: Worker): void {
    const { inventory, baselines, findings } = this.tables;
    worker.allow(["dynamodb:GetItem", "dynamodb:Query"], [inventory.tableArn]);
    worker.allow(
      ["dynamodb:Query", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"],
      [baselines.tableArn],
    );
    worker.allow(["dynamodb:GetItem", "dynamodb:PutItem"], [findings.tableArn]);
    worker.allow(["dynamodb:Query"], [`${findings.tableArn}/index/byEntity`]);
    this.allowAlerts(worker);
  }

  private allowAlerts(worker: Worker): void {
    worker.allow(["sns:Publish"], [this.alerts.topic.topicArn]);
    worker.allow(["kms:Decrypt", "kms:GenerateDataKey"], [this.alerts.key.keyArn]);
  }
}

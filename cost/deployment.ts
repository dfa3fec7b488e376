/** What is deployed and billed, as the CDK app makes it: nothing of it is written down a second time. */
import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import type { CfnRule } from "aws-cdk-lib/aws-events";
import type { CfnEventSourceMapping, CfnFunction } from "aws-cdk-lib/aws-lambda";
import { OWN_METRICS } from "../functions/adapters/aws/own-metrics";
import { type PlumblineProps, parseProps } from "../lib/config";
import { Plumbline } from "../lib/plumbline";
import { Worker } from "../lib/worker";

export const WORKERS = ["FlowLogs", "CloudTrail", "Metrics", "Inventory", "AlertSweep"] as const;
export type WorkerName = (typeof WORKERS)[number];

export interface DeployedWorker {
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
}

export interface Deployment {
  readonly workers: Readonly<Record<WorkerName, DeployedWorker>>;
  /** Functions whose runs nobody reckons with here. */
  readonly unmodelled: readonly string[];
  readonly queues: number;
  readonly alarms: number;
  readonly dashboards: number;
  readonly keys: number;
  readonly tables: number;
  /** Metrics of Plumbline's own. */
  readonly customMetrics: number;
  readonly metricsMinutes: number;
  readonly inventoryMinutes: number;
  readonly sweepMinutes: number;
  readonly logRetentionDays: number;
  readonly flowLogRetentionDays: number;
}

/** Synthesises the stack, without its code, and reads off what costs money. */
export function deploymentOf(props: PlumblineProps): Deployment {
  const config = parseProps(props, "the options");
  const stack = new Stack(new App({ context: { "aws:cdk:bundling-stacks": [] } }), "Plumbline");
  const plumbline = new Plumbline(stack, "Plumbline", props);
  const template = Template.fromStack(stack);
  const count = (type: string) => Object.keys(template.findResources(type)).length;
  const workers = plumbline.node.findAll().filter((one) => one instanceof Worker);
  const found = workers.map(({ node: { id }, function: { node } }) => {
    const { memorySize = 128, timeout = 3 } = node.defaultChild as CfnFunction;
    return [id, { memoryMegabytes: memorySize, timeoutSeconds: timeout }] as const;
  });
  const named = (id: string) => plumbline.node.findAll().find(({ node }) => node.id === id);
  const sweep = named("AlertSchedule")?.node.defaultChild as CfnRule | undefined;
  return {
    workers: Object.fromEntries(found) as Deployment["workers"],
    unmodelled: found.map(([id]) => id).filter((id) => !(WORKERS as readonly string[]).includes(id)),
    queues: plumbline.node.findAll().filter(isEventSource).length,
    alarms: count("AWS::CloudWatch::Alarm"),
    dashboards: count("AWS::CloudWatch::Dashboard"),
    keys: count("AWS::KMS::Key"),
    tables: count("AWS::DynamoDB::Table"),
    customMetrics: Object.keys(OWN_METRICS).length,
    metricsMinutes: config.metricsMinutes,
    inventoryMinutes: config.inventoryMinutes,
    sweepMinutes: minutesOf(sweep?.scheduleExpression ?? ""),
    logRetentionDays: config.logRetentionDays,
    flowLogRetentionDays: config.flowLogRetentionDays,
  };
}

const isEventSource = (construct: object): construct is CfnEventSourceMapping =>
  (construct as { cfnResourceType?: string }).cfnResourceType === "AWS::Lambda::EventSourceMapping";

/** `rate(5 minutes)` */
function minutesOf(schedule: string): number {
  const [, minutes] = /^rate\((\d+) minutes?\)$/.exec(schedule) ?? [];
  if (minutes === undefined) throw new Error(`The schedule "${schedule}" is no rate in minutes`);
  return Number(minutes);
}

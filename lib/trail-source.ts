import { Duration } from "aws-cdk-lib";
import { TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import * as events from "aws-cdk-lib/aws-events";
import * as targets from "aws-cdk-lib/aws-events-targets";
import type * as iam from "aws-cdk-lib/aws-iam";
import type * as sqs from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { AlertTopic } from "./alert-topic";
import {
  functionCalls,
  functionChanges,
  invocations,
  olderFunctionCalls,
  telemetryChanges,
} from "./trail-patterns";
import { undeliveredEvents } from "./undelivered-events";

export interface TrailSourceProps {
  readonly queue: sqs.IQueue;
  /** Whose calls are left out: Plumbline's own, which would be told to it, and make it call again. */
  readonly ownRoles: readonly iam.IRole[];
  readonly alerts: AlertTopic;
}

/** What CloudTrail tells of functions, by way of EventBridge, to a queue. It needs a trail in the Region. */
export class TrailSource extends Construct {
  /** Where EventBridge leaves what it could not deliver. */
  readonly undelivered: sqs.Queue;

  constructor(scope: Construct, id: string, { queue, ownRoles, alerts }: TrailSourceProps) {
    super(scope, id);
    const undelivered = undeliveredEvents(this);
    this.undelivered = undelivered;
    alerts.alarm(
      undelivered
        .metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5), statistic: "Maximum" })
        .createAlarm(this, "UndeliveredAlarm", {
          alarmDescription: "EventBridge could not hand events of CloudTrail to Plumbline's queue.",
          threshold: 1,
          evaluationPeriods: 1,
          treatMissingData: TreatMissingData.NOT_BREACHING,
        }),
    );
    const rule = (name: string, description: string, eventPattern: events.EventPattern) =>
      new events.Rule(this, name, {
        description: `Plumbline: ${description}`,
        eventPattern,
        targets: [new targets.SqsQueue(queue, { deadLetterQueue: undelivered })],
      });
    const ownArns = ownRoles.map(({ roleArn }) => roleArn);
    withReads(rule("FunctionCalls", "a function called an API", functionCalls(ownArns)));
    withReads(
      rule(
        "OlderFunctionCalls",
        "a function called an API, in events of before 2025",
        olderFunctionCalls(ownArns),
      ),
    );
    rule("Invocations", "a function was invoked behind an interface", invocations());
    rule("FunctionChanges", "a function was changed", functionChanges());
    rule("TelemetryChanges", "what Plumbline sees or works by was changed", telemetryChanges());
  }
}

/**
 * Lets a rule see calls that only read, which EventBridge leaves out else. The construct has no prop for it.
 * Source: docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
 */
export function withReads(rule: events.Rule): void {
  (rule.node.defaultChild as events.CfnRule).state = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";
}

import { Duration } from "aws-cdk-lib";
import { TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import * as sqs from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { AlertTopic } from "./alert-topic";

export interface WorkQueueProps {
  /** Timeout of the function that takes the messages. */
  readonly functionTimeout: Duration;
  /** An older message is an alarm. */
  readonly oldest: Duration;
  readonly alerts: AlertTopic;
}

const MAX_RECEIVES = 5;

/** A queue between an event and the function that handles it; what fails five times is set aside and raises an alarm. */
export class WorkQueue extends Construct {
  readonly queue: sqs.Queue;
  readonly deadLetters: sqs.Queue;

  constructor(scope: Construct, id: string, { functionTimeout, oldest, alerts }: WorkQueueProps) {
    super(scope, id);
    const secure = { encryption: sqs.QueueEncryption.SQS_MANAGED, enforceSSL: true };
    this.deadLetters = new sqs.Queue(this, "DeadLetters", { ...secure, retentionPeriod: Duration.days(14) });
    this.queue = new sqs.Queue(this, "Queue", {
      ...secure,
      retentionPeriod: Duration.days(4),
      // Six times the timeout, as AWS advises, so that throttling does not use up the receives.
      visibilityTimeout: Duration.seconds(functionTimeout.toSeconds() * 6),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
    const period = Duration.minutes(5);
    alerts.alarm(
      this.deadLetters
        .metricApproximateNumberOfMessagesVisible({ period, statistic: "Maximum" })
        .createAlarm(this, "DeadLettersAlarm", {
          alarmDescription:
            "Plumbline set deliveries aside that it could not process. Look at them, then redrive the queue.",
          threshold: 1,
          evaluationPeriods: 1,
          treatMissingData: NOT_BREACHING,
        }),
    );
    alerts.alarm(
      this.queue
        .metricApproximateAgeOfOldestMessage({ period, statistic: "Maximum" })
        .createAlarm(this, "AgeAlarm", {
          alarmDescription:
            "Plumbline lags behind its telemetry. Look at the function's errors and throttles.",
          threshold: oldest.toSeconds(),
          evaluationPeriods: 3,
          treatMissingData: NOT_BREACHING,
        }),
    );
  }
}

const NOT_BREACHING = TreatMissingData.NOT_BREACHING;

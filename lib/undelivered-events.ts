import { Duration, Validations } from "aws-cdk-lib";
import * as sqs from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";

/** Where EventBridge leaves the events that it could not deliver in a day of trying. */
export function undeliveredEvents(scope: Construct): sqs.Queue {
  const queue = new sqs.Queue(scope, "Undelivered", {
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  Validations.of(queue).acknowledge({
    id: "AwsSolutions-SQS3",
    reason: "It is a dead-letter queue, of rules and not of a queue.",
  });
  return queue;
}

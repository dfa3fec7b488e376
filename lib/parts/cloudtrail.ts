import { Duration } from "aws-cdk-lib";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import type { Base } from "../base";
import { TrailSource } from "../trail-source";

/** CloudTrail -> EventBridge -> SQS -> cloudtrail. Made last: what the workers made before it call is left out of it. */
export function watchTrail(base: Base): void {
  const { scope, networks, alerts } = base;
  const timeout = Duration.minutes(2);
  const queue = base.queue("TrailQueue", timeout, Duration.minutes(30));
  const worker = base.watcher("CloudTrail", {
    entry: "cloudtrail",
    description: "watches what functions call, and who changes them",
    timeout,
    memorySize: 512,
    layers: [networks.layer],
    environment: { networks: networks.folder },
  });
  // Events come by themselves: a batch of them mostly tells of the same functions, and costs as much as one.
  worker.function.addEventSource(
    new SqsEventSource(queue, {
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(10),
      maxConcurrency: 2,
      reportBatchItemFailures: true,
    }),
  );
  base.allowForgetting(worker);
  // What the account has is not this function's to change.
  worker.allow(["dynamodb:PutItem"], [base.tables.inventory.tableArn], {
    "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["invocation"] },
  });
  const ownRoles = base.workers.map(({ function: { role } }) => role).filter((role) => role !== undefined);
  const source = new TrailSource(scope, "TrailSource", { queue, ownRoles, alerts });
  base.deadLetters.push(source.undelivered);
}

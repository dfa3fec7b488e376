import { CfnOutput, Duration } from "aws-cdk-lib";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import type { Base } from "../base";
import { FlowLogSource } from "../flow-log-source";
import { ThreatLists } from "../threat-lists";
import { WorkQueue } from "../work-queue";

/** S3 -> SQS -> flow-logs */
export function watchFlowLogs(base: Base): void {
  const { scope, config, networks, alerts } = base;
  const timeout = Duration.minutes(5);
  const work = new WorkQueue(scope, "FlowLogQueue", {
    functionTimeout: timeout,
    oldest: Duration.minutes(30),
    alerts,
  });
  const source = new FlowLogSource(scope, "FlowLogSource", { ...config, queue: work.queue });
  const worker = base.watcher("FlowLogs", {
    entry: "flow-logs",
    description: "reads flow logs and reports what is new",
    timeout,
    memorySize: 1024,
    layers: [networks.layer],
    environment: {
      networks: networks.folder,
      ...(config.threatLists !== undefined && { threatLists: config.threatLists }),
    },
  });
  // Objects are up to 75 MB: few a batch, and few at once, so that they seldom tell of one function side by side.
  worker.function.addEventSource(
    new SqsEventSource(work.queue, {
      batchSize: 5,
      maxConcurrency: config.flowLogConcurrency,
      reportBatchItemFailures: true,
    }),
  );
  source.allowReading(worker);
  new ThreatLists(scope, "ThreatLists", config).allowReading(worker);
  new CfnOutput(scope, "FlowLogBucket", { value: source.bucket.bucketName });
}

import { CfnOutput, Duration } from "aws-cdk-lib";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import type { Base } from "../base";
import { FlowLogSource } from "../flow-log-source";
import { ThreatLists } from "../threat-lists";

/** S3 -> SQS -> flow-logs */
export function watchFlowLogs(base: Base): void {
  const { scope, config, networks } = base;
  const timeout = Duration.minutes(5);
  const queue = base.queue("FlowLogQueue", timeout, Duration.minutes(30));
  const source = new FlowLogSource(scope, "FlowLogSource", { ...config, queue });
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
    new SqsEventSource(queue, {
      batchSize: 5,
      maxConcurrency: config.flowLogConcurrency,
      reportBatchItemFailures: true,
    }),
  );
  base.allowForgetting(worker);
  source.allowReading(worker);
  new ThreatLists(scope, "ThreatLists", config).allowReading(worker);
  new CfnOutput(scope, "FlowLogBucket", { value: source.bucket.bucketName });
}

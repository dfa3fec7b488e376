import { Duration, Validations } from "aws-cdk-lib";
import type { Base } from "../base";

/** Schedule -> metrics */
export function watchMetrics(base: Base): void {
  const { metricsMinutes } = base.config;
  const worker = base.watcher("Metrics", {
    entry: "metrics",
    description: "asks whether telemetry still comes, and holds how functions are used against their lines",
    timeout: Duration.minutes(5),
    memorySize: 512,
    environment: { metricsMinutes: String(metricsMinutes) },
  });
  // Two at once would take the same points, and the next run asks for the last three hours again.
  worker.runEvery("MetricsSchedule", Duration.minutes(metricsMinutes), "looks at how functions are used");
  worker.allow(["cloudwatch:GetMetricData"], ["*"]);
  Validations.of(worker).acknowledge({
    id: "AwsSolutions-IAM5[Resource::*]",
    reason: "cloudwatch:GetMetricData has no resource-level permissions.",
  });
}

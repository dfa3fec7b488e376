import { Duration } from "aws-cdk-lib";
import type { Base } from "../base";

/** Schedule -> alerts */
export function sweepAlerts(base: Base): void {
  const { findings } = base.tables;
  const worker = base.worker("AlertSweep", {
    entry: "alerts",
    description: "publishes alerts that were left behind",
    timeout: Duration.minutes(1),
    memorySize: 256,
    environment: { findingsTable: findings.tableName, alertTopic: base.alerts.topic.topicArn },
  });
  worker.runEvery("AlertSchedule", Duration.minutes(5), "publishes alerts that were left behind");
  worker.allow(["dynamodb:Scan"], [`${findings.tableArn}/index/alertDue`]);
  worker.allow(["dynamodb:GetItem", "dynamodb:PutItem"], [findings.tableArn]);
  base.alerts.allowPublishing(worker);
}

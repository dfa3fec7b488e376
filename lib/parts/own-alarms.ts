import { Duration } from "aws-cdk-lib";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import type { Base } from "../base";
import { ownMetric } from "../own-metric";

/**
 * Alarms on how well Plumbline sees. (Queues and functions bring alarms of their own.) That a source delivers nothing at
 * all is no alarm, for a VPC in which nothing runs has no flow logs, either: TelemetryStalled knows the pace of each source.
 */
export function watchOneself({ scope, alerts }: Base): void {
  alerts.alarm(
    // The freshest object tells: one that is delivered again is as old as it is.
    ownMetric(scope, "FlowLogLag", { statistic: "Minimum", period: Duration.minutes(15) }).createAlarm(
      scope,
      "FlowLogLagAlarm",
      {
        alarmDescription:
          "Flow logs reach Plumbline an hour late or later; some ten minutes are usual. Does AWS deliver late, or the function lag behind?",
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        threshold: Duration.hours(1).toSeconds(),
        evaluationPeriods: 2,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      },
    ),
  );
  alerts.alarm(
    ownMetric(scope, "UnattributedShare", { statistic: "Average", period: Duration.hours(1) }).createAlarm(
      scope,
      "UnattributedAlarm",
      {
        alarmDescription:
          "Most connections on Lambda's interfaces belong to no function that Plumbline knows. Does the function that keeps the inventory run?",
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        threshold: 50,
        evaluationPeriods: 3,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      },
    ),
  );
}

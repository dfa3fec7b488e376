import { CfnOutput, Duration } from "aws-cdk-lib";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import type { OwnMetric } from "../../functions/adapters/aws/own-metrics";
import type { Base } from "../base";
import { ownMetric } from "../own-metric";

const HOUR = Duration.hours(1);

/**
 * One page that says whether Plumbline works, what it found, and what it costs. It stays below the fifty metrics up to
 * which CloudWatch bills nothing for the first three dashboards of an account.
 */
export function drawDashboard({ scope, config, tables, alerts, workers, deadLetters }: Base): void {
  if (!config.dashboard) return;
  const own = (name: OwnMetric, statistic: string, label: string, color?: string) =>
    ownMetric(scope, name, { statistic, period: HOUR, label, ...(color && { color }) });
  const daily = (name: OwnMetric, label: string, color: string) =>
    own(name, "Sum", label, color).with({ period: Duration.days(1) });
  const nameOf = (construct: { node: { path: string } }) =>
    construct.node.path.slice(scope.node.path.length + 1);
  const perWorker = (metric: "Invocations" | "Errors" | "Throttles") =>
    workers.map((worker) =>
      worker.function.metric(metric, { statistic: "Sum", period: HOUR, label: nameOf(worker) }),
    );
  const consumed = (metricName: "ConsumedReadCapacityUnits" | "ConsumedWriteCapacityUnits") =>
    [tables.inventory, tables.baselines, tables.findings].map((table) =>
      table.metric(metricName, { statistic: "Sum", period: HOUR, label: nameOf(table) }),
    );

  const dashboard = new cloudwatch.Dashboard(scope, "Dashboard", {
    defaultInterval: Duration.days(7),
    widgets: [
      [
        graph("Findings a day", 10, {
          stacked: true,
          left: [
            daily("FindingsCritical", "critical", cloudwatch.Color.RED),
            daily("FindingsHigh", "high", cloudwatch.Color.ORANGE),
            daily("FindingsMedium", "medium", cloudwatch.Color.BROWN),
            daily("FindingsLow", "low", cloudwatch.Color.GREY),
          ],
        }),
        new cloudwatch.AlarmStatusWidget({ title: "Alarms", alarms: alerts.alarms, width: 14, height: 6 }),
      ],
      [
        graph("Age of the newest telemetry, when it is read", 8, {
          left: [own("FlowLogLag", "Minimum", "flow logs"), own("TrailLag", "Minimum", "CloudTrail")],
          leftYAxis: { label: "seconds", showUnits: false, min: 0 },
        }),
        graph("Telemetry an hour", 8, {
          left: [
            own("FlowLogRecords", "Sum", "records of flow logs"),
            own("Connections", "Sum", "connections"),
          ],
          right: [
            own("TrailEvents", "Sum", "events of CloudTrail"),
            own("FunctionsWithUsage", "Maximum", "functions with usage"),
          ],
        }),
        graph("What is not seen", 8, {
          left: [
            own("SkipDataRecords", "Sum", "SKIPDATA: left out by AWS"),
            own("UnreadableInput", "Sum", "could not be read"),
          ],
          right: [own("UnattributedShare", "Average", "connections of no known function, %")],
          rightYAxis: { min: 0, max: 100, showUnits: false },
        }),
      ],
      [
        graph("Set aside or left behind", 8, {
          left: [
            ...deadLetters.map((queue) =>
              queue.metricApproximateNumberOfMessagesVisible({
                statistic: "Maximum",
                period: HOUR,
                label: nameOf(queue),
              }),
            ),
            own("AlertsDue", "Maximum", "alerts due"),
          ],
        }),
        graph("Errors", 8, { left: perWorker("Errors") }),
        graph("Throttles", 8, { left: perWorker("Throttles") }),
      ],
      [
        graph("Cost: invocations", 8, { left: perWorker("Invocations") }),
        graph("Cost: DynamoDB, units written", 8, { left: consumed("ConsumedWriteCapacityUnits") }),
        graph("Cost: DynamoDB, units read", 8, { left: consumed("ConsumedReadCapacityUnits") }),
      ],
    ],
  });
  new CfnOutput(scope, "DashboardName", { value: dashboard.dashboardName });
}

const graph = (title: string, width: number, props: cloudwatch.GraphWidgetProps): cloudwatch.GraphWidget =>
  new cloudwatch.GraphWidget({ title, width, height: 6, ...props });

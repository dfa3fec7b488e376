import { CfnOutput } from "aws-cdk-lib";
import type * as dynamodb from "aws-cdk-lib/aws-dynamodb";
import type * as sns from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { Base } from "./base";
import { type PlumblineProps, parseProps } from "./config";
import { sweepAlerts } from "./parts/alerts";
import { watchTrail } from "./parts/cloudtrail";
import { drawDashboard } from "./parts/dashboard";
import { watchFlowLogs } from "./parts/flow-logs";
import { keepInventory } from "./parts/inventory";
import { watchMetrics } from "./parts/metrics";
import { watchOneself } from "./parts/own-alarms";
import { respond } from "./parts/respond";

/**
 * Plumbline in an account and Region: watches the Lambda functions there.
 *
 *     new Plumbline(stack, "Plumbline", { vpcIds: ["vpc-..."], alertEmails: ["you@example.com"] });
 */
export class Plumbline extends Construct {
  /** Alerts, with the attributes type, severity, functionName and accountId for filter policies. */
  readonly alertTopic: sns.Topic;
  readonly findingsTable: dynamodb.Table;

  /** Throws, naming every setting that is wrong, before anything is made. */
  constructor(scope: Construct, id: string, props: PlumblineProps = {}) {
    super(scope, id);
    const base = new Base(this, parseProps(props, `the props of ${this.node.path}`));
    this.alertTopic = base.alerts.topic;
    this.findingsTable = base.tables.findings;

    watchFlowLogs(base);
    keepInventory(base);
    sweepAlerts(base);
    watchMetrics(base);
    if (base.config.containment !== undefined) respond(base, base.config.containment);
    // Last: what the workers above call is left out of it.
    watchTrail(base);
    watchOneself(base);
    drawDashboard(base);

    new CfnOutput(this, "FindingsTable", { value: this.findingsTable.tableName });
    new CfnOutput(this, "AlertTopic", { value: this.alertTopic.topicArn });
  }
}

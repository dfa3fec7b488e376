/** What the emulator's CloudFormation leaves out is set by API, from the template: it proves the flow, not the template. */
import { UpdateContinuousBackupsCommand, UpdateTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import { EnableRuleCommand } from "@aws-sdk/client-eventbridge";
import type { Clients } from "./clients";
import type { Deployment } from "./deployment";

interface TableProperties {
  readonly TimeToLiveSpecification: { readonly AttributeName: string; readonly Enabled: boolean };
  readonly PointInTimeRecoverySpecification: { readonly PointInTimeRecoveryEnabled: boolean };
}

/** Sets time to live and point-in-time recovery of the tables. */
export async function applyDropped({ dynamoDb }: Clients, deployment: Deployment): Promise<void> {
  for (const [logicalId, properties] of deployment.ofType("AWS::DynamoDB::Table")) {
    const TableName = deployment.name(logicalId);
    const { TimeToLiveSpecification, PointInTimeRecoverySpecification } =
      properties as unknown as TableProperties;
    await dynamoDb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    await dynamoDb.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
  }
}

/** To the emulator, a rule that sees calls that only read, too, is not on. */
export async function switchOnRules({ events }: Clients, deployment: Deployment): Promise<void> {
  for (const [logicalId, { State }] of deployment.ofType("AWS::Events::Rule")) {
    if (State !== "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS") continue;
    await events.send(new EnableRuleCommand({ Name: deployment.name(logicalId) }));
  }
}

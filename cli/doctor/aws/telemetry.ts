/** What AWS records, and where it delivers it. */
import {
  type CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  type GetEventSelectorsCommandOutput,
  GetTrailStatusCommand,
} from "@aws-sdk/client-cloudtrail";
import { type EC2Client, type FlowLog as Ec2FlowLog, paginateDescribeFlowLogs } from "@aws-sdk/client-ec2";
import {
  DescribeRuleCommand,
  type EventBridgeClient,
  ListRuleNamesByTargetCommand,
  ListTargetsByRuleCommand,
} from "@aws-sdk/client-eventbridge";
import { managementEventsKept } from "../../../functions/core/telemetry/event-selectors";
import type { DeployedStack, StackPart } from "../../deployed-stack";
import { type FlowLog, type FlowLogFormat, isOwnRule, type Rule, type Trail } from "../facts";
import type { Layout } from "./deliveries";

type DescribedFlowLog = FlowLog & { readonly format: FlowLogFormat; readonly layout: Layout };

/** Flow logs of the Region that are active, each with its format and the layout of its objects. */
export async function flowLogs(client: EC2Client): Promise<DescribedFlowLog[]> {
  const logs: DescribedFlowLog[] = [];
  for await (const { FlowLogs = [] } of paginateDescribeFlowLogs({ client }, {})) {
    for (const log of FlowLogs) if (log.FlowLogStatus === "ACTIVE") logs.push(toFlowLog(log));
  }
  return logs;
}

function toFlowLog(log: Ec2FlowLog): DescribedFlowLog {
  const id = log.FlowLogId ?? "";
  const destination = log.LogDestination || log.LogGroupName || "";
  // arn:aws:s3:::bucket/prefix/
  const [, bucket = null, prefix = ""] = /:s3:::([^/]+)\/?(.*?)\/?$/.exec(destination) ?? [];
  return {
    id,
    resourceId: log.ResourceId ?? "",
    traffic: log.TrafficType ?? "ALL",
    bucket: log.LogDestinationType === "s3" ? bucket : null,
    destination: `${log.LogDestinationType ?? "somewhere"} ${destination}`,
    interval: log.MaxAggregationInterval ?? 600,
    failure:
      log.DeliverLogsStatus === "FAILED" ? (log.DeliverLogsErrorMessage ?? "it does not say why") : null,
    layout: {
      prefix: prefix === "" ? "" : `${prefix}/`,
      isHive: log.DestinationOptions?.HiveCompatiblePartitions ?? false,
      isHourly: log.DestinationOptions?.PerHourPartition ?? false,
    },
    format: {
      of: `The flow log ${id}`,
      fields: [...(log.LogFormat ?? "").matchAll(/\$\{([\w-]+)\}/g)].map(([, field]) => field as string),
    },
  };
}

/** Trails that log in this Region, those whose home is elsewhere included. */
export async function trails(client: CloudTrailClient): Promise<Trail[]> {
  const { trailList = [] } = await client.send(new DescribeTrailsCommand({ includeShadowTrails: true }));
  return Promise.all(
    trailList.map(async ({ Name = "", TrailARN = Name }) => {
      const { IsLogging = false } = await client.send(new GetTrailStatusCommand({ Name: TrailARN }));
      // A member account may not ask this of its organization's trail.
      const selectors = await client
        .send(new GetEventSelectorsCommand({ TrailName: TrailARN }))
        .catch(() => null);
      return {
        name: Name,
        isLogging: IsLogging,
        keeps: selectors && managementEventsKept(asRequested(selectors)),
      };
    }),
  );
}

/** Selectors as the request has them that set them, which is what CloudTrail's events tell of. */
const asRequested = ({
  EventSelectors = [],
  AdvancedEventSelectors = [],
}: GetEventSelectorsCommandOutput) => ({
  eventSelectors: EventSelectors.map(({ ReadWriteType, IncludeManagementEvents }) => ({
    readWriteType: ReadWriteType,
    includeManagementEvents: IncludeManagementEvents,
  })),
  advancedEventSelectors: AdvancedEventSelectors.map(({ FieldSelectors = [] }) => ({
    fieldSelectors: FieldSelectors.map(({ Field, Equals, StartsWith, EndsWith }) => ({
      field: Field,
      equals: Equals,
      startsWith: StartsWith,
      endsWith: EndsWith,
    })),
  })),
});

export const rules = (client: EventBridgeClient, parts: readonly StackPart[]): Promise<Rule[]> =>
  Promise.all(parts.map(({ physicalId }) => ruleNamed(client, physicalId)));

/** Rules that hand events to the bus of Plumbline's Region; `client` asks in us-east-1. */
export async function forwarders(client: EventBridgeClient, stack: DeployedStack): Promise<Rule[]> {
  const { partition, region, accountId } = stack;
  const { RuleNames = [] } = await client.send(
    new ListRuleNamesByTargetCommand({
      TargetArn: `arn:${partition}:events:${region}:${accountId}:event-bus/default`,
    }),
  );
  return Promise.all(RuleNames.map((name) => ruleNamed(client, name)));
}

/** Queues to which Plumbline's rules leave what they cannot deliver, by name. */
export async function undeliveredQueues(
  client: EventBridgeClient,
  rules: readonly Rule[],
): Promise<ReadonlySet<string>> {
  const targets = await Promise.all(
    rules.filter(isOwnRule).map(({ name }) => client.send(new ListTargetsByRuleCommand({ Rule: name }))),
  );
  const arns = targets.flatMap(({ Targets = [] }) => Targets.map((target) => target.DeadLetterConfig?.Arn));
  return new Set(arns.flatMap((arn) => arn?.split(":").at(-1) ?? []));
}

/** Descriptions of rules that are made to see calls that only read. (Names are cut short by CloudFormation.) */
export const READS = /^Plumbline: a function called /;

async function ruleNamed(client: EventBridgeClient, name: string): Promise<Rule> {
  const { State: state = "", Description: description = "" } = await client.send(
    new DescribeRuleCommand({ Name: name }),
  );
  return { name, description, state, wantsReads: READS.test(description) };
}

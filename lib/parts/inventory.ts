import { Duration, Validations } from "aws-cdk-lib";
import * as events from "aws-cdk-lib/aws-events";
import * as targets from "aws-cdk-lib/aws-events-targets";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import type { Base } from "../base";

/** Calls that change which interface belongs to which function. Lambda's event names carry API dates: match prefixes. */
const FUNCTION_CHANGES = [
  "CreateFunction",
  "UpdateFunctionConfiguration",
  "DeleteFunction",
  "PublishVersion",
];
const INTERFACE_CHANGES = [
  "CreateNetworkInterface",
  "DeleteNetworkInterface",
  "ModifyNetworkInterfaceAttribute",
];

/** Schedule and changes -> SQS -> inventory; changes within half a minute are one look. */
export function keepInventory(base: Base): void {
  const { scope, config } = base;
  const timeout = Duration.minutes(5);
  const queue = base.queue("InventoryQueue", timeout, Duration.minutes(60));
  const toQueue = { targets: [new targets.SqsQueue(queue)] };
  new events.Rule(scope, "InventorySchedule", {
    description: "Plumbline: looks at functions and interfaces",
    schedule: events.Schedule.rate(Duration.minutes(config.inventoryMinutes)),
    ...toQueue,
  });
  const changes = { detailType: ["AWS API Call via CloudTrail"] };
  new events.Rule(scope, "FunctionChanges", {
    description: "Plumbline: a function changed",
    eventPattern: {
      ...changes,
      source: ["aws.lambda"],
      detail: { eventName: FUNCTION_CHANGES.map((prefix) => ({ prefix })) },
    },
    ...toQueue,
  });
  new events.Rule(scope, "InterfaceChanges", {
    description: "Plumbline: a network interface changed",
    eventPattern: { ...changes, source: ["aws.ec2"], detail: { eventName: INTERFACE_CHANGES } },
    ...toQueue,
  });
  const { tableName, tableArn } = base.tables.inventory;
  const worker = base.worker("Inventory", {
    entry: "inventory",
    description: "keeps which interface belongs to which functions",
    timeout,
    memorySize: 512,
    environment: { inventoryTable: tableName },
  });
  worker.function.addEventSource(
    new SqsEventSource(queue, {
      batchSize: 1000,
      maxBatchingWindow: Duration.seconds(30),
      maxConcurrency: 2,
    }),
  );
  worker.alarmIfSilent(Duration.minutes(config.inventoryMinutes));
  worker.allow(["lambda:ListFunctions", "ec2:DescribeNetworkInterfaces"], ["*"]);
  Validations.of(worker).acknowledge({
    id: "AwsSolutions-IAM5[Resource::*]",
    reason: "lambda:ListFunctions and ec2:DescribeNetworkInterfaces have no resource-level permissions.",
  });
  worker.allow(["dynamodb:Query", "dynamodb:PutItem"], [tableArn]);
  // Only AWS's ranges are replaced by later ones; what the account had is closed and never deleted.
  worker.allow(["dynamodb:DeleteItem"], [tableArn], {
    "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["aws-ranges"] },
  });
}

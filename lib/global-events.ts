import { Stack, type StackProps } from "aws-cdk-lib";
import * as events from "aws-cdk-lib/aws-events";
import * as targets from "aws-cdk-lib/aws-events-targets";
import type { Construct } from "constructs";
import { globalCalls, globalChanges } from "./trail-patterns";
import { withReads } from "./trail-source";
import { undeliveredEvents } from "./undelivered-events";

export interface GlobalEventsProps extends StackProps {
  /** The Region in which Plumbline is. */
  readonly to: string;
}

/**
 * Services without a Region (IAM, STS's global endpoint, Organizations and so on) are recorded in us-east-1. This stack
 * is deployed there and hands their events to the bus of Plumbline's Region. A trail must record them in us-east-1.
 * Its queue has no alarm: alarms reach topics of their own Region only, and the topic is in the other.
 */
export class GlobalEventsStack extends Stack {
  constructor(scope: Construct, id: string, { to, ...props }: GlobalEventsProps) {
    super(scope, id, {
      description: "Plumbline: hands events of global services to its Region",
      ...props,
      env: { region: "us-east-1" },
    });
    const undelivered = undeliveredEvents(this);
    const bus = events.EventBus.fromEventBusArn(
      this,
      "Bus",
      this.formatArn({ service: "events", region: to, resource: "event-bus", resourceName: "default" }),
    );
    const forward = (name: string, description: string, eventPattern: events.EventPattern) =>
      new events.Rule(this, name, {
        description: `Plumbline: ${description}`,
        eventPattern,
        targets: [new targets.EventBus(bus, { deadLetterQueue: undelivered })],
      });
    const functionArns = `arn:${this.partition}:lambda:${to}:${this.account}:function:`;
    withReads(forward("GlobalCalls", "a function called a global service", globalCalls(functionArns)));
    forward("GlobalChanges", "a role, or a trail whose home is here, was changed", globalChanges());
  }
}

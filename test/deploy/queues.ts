/** Queues of the stack, by their construct: `FlowLogQueue/Queue`. */
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { eventually } from "./waiting";
import type { World } from "./world";

type Queues = Pick<World, "clients" | "deployment">;

/** Messages in a queue, those in hand included. */
export async function messagesIn({ clients, deployment }: Queues, path: string): Promise<number> {
  const { Attributes = {} } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: deployment.of(path), AttributeNames: ["All"] }),
  );
  const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = Attributes;
  return Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible);
}

/** Waits until everything in a queue is processed. */
export const drained = (queues: Queues, path: string, seconds: number): Promise<true> =>
  eventually(`an empty ${path}`, seconds, async () => ((await messagesIn(queues, path)) === 0 ? true : null));

export const DEAD_LETTERS = [
  "FlowLogQueue/DeadLetters",
  "InventoryQueue/DeadLetters",
  "TrailQueue/DeadLetters",
  "TrailSource/Undelivered",
];

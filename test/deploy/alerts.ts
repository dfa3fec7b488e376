/** A queue that subscribes to the topic, as the README says. */
import { SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import type { Finding } from "../../functions/core/finding";
import type { Clients } from "./clients";

export interface Subscriber {
  /** The findings that arrived since it was last asked. */
  arrived(): Promise<Finding[]>;
}

export async function subscribe(
  { sns, sqs }: Clients,
  topicArn: string,
  name: string,
  filter?: Readonly<Record<string, readonly string[]>>,
): Promise<Subscriber> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
  );
  const QueueArn = Attributes?.QueueArn as string;
  await sqs.send(
    new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: letTopicSend(QueueArn, topicArn) } }),
  );
  await sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: "sqs",
      Endpoint: QueueArn,
      ...(filter && { Attributes: { FilterPolicy: JSON.stringify(filter) } }),
    }),
  );
  return {
    async arrived() {
      const findings: Finding[] = [];
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
        );
        if (Messages.length === 0) return findings;
        for (const { Body = "", ReceiptHandle } of Messages) {
          findings.push(JSON.parse(JSON.parse(Body).Message));
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
      }
    },
  };
}

const letTopicSend = (queueArn: string, topicArn: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queueArn,
        Condition: { ArnEquals: { "aws:SourceArn": topicArn } },
      },
    ],
  });

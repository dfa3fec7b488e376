import { type MessageAttributeValue, PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Alert } from "../../core/alert";
import type { AlertPublisher } from "../ports";

/** Publishes to a topic: mail gets the text, everything else (SQS, Lambda, HTTPS) the finding as JSON. */
export function snsAlerts(client: SNSClient, topicArn: string): AlertPublisher {
  return {
    async publish(alert) {
      await client.send(
        new PublishCommand({
          TopicArn: topicArn,
          Subject: alert.subject,
          MessageStructure: "json",
          Message: JSON.stringify({ default: alert.json, email: alert.text, sms: alert.subject }),
          MessageAttributes: attributesOf(alert),
        }),
      );
    },
  };
}

function attributesOf({ attributes }: Alert): Record<string, MessageAttributeValue> {
  const { type, severity, accountId, functionNames, containment } = attributes;
  const [only] = functionNames;
  return {
    type: text(type),
    severity: text(severity),
    ...(accountId !== null && { accountId: text(accountId) }),
    ...(containment !== undefined && { containment: text(containment) }),
    ...(only !== undefined && {
      functionName:
        functionNames.length === 1
          ? text(only)
          : { DataType: "String.Array", StringValue: JSON.stringify(functionNames) },
    }),
  };
}

const text = (value: string): MessageAttributeValue => ({ DataType: "String", StringValue: value });

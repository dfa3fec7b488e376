/** The messages of an SQS event, one after the other; one that fails is delivered again, alone. */
import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { Log } from "./ports";

export type SqsHandler = (event: SQSEvent, context?: Context) => Promise<SQSBatchResponse>;

export function eachMessage(handle: (record: SQSRecord) => Promise<void>, log: Log): SqsHandler {
  const attempt = async (record: SQSRecord) => {
    try {
      await handle(record);
    } catch (error) {
      log.error("A message could not be processed", {
        messageId: record.messageId,
        error: error instanceof Error ? error : new Error(String(error)),
      });
      throw error;
    }
  };
  return (event, context) =>
    processPartialResponse(event, attempt, new BatchProcessor(EventType.SQS), {
      ...(context && { context }),
      // In sequence: the messages of a batch mostly tell of the same functions, and each then knows of the one before.
      processInParallel: false,
      throwOnFullBatchFailure: false,
    });
}

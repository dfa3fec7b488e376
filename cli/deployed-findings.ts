/** The findings table of a deployed stack. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { findingStore } from "../functions/adapters/dynamodb/finding-store";
import type { FindingStore } from "../functions/adapters/ports";
import { detectionConfig } from "../functions/core/config";
import { stackOutput } from "./deployed-stack";

/** Finds the table by the stack's outputs. Rejects with what to do where there is no such stack or no access. */
export async function deployedFindings(stack: string, region: string | undefined): Promise<FindingStore> {
  const options = region === undefined ? {} : { region };
  const table = await stackOutput({ stack, ...options }, "FindingsTable");
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(options));
  return findingStore(client, table, detectionConfig.parse({}).findingRetentionDays);
}

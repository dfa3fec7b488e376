/** The findings table of a deployed stack. */
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { findingStore } from "../functions/adapters/dynamodb/finding-store";
import type { FindingStore } from "../functions/adapters/ports";
import { detectionConfig } from "../functions/core/config";

/** The stack's output that names the table. */
const OUTPUT = "FindingsTable";

/** Finds the table by the stack's outputs. Rejects with what to do where there is no such stack or no access. */
export async function deployedFindings(stack: string, region: string | undefined): Promise<FindingStore> {
  const options = region === undefined ? {} : { region };
  const table = await tableName(new CloudFormationClient(options), stack);
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(options));
  return findingStore(client, table, detectionConfig.parse({}).findingRetentionDays);
}

async function tableName(client: CloudFormationClient, stack: string): Promise<string> {
  let outputs: { OutputKey?: string | undefined; OutputValue?: string | undefined }[];
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    outputs = Stacks?.[0]?.Outputs ?? [];
  } catch (cause) {
    throw new Error(
      `The stack ${stack} cannot be read (${cause instanceof Error ? cause.message : String(cause)}). Deployed under another name or in another Region? Use --stack and --region; for a replay's tables use --state`,
      { cause },
    );
  }
  const output = outputs.find(({ OutputKey }) => OutputKey?.includes(OUTPUT));
  if (output?.OutputValue === undefined) {
    throw new Error(
      `The stack ${stack} has no output ${OUTPUT}: is it Plumbline's? Use --stack to name another`,
    );
  }
  return output.OutputValue;
}

/** What a deployed stack says of itself. */
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";

export interface StackFlags {
  readonly stack: string;
  readonly region?: string;
}

/** The value of an output of the stack. Rejects with what to do where there is no such stack, output or access. */
export async function stackOutput({ stack, region }: StackFlags, name: string): Promise<string> {
  const client = new CloudFormationClient(region === undefined ? {} : { region });
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
  const value = outputs.find(({ OutputKey }) => OutputKey?.includes(name))?.OutputValue;
  if (value === undefined) throw new Error(MISSING[name]?.(stack) ?? noOutput(stack, name));
  return value;
}

const noOutput = (stack: string, name: string) =>
  `The stack ${stack} has no output ${name}: is it Plumbline's? Use --stack to name another`;

const MISSING: Record<string, (stack: string) => string> = {
  RespondFunction: (stack) =>
    `The stack ${stack} contains nothing: switch containment on (-c containment=dryRun), and deploy it again`,
};

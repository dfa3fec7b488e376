/** The deployed stack, as CloudFormation knows it. */
import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from "@aws-sdk/client-cloudformation";

export interface DeployedStack {
  readonly name: string;
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** The value of the output whose key has `name` in it. Throws, with what to do, where there is none. */
  output(name: string): string;
}

export interface StackFlags {
  readonly stack: string;
  readonly region?: string;
}

const clientOf = ({ region }: StackFlags) => new CloudFormationClient(region === undefined ? {} : { region });

/** Rejects with what to do where there is no such stack or no access. */
export async function deployedStack(flags: StackFlags): Promise<DeployedStack> {
  const { stack: name } = flags;
  const stack = await clientOf(flags)
    .send(new DescribeStacksCommand({ StackName: name }))
    .then(
      ({ Stacks }) => Stacks?.[0],
      (cause: unknown) => {
        throw new Error(
          `The stack ${name} cannot be read (${cause instanceof Error ? cause.message : String(cause)}). Deployed under another name or in another Region? Use --stack and --region; for a replay's tables use --state`,
          { cause },
        );
      },
    );
  // arn:aws:cloudformation:eu-central-1:111122223333:stack/Plumbline/...
  const [, partition = "aws", , region = "", accountId = ""] = stack?.StackId?.split(":") ?? [];
  return {
    name: stack?.StackName ?? name,
    partition,
    region,
    accountId,
    output(key) {
      const value = stack?.Outputs?.find(({ OutputKey }) => OutputKey?.includes(key))?.OutputValue;
      if (value === undefined) throw new Error(MISSING[key]?.(name) ?? noOutput(name, key));
      return value;
    },
  };
}

/** The value of an output of the stack. Rejects with what to do where there is no such stack, output or access. */
export const stackOutput = async (flags: StackFlags, name: string): Promise<string> =>
  (await deployedStack(flags)).output(name);

const noOutput = (stack: string, name: string) =>
  `The stack ${stack} has no output ${name}: is it Plumbline's? Use --stack to name another`;

const MISSING: Record<string, (stack: string) => string> = {
  RespondFunction: (stack) =>
    `The stack ${stack} contains nothing: switch containment on (-c containment=dryRun), and deploy it again`,
};

/** A part of the stack: its id in the template, and its id in AWS. */
export interface StackPart {
  readonly logicalId: string;
  readonly physicalId: string;
}

/** Parts of the stack by their type, such as `AWS::SQS::Queue`. */
export async function stackParts(flags: StackFlags): Promise<(type: string) => StackPart[]> {
  const parts: (StackPart & { type: string })[] = [];
  const client = clientOf(flags);
  for await (const page of paginateListStackResources({ client }, { StackName: flags.stack })) {
    for (const {
      ResourceType: type = "",
      LogicalResourceId: logicalId = "",
      PhysicalResourceId: physicalId,
    } of page.StackResourceSummaries ?? []) {
      if (physicalId !== undefined) parts.push({ type, logicalId, physicalId });
    }
  }
  return (type) => parts.filter((part) => part.type === type);
}

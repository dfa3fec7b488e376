/** CloudFormation for tests: what stands for a reference of a template once it is deployed. */

export interface CfnResource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: Record<string, unknown>;
}
export interface CfnTemplate {
  readonly Resources: Readonly<Record<string, CfnResource>>;
}

/** Names that a deployment gave; a test without one gives names of its own. */
export interface DeployedNames {
  readonly account: string;
  readonly region: string;
  readonly stack: string;
  /** The physical name of a resource. */
  name(logicalId: string): string;
}

/** ARNs by type of resource, as CloudFormation gives them for `Arn`. */
const ARNS: Readonly<Record<string, (name: string, at: DeployedNames) => string>> = {
  "AWS::DynamoDB::Table": (name, at) => `arn:aws:dynamodb:${at.region}:${at.account}:table/${name}`,
  "AWS::S3::Bucket": (name) => `arn:aws:s3:::${name}`,
  "AWS::SQS::Queue": (name, at) => `arn:aws:sqs:${at.region}:${at.account}:${name.split("/").at(-1)}`,
  "AWS::KMS::Key": (name, at) => `arn:aws:kms:${at.region}:${at.account}:key/${name}`,
  "AWS::Events::Rule": (name, at) => `arn:aws:events:${at.region}:${at.account}:rule/${name}`,
  "AWS::IAM::Role": (name, at) => `arn:aws:iam::${at.account}:role/${name}`,
  "AWS::Logs::LogGroup": (name, at) => `arn:aws:logs:${at.region}:${at.account}:log-group:${name}:*`,
};

/** Replaces Ref, Fn::GetAtt and Fn::Join; throws on what else CloudFormation could be asked for. */
export function resolver(
  resources: CfnTemplate["Resources"],
  names: DeployedNames,
): (value: unknown) => unknown {
  const pseudo: Readonly<Record<string, string>> = {
    "AWS::Partition": "aws",
    "AWS::AccountId": names.account,
    "AWS::Region": names.region,
    "AWS::StackName": names.stack,
  };
  const attribute = (logicalId: string, name: string) => {
    const arnOf = ARNS[resources[logicalId]?.Type ?? ""];
    if (name !== "Arn" || arnOf === undefined)
      throw new Error(`The ${name} of ${logicalId} is not known here`);
    return arnOf(names.name(logicalId), names);
  };
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== "object" || value === null) return value;
    const [[name, argument] = []] = Object.entries(value);
    if (name === "Ref") return pseudo[argument as string] ?? names.name(argument as string);
    if (name === "Fn::GetAtt") return attribute(...(argument as [string, string]));
    if (name === "Fn::Join") {
      const [glue, parts] = argument as [string, unknown[]];
      return parts.map(resolve).join(glue);
    }
    if (name?.startsWith("Fn::")) throw new Error(`${name} is not known here: ${JSON.stringify(value)}`);
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolve(one)]));
  };
  return resolve;
}

/** A call of an AWS API as IAM sees it: the action, what it is done to, and the condition keys that come with it. */

export interface ApiCall {
  /** `dynamodb:PutItem` */
  readonly action: string;
  /** ARN, or `*` where the action has no resource. */
  readonly resource: string;
  /** Values of condition keys. */
  readonly context: Readonly<Record<string, readonly string[]>>;
}

export interface Where {
  readonly account: string;
  readonly region: string;
  /** Name of the partition key of each table. */
  readonly partitionKeys: Readonly<Record<string, string>>;
}

type Input = Record<string, unknown>;

/** Actions that IAM names otherwise than the operation. */
const ACTIONS: Readonly<Record<string, string>> = { "s3:ListObjectsV2": "s3:ListBucket" };

/**
 * What IAM is asked for an operation with its input. Throws on a service that none of Plumbline's functions calls: what it
 * is done to must be known first.
 * Source: docs.aws.amazon.com/service-authorization/latest/reference
 */
export function apiCall(service: string, operation: string, input: Input, where: Where): ApiCall {
  const name = `${service}:${operation}`;
  const action = ACTIONS[name] ?? name;
  switch (service) {
    case "dynamodb":
      return { action, resource: tableArn(input, where), context: leadingKeys(input, where) };
    case "s3": {
      const { Bucket, Key, Prefix } = input;
      const resource = `arn:aws:s3:::${Bucket}${Key === undefined ? "" : `/${Key}`}`;
      return { action, resource, context: Prefix === undefined ? {} : { "s3:prefix": [String(Prefix)] } };
    }
    case "sns":
      return { action, resource: String(input.TopicArn), context: {} };
    case "lambda":
    case "ec2":
    case "cloudwatch":
      return { action, resource: "*", context: {} };
    default:
      throw new Error(`${name} is called, and test/support/permissions/api-call.ts knows no ${service}`);
  }
}

function tableArn({ TableName, IndexName }: Input, { account, region }: Where): string {
  const table = `arn:aws:dynamodb:${region}:${account}:table/${TableName}`;
  return IndexName === undefined ? table : `${table}/index/${IndexName}`;
}

/** Partition keys that the request names; a query names its own in a value, which none of our conditions asks for. */
function leadingKeys(input: Input, { partitionKeys }: Where): ApiCall["context"] {
  const named = (input.Item ?? input.Key) as Input | undefined;
  const value = named?.[partitionKeys[String(input.TableName)] ?? ""];
  if (value === undefined) return {};
  const text = typeof value === "string" ? value : (value as { S: string }).S;
  return { "dynamodb:LeadingKeys": [text] };
}

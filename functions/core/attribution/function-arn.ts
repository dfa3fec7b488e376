/** The many ways to name a function: bare, by account and name, by ARN; each with a version or an alias or without. */

const ARN = /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]{1,140}/;
const PARTIAL = /^(?:(\d{12}):)?(?:function:)?([\w-]{1,140})(?::([\w$-]+))?$/;

/** Where a name is used: the account and Region that it is completed with. */
export interface NamedIn {
  readonly accountId: string | null;
  readonly region: string;
}

/**
 * The ARN of a function, without version, from what an API takes for `FunctionName`; `null` where it cannot be told.
 * Source: docs.aws.amazon.com/lambda/latest/api/API_Invoke.html (name formats)
 */
export function functionArnOf(name: string | null, { accountId, region }: NamedIn): string | null {
  if (name === null) return null;
  const arn = ARN.exec(name)?.[0];
  if (arn !== undefined) return arn;
  const [, account, bare] = PARTIAL.exec(name) ?? [];
  const owner = account ?? accountId;
  return bare === undefined || owner === null
    ? null
    : `arn:${partitionOf(region)}:lambda:${region}:${owner}:function:${bare}`;
}

/** The version or alias in a name; `null` where it has none. */
export function qualifierIn(name: string | null): string | null {
  if (name === null) return null;
  const rest = ARN.test(name) ? name.split(":")[7] : PARTIAL.exec(name)?.[3];
  return rest === undefined || rest === "" ? null : rest;
}

function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** Calls of functions as CloudTrail tells of them: each makes the same few, again and again. */
import { createHash } from "node:crypto";

export const BEGIN = 1_790_812_800;
const ACCOUNT = "111122223333";
export const CALLS = [
  "s3 ListBuckets",
  "secretsmanager GetSecretValue",
  "kms Decrypt",
  "sqs GetQueueAttributes",
  "ssm GetParameter",
];
/** So long one environment lives, with one access key, in seconds. */
const KEY_LIFE = 12 * 3600;

export interface Calls {
  /** So many, spread evenly over so many seconds and functions. */
  readonly events: number;
  readonly functions: number;
  readonly seconds: number;
}

/** The record of one of them, by its number. */
export function trailRecord(i: number, { events, functions, seconds }: Calls): object {
  const at = BEGIN + Math.floor((i * seconds) / events);
  const name = `function-${(i * 7) % functions}`;
  const [service, eventName] = (CALLS[Math.floor(i / functions) % CALLS.length] as string).split(" ");
  const arn = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${name}`;
  return {
    eventVersion: "1.11",
    userIdentity: {
      type: "AssumedRole",
      principalId: `AROAEXAMPLE:${name}`,
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}-role/${name}`,
      accountId: ACCOUNT,
      accessKeyId: `ASIA${name}${Math.floor(at / KEY_LIFE)}`,
      sessionContext: { sessionIssuer: { type: "Role", arn: `arn:aws:iam::${ACCOUNT}:role/${name}-role` } },
      inScopeOf: { issuerType: "AWS::Lambda::Function", credentialsIssuedTo: arn },
    },
    eventTime: new Date(at * 1000).toISOString(),
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: "us-east-1",
    sourceIPAddress: "203.0.113.10",
    userAgent: "aws-sdk-js/3.1160.0 exec-env/AWS_Lambda_nodejs24.x",
    requestParameters: { name: `thing-${i % 100}` },
    responseElements: null,
    eventID: createHash("md5").update(String(i)).digest("hex"),
    readOnly: true,
    eventType: "AwsApiCall",
    recipientAccountId: ACCOUNT,
  };
}

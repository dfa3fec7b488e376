/** What an owner can set of a deployment: props of the construct, or context of the app. */
import type { Node } from "constructs";
import { z } from "zod";
import { detectionConfig, parseConfig } from "../functions/core/config";
import { MODES } from "../functions/core/containment/containment";
import { containmentPolicy } from "../functions/core/containment/policy";

/** Lists and numbers come as text from `cdk deploy -c name=a,b`. */
const list = (item: z.ZodType<string, string>) =>
  z
    .union([z.array(z.string()), z.string()])
    .transform((value) => (typeof value === "string" ? value.split(",").map((part) => part.trim()) : value))
    .pipe(z.array(item));
const wholeNumber = (least: number, most: number) =>
  z.coerce.number<number | string>().int().min(least).max(most);

export const plumblineConfig = z.strictObject({
  /** VPCs that get a flow log; leave it empty where flow logs are delivered already. */
  vpcIds: list(z.string().regex(/^vpc-[0-9a-f]+$/, "must be VPC ids such as vpc-0123456789abcdef0")).default(
    [],
  ),
  /** An existing bucket of this account and Region that flow logs go to; without it one is made. */
  bucketName: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "must be the name of a bucket, without s3://")
    .optional(),
  /** The KMS key of the existing bucket, where it has one of its own. */
  bucketKeyArn: z
    .string()
    .regex(/^arn:[^:]+:kms:[^:]+:\d{12}:key\/.+/, "must be the ARN of a KMS key")
    .optional(),
  /** What stands before `AWSLogs/` in the bucket; with its slash. */
  prefix: z
    .string()
    .regex(/^([^/].*\/)?$/, "must end in / and not begin with it")
    .refine((prefix) => !prefix.includes("AWSLogs"), "must not hold AWSLogs: AWS adds that")
    .default(""),
  /** Text files with addresses to report: every object below this prefix. */
  threatLists: z
    .string()
    .regex(
      /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[^*?]*)?$/,
      "must be s3://bucket/prefix, without * and ?",
    )
    .optional(),
  /** The KMS key of their bucket, where it has one of its own. */
  threatListsKeyArn: z
    .string()
    .regex(/^arn:[^:]+:kms:[^:]+:\d{12}:key\/.+/, "must be the ARN of a KMS key")
    .optional(),
  /** An .mmdb file on this machine that names networks; it is deployed, and asked before the ones that come with it. */
  networkDatabase: z.string().min(1).optional(),
  /** Who gets alerts by mail; each has to confirm the subscription. */
  alertEmails: list(z.email("must be mail addresses")).default([]),
  /**
   * Plumbline's Region, where that is not us-east-1: a second stack, in us-east-1, hands it the events of global services
   * (IAM, STS), which are recorded there.
   */
  globalEventsTo: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be a Region such as eu-central-1")
    .refine(
      (region) => region !== "us-east-1",
      "is where those events are recorded: nothing need be handed on",
    )
    .optional(),
  /** Minutes between two full looks at functions and interfaces. */
  inventoryMinutes: wholeNumber(1, 1440).default(15),
  /** Minutes between two looks at how functions are used; a multiple of five. CloudWatch bills each look. */
  metricsMinutes: wholeNumber(5, 60)
    .refine((minutes) => 60 % minutes === 0 && minutes % 5 === 0, "must be 5, 10, 15, 20, 30 or 60")
    .default(5),
  /** Runs of the function that reads flow logs that may go on side by side; each takes up to five objects. */
  flowLogConcurrency: wholeNumber(2, 1000).default(5),
  logRetentionDays: z.coerce
    .number<number | string>()
    .refine(
      (days) => LOG_RETENTION.includes(days),
      "must be a retention that CloudWatch Logs has: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731",
    )
    .default(30),
  /** Whether there is a dashboard; CloudWatch bills $3 a month for each beyond three. */
  dashboard: z.union([z.boolean(), z.stringbool()]).default(true),
  /** Days after which flow log objects in the bucket that is made here are deleted. */
  flowLogRetentionDays: wholeNumber(1, 3650).default(90),
  /** Off until it is set: `dryRun`, `enforce`, or an object that says more. */
  containment: z
    .union([z.enum(MODES).transform((mode) => ({ mode })), z.looseObject({})])
    .pipe(containmentPolicy)
    .optional(),
  detection: detectionConfig.prefault({}),
});

const LOG_RETENTION = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731];

export type PlumblineConfig = z.infer<typeof plumblineConfig>;
export type PlumblineProps = z.input<typeof plumblineConfig>;

/** Checks props. Throws with every problem in one message. */
export const parseProps = (props: PlumblineProps, origin: string): PlumblineConfig => {
  const config = parseConfig(plumblineConfig, props, origin);
  if (config.bucketKeyArn !== undefined && config.bucketName === undefined) {
    throw new Error(
      `The configuration in ${origin} cannot be used:\n  bucketKeyArn: is the key of an existing bucket, and there is no bucketName`,
    );
  }
  if (config.threatListsKeyArn !== undefined && config.threatLists === undefined) {
    throw new Error(
      `The configuration in ${origin} cannot be used:\n  threatListsKeyArn: is the key of a bucket with threat lists, and there are no threatLists`,
    );
  }
  return config;
};

/**
 * The app's context: an object `plumbline` (cdk.json), and each setting by itself (`-c vpcIds=...`, `-c learningDays=3`),
 * which goes first.
 */
export function configFromContext(node: Node): PlumblineProps {
  const fromFile: unknown = node.tryGetContext("plumbline") ?? {};
  if (typeof fromFile !== "object" || Array.isArray(fromFile)) {
    throw new Error(
      `The context "plumbline" must be an object in cdk.json, not a ${Array.isArray(fromFile) ? "list" : typeof fromFile}. On the command line set single values: -c vpcIds=vpc-...`,
    );
  }
  const single = (names: readonly string[]) =>
    Object.fromEntries(
      names.map((name) => [name, node.tryGetContext(name)]).filter(([, value]) => value !== undefined),
    );
  const { detection = {}, ...rest } = fromFile as { detection?: object };
  const { stackName: _, ...settable } = detectionConfig.shape;
  const numbers = Object.entries(single(Object.keys(settable))).map(([name, value]) => [
    name,
    typeof value === "string" ? Number(value) : value,
  ]);
  return {
    ...rest,
    ...single(Object.keys(plumblineConfig.shape).filter((name) => name !== "detection")),
    detection: { ...detection, ...Object.fromEntries(numbers) },
  };
}

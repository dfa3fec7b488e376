/** EventBridge for tests: the rules of a template, and which of them match an event. */
import type { Template } from "aws-cdk-lib/assertions";
import { ACCOUNT, REGION } from "./account";
import { resolver } from "./cfn-references";

export interface EventRule {
  /** Name of its construct. */
  readonly name: string;
  readonly state: string;
  /** With references resolved to values as long as they can be. */
  readonly pattern: Json;
  readonly targets: readonly { Arn: unknown; DeadLetterConfig?: { Arn: unknown }; RoleArn?: unknown }[];
}

type Json = { readonly [key: string]: unknown };

/** The rules by which events of CloudTrail go to Plumbline, without those of the inventory. */
export function trailRules(template: Template): EventRule[] {
  const resolve = resolver(template.toJSON().Resources, {
    account: ACCOUNT,
    region: REGION,
    stack: "Own",
    name: longestName,
  });
  return Object.entries(template.findResources("AWS::Events::Rule"))
    .filter(([logicalId]) => /TrailSource|^Global/.test(logicalId))
    .map(([logicalId, { Properties }]) => ({
      name: logicalId.replace(/^PlumblineTrailSource|[0-9A-F]{8}$/g, ""),
      state: Properties.State,
      pattern: resolve(Properties.EventPattern) as Json,
      targets: Properties.Targets,
    }));
}

/** A role's name has at most 64 characters. */
const longestName = (logicalId: string) => logicalId.padEnd(64, "x");
export const roleArn = (logicalId: string): string =>
  `arn:aws:iam::${ACCOUNT}:role/${longestName(logicalId)}`;

/** Source: docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
export function matches(pattern: Json, event: unknown): boolean {
  const fields = (typeof event === "object" && event !== null ? event : {}) as Json;
  return Object.entries(pattern).every(([key, wanted]) =>
    Array.isArray(wanted)
      ? wanted.some((one) => matchesValue(one, fields[key]))
      : matches(wanted as Json, fields[key]),
  );
}

function matchesValue(wanted: unknown, value: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null) return value === wanted;
  const [[operator, operand] = []] = Object.entries(wanted);
  switch (operator) {
    case "exists":
      return (value !== undefined) === operand;
    case "prefix":
      return typeof value === "string" && value.startsWith(operand);
    case "anything-but":
      // A field that is not there is not anything but these: it is nothing.
      return value !== undefined && !(operand as unknown[]).includes(value);
    case "wildcard":
      return typeof value === "string" && value.includes(operand.replace(/^\*|\*$/g, ""));
    default:
      throw new Error(`These rules have no ${operator}`);
  }
}

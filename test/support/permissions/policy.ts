/**
 * IAM, as far as Plumbline's policies use it: Allow statements with actions, resources with wildcards, and two conditions.
 * What it does not know it refuses, so that no statement is taken for narrower or wider than it is.
 * Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
import type { ApiCall } from "./api-call";

/** A statement with every reference resolved. */
export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** One action on one resource pattern: the smallest thing that a statement grants. */
export interface Grant {
  readonly action: string;
  readonly resource: string;
  readonly condition: Statement["Condition"];
}

export interface Verdict {
  /** Calls that nothing allows, once each. */
  readonly denied: readonly string[];
  /** Grants that no call used. */
  readonly unused: readonly Grant[];
}

/** Holds calls against what is granted. */
export function judge(calls: readonly ApiCall[], statements: readonly Statement[]): Verdict {
  const grants = grantsOf(statements);
  const unused = new Set(grants);
  const denied = new Set<string>();
  for (const call of calls) {
    const matching = grants.filter((grant) => allows(grant, call));
    for (const grant of matching) unused.delete(grant);
    if (matching.length === 0) denied.add(callText(call));
  }
  return { denied: [...denied].sort(), unused: [...unused] };
}

export const grantText = ({ action, resource }: Pick<Grant, "action" | "resource">) =>
  `${action} on ${resource}`;

const callText = ({ action, resource, context }: ApiCall) => {
  const keys = Object.entries(context).map(([key, values]) => `${key} ${values}`);
  return [grantText({ action, resource }), ...keys].join(", ");
};

export function grantsOf(statements: readonly Statement[]): Grant[] {
  return statements.flatMap((statement) => {
    const known = ["Effect", "Action", "Resource", "Condition", "Sid"];
    const strange = Object.keys(statement).filter((name) => !known.includes(name));
    if (statement.Effect !== "Allow" || strange.length > 0) {
      throw new Error(`A statement is of a form that is not known here: ${JSON.stringify(statement)}`);
    }
    return list(statement.Action).flatMap((action) =>
      list(statement.Resource).map((resource) => ({ action, resource, condition: statement.Condition })),
    );
  });
}

const allows = ({ action, resource, condition = {} }: Grant, call: ApiCall) =>
  wildcard(action.toLowerCase(), call.action.toLowerCase()) &&
  wildcard(resource, call.resource) &&
  Object.entries(condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, expected]) => operatorOf(operator)(call.context[key], list(expected))),
  );

type Operator = (values: readonly string[] | undefined, expected: readonly string[]) => boolean;

const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: (values, expected) => values?.length === 1 && expected.includes(values[0] as string),
  // True of a request without the key, too: so says IAM.
  "ForAllValues:StringEquals": (values = [], expected) => values.every((value) => expected.includes(value)),
};

function operatorOf(name: string): Operator {
  const operator = OPERATORS[name];
  if (operator === undefined) throw new Error(`The condition operator ${name} is not known here`);
  return operator;
}

/** `*` is any text, `?` any character. */
function wildcard(pattern: string, text: string): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s").test(text);
}

export const list = <T>(value: T | readonly T[]): readonly T[] =>
  Array.isArray(value) ? value : [value as T];

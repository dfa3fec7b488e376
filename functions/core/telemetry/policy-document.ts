/** Policies of IAM, as calls write them: JSON in a text. */
import { fieldsOf, type JsonFields, listOf, textAt } from "./json-fields";

/** White space does not count toward IAM's limit of 10,240 characters; this is the most that a call takes. */
const LONGEST = 131_072;

/** The statements of a policy that allow something; none where it cannot be read. */
export function allowances(request: JsonFields): readonly JsonFields[] {
  const text = textAt(request, "policyDocument", LONGEST);
  if (text === null) return [];
  try {
    const { Statement } = fieldsOf(JSON.parse(text));
    const statements = Array.isArray(Statement) ? listOf(Statement, 1000) : [Statement];
    return statements.map(fieldsOf).filter(({ Effect }) => Effect === "Allow");
  } catch {
    return [];
  }
}

/** Whether a statement allows every action, or every one of IAM, by which one gets the rest. */
export function allowsNextToEverything(statement: JsonFields): boolean {
  if (statement.NotAction !== undefined) return true;
  const actions = Array.isArray(statement.Action) ? listOf(statement.Action, 5000) : [statement.Action];
  return actions.some((action) => typeof action === "string" && /^(\*|\*:\*|iam:\*)$/i.test(action));
}

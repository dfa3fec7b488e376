/** What AWS does in a function's role beside the function's own calls, so that no test of ours can see it done. */
import type { Grant } from "./policy";

const DONE_BY_AWS: readonly [RegExp, string][] = [
  [/^sqs:/, "Lambda polls the queue of an event source in the role of the function"],
  [/^logs:/, "Lambda writes the function's log in its role"],
  [/^kms:/, "SNS and S3 use the key of a topic or bucket in the name of who publishes or reads"],
];

export const isDoneByAws = ({ action }: Grant): boolean =>
  DONE_BY_AWS.some(([actions]) => actions.test(action));

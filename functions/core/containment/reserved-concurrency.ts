/**
 * A function is stopped by a reserved concurrency of 0: invocations that run are finished, no further one begins.
 * Source: docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */

/** What to set: a number, `null` for no reserved concurrency at all, or `keep`. */
export type ConcurrencyPlan = number | null | "keep";

/**
 * Plans for a function that has `current` (`null`: none) to be stopped, or to have back what it had `before`. Once
 * started, a value other than 0 is somebody's choice and stays.
 */
export function planConcurrency(
  current: number | null,
  isStopped: boolean,
  before: number | null,
): ConcurrencyPlan {
  if (isStopped) return current === 0 ? "keep" : 0;
  return current === 0 && before !== 0 ? before : "keep";
}

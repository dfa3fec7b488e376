import { isDeepStrictEqual } from "node:util";

/** Throws, with both, unless `actual` is `expected`. */
export function equal<T>(actual: T, expected: T): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`expected ${JSON.stringify(expected)}\nbut found ${JSON.stringify(actual)}`);
}

/**
 * What Lambda charges: on demand, in the first tier, before the free one, in us-east-1. Other Regions differ by some
 * percent or tens of them. Source: aws.amazon.com/lambda/pricing
 */
import type { FunctionSize } from "./attribution/inventory";

/** In dollars. */
export const LAMBDA_PRICES = {
  request: 0.2 / 1_000_000,
  gigabyteSecond: { x86_64: 0.0000166667, arm64: 0.0000133334 },
} as const;

/** How a function is used in an hour. */
export interface Pace {
  readonly calls: number;
  /** How long a call takes; `null` where that is not known. */
  readonly milliseconds: number | null;
}

/** What an hour costs, in dollars: the requests alone where the size or the time of a call is not known. */
export function hourlyCost({ calls, milliseconds }: Pace, size: FunctionSize | null): number {
  const time =
    size === null || milliseconds === null
      ? 0
      : (milliseconds / 1000) * (size.memoryMb / 1024) * LAMBDA_PRICES.gigabyteSecond[size.architecture];
  return calls * (time + LAMBDA_PRICES.request);
}

/** `$1,240`, `$3.20`, `$0.0042`. */
export function dollarText(dollars: number): string {
  if (dollars >= 100) return `$${Math.round(dollars).toLocaleString("en-US")}`;
  if (dollars >= 1 || dollars === 0) return `$${dollars.toFixed(2)}`;
  return `$${dollars.toFixed(Math.min(20, 1 - Math.floor(Math.log10(dollars))))}`;
}

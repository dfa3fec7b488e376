/** A bill that runs away: what a pace costs in an hour, and at the end of the month, beside what is usual. */
import type { FunctionSize } from "../attribution/inventory";
import { dollarText, hourlyCost, LAMBDA_PRICES, type Pace } from "../price";
import { HOUR } from "../time";

/** What to hold against each other. */
export interface Paces {
  readonly now: Pace;
  /** At this time of day and week. */
  readonly usual: Pace;
  /** In the mean of all hours. */
  readonly mean: Pace;
}

/** In dollars a month beyond the usual: what is worth a sentence, and what is worth a step of severity. */
const MATERIAL = 20;
const GRAVE = 1000;
/** What is grave is also so many times the usual: large accounts have large waves. */
const GRAVE_TIMES = 3;
const HOURS_A_MONTH = 730;

export interface RunAway {
  readonly sentence: string;
  /** Dollars a month beyond the usual, where that is worth a step of severity. */
  readonly grave: number | null;
}

/**
 * What goes on from `onset` (seconds since 1970) in dollars; `null` where that does not matter. Concurrency says nothing
 * of it: CloudWatch tells the most at a time, which may have lasted for a second.
 */
export function runAway(
  { now, usual, mean }: Paces,
  size: FunctionSize | null,
  onset: number,
  goesOn: boolean,
): RunAway | null {
  const cost = hourlyCost(now, size);
  const meanCost = hourlyCost(mean, size);
  const more = (cost - meanCost) * HOURS_A_MONTH;
  if (more < MATERIAL) return null;
  const left = (endOfMonth(onset) - onset) / HOUR;
  const byThen = `by the end of ${monthName(onset)}, where ${dollarText(meanCost * left)} is usual`;
  return {
    sentence: [
      `An hour at this pace costs ${dollarText(cost)} (${arithmetic(now, size)}), where ${dollarText(hourlyCost(usual, size))} is usual.`,
      goesOn
        ? `Should it go on, it comes to ${dollarText(cost * left)} ${byThen}.`
        : `Had it gone on, it would have come to ${dollarText(cost * left)} ${byThen}.`,
    ].join(" "),
    grave: more >= GRAVE && cost >= GRAVE_TIMES * meanCost ? more : null,
  };
}

/** `144,000 calls x (0.035 s x 1 GB x $0.0000166667 + $0.0000002), list prices of us-east-1` */
function arithmetic({ calls, milliseconds }: Pace, size: FunctionSize | null): string {
  const request = `$${LAMBDA_PRICES.request.toFixed(7)}`;
  const many = `${Math.round(calls).toLocaleString("en-US")} calls`;
  if (size === null || milliseconds === null)
    return `${many} x ${request}, the requests alone, list price of us-east-1`;
  const seconds = Number((milliseconds / 1000).toPrecision(3));
  const gigabytes = Number((size.memoryMb / 1024).toPrecision(3));
  const price = `$${LAMBDA_PRICES.gigabyteSecond[size.architecture].toFixed(10)}`;
  return `${many} x (${seconds} s x ${gigabytes} GB x ${price} + ${request}), list prices of us-east-1`;
}

/** The first second of the next month, in UTC. */
function endOfMonth(at: number): number {
  const date = new Date(at * 1000);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) / 1000;
}

const monthName = (at: number) =>
  new Date(at * 1000).toLocaleString("en-US", { month: "long", timeZone: "UTC" });

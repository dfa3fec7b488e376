/** How a function is used as a rule, as its usage lines have it: what a finding reckons costs with. */
import type { Baseline } from "./baseline";
import { countLine } from "./usage/counts";
import { decode } from "./usage/item";
import { HOUR_POINTS } from "./usage/parameters";
import { shiftLine } from "./usage/shift";

/** Calls in an hour, in the mean of up to two weeks; `null` where nothing is known. */
export function usualCalls({ usage }: Baseline): number | null {
  const line = decode(countLine(), usage.get("Invocations")?.line);
  const known = [...(line?.hours.means ?? [])].filter((mean) => mean >= 0);
  return known.length === 0 ? null : (HOUR_POINTS * known.reduce((a, b) => a + b, 0)) / known.length;
}

/** Milliseconds of a call, in the median of two weeks; `null` where nothing is known. */
export function usualDuration({ usage }: Baseline): number | null {
  const line = decode(shiftLine(), usage.get("Duration")?.line);
  return line === null || line.known === 0 ? null : line.usual;
}

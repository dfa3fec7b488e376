/** What may go wrong with one call, and how the caller comes to know of it. */
import type { Random } from "../../samples/random";
import type { Command } from "./command";

export const FAULTS = [
  /** Refused; nothing was done. */
  "throttled",
  /** Done, but the answer does not come: the caller takes it for failed. */
  "answer lost",
  /** Done; the answer did not come, so the SDK did it once more. */
  "done twice",
  /** What was written in the last second is not seen yet, as in reads that are not consistent. */
  "stale read",
  /** It takes up to three quarters of a minute. */
  "slow",
  /** The process ends before it; what it had in memory is gone. */
  "killed",
] as const;
export type Fault = (typeof FAULTS)[number];

/** How likely each fault is, for one call. */
export type FaultRates = Readonly<Partial<Record<Fault, number>>>;

/** Every schedule has its own mixture: some have one kind only, some little of each, some hardly a call without. */
export function someRates(luck: Random): FaultRates {
  const strength = luck.pick([0.005, 0.01, 0.02, 0.05]);
  const only = luck.next() < 0.3 ? luck.pick(FAULTS) : null;
  return Object.fromEntries(
    FAULTS.map((fault) => [
      fault,
      only === null || only === fault ? strength * (only ? 3 : 2 * luck.next()) : 0,
    ]),
  );
}

export function drawFault(command: Command, rates: FaultRates, luck: Random): Fault | null {
  let left = luck.next();
  for (const fault of FAULTS) {
    left -= rates[fault] ?? 0;
    if (left < 0) return isPossible(fault, command) ? fault : null;
  }
  return null;
}

const WRITES = ["PutCommand", "DeleteCommand", "PublishCommand"];

function isPossible(fault: Fault, { name, input }: Command): boolean {
  if (fault === "done twice") return WRITES.includes(name);
  // The index of an entity's findings is left out: what two containers tell within its lag they do not tie together.
  if (fault === "stale read")
    return (name === "GetCommand" && input.ConsistentRead !== true) || input.IndexName === "alertDue";
  return true;
}

/** Errors as the SDK throws them once it has given up. */
export const throttled = (): Error =>
  Object.assign(new Error("Rate exceeded"), {
    name: "ThrottlingException",
    $retryable: { throttling: true },
  });
export const timedOut = (): Error =>
  Object.assign(new Error("socket hang up: no answer within 3 s"), { name: "TimeoutError" });
export const unavailable = (): Error =>
  Object.assign(new Error("The service is unavailable"), { name: "ServiceUnavailableException" });

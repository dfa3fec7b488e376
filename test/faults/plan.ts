/** What is in store for one schedule. Everything follows from its seed. */
import type { Random } from "../../samples/random";
import { type FaultRates, someRates } from "./faults";
import { today } from "./scenario";

export interface Plan {
  readonly rates: FaultRates;
  /** Share of messages, and of runs of a schedule, that come twice. */
  readonly twice: number;
  /** Most minutes by which a message comes late: so they overtake each other. */
  readonly late: number;
  /** Seconds since 1970 between which SNS answers nothing but errors. */
  readonly snsDown: { readonly from: number; readonly until: number };
  /** Most minutes by which the clock of a container is behind. */
  readonly behind: number;
  /** Share of invocations that find no warm container. */
  readonly cold: number;
}

const UP = { from: 0, until: 0 };

/** Nothing goes wrong. */
export const UNDISTURBED: Plan = { rates: {}, twice: 0, late: 0, snsDown: UP, behind: 0, cold: 0 };

export function planOf(luck: Random): Plan {
  const down = today(10) + luck.whole(0, 180) * 60;
  return {
    rates: someRates(luck),
    twice: luck.pick([0, 0.1, 0.5]),
    late: luck.pick([0, 3, 20]),
    snsDown: luck.next() < 0.3 ? { from: down, until: down + 3600 } : UP,
    behind: luck.pick([0, 0, 4]),
    cold: luck.pick([0, 0.2]),
  };
}

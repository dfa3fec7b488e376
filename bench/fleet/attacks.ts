/** What an attack does to the calls of a function, and whether a detector tells in time. */
import type { Chance } from "./chance";
import { PERIOD, POINTS_A_DAY, type QuietFunction } from "./quiet";

export interface Attack {
  readonly name: string;
  readonly factor: number;
  /** In points. */
  readonly lasts: number;
}

export const ATTACKS = [
  { name: "3x for 15 min", factor: 3, lasts: 3 },
  { name: "2x for 1 h", factor: 2, lasts: 12 },
  { name: "10x for 30 min", factor: 10, lasts: 6 },
  { name: "silence of 2 h", factor: 0, lasts: 24 },
] as const satisfies readonly Attack[];

/** By calls expected in 5 minutes, at each point of the attack; what is expected may fall to 0 in the last. */
export const BANDS = ["10 and more", "1 to 10", "less"] as const;
export type Band = (typeof BANDS)[number];

const bandOf = (least: number): Band => (least >= 10 ? "10 and more" : least >= 1 ? "1 to 10" : "less");

/** Calls that are expected during an attack at the least. */
const LEAST_CALLS = 0.5;
/** An attack that is told so many points after its end is still told in time. */
export const LATE = 3;

export interface Strike {
  readonly point: number;
  readonly band: Band;
}

/** Where attacks fall: at any time from the third week on, at which at least something is expected. */
export function strikesOn({ rate }: QuietFunction, times: number, luck: Chance): Strike[] {
  const longest = Math.max(...ATTACKS.map(({ lasts }) => lasts)) + LATE;
  const first = 14 * POINTS_A_DAY;
  const strikes: Strike[] = [];
  for (let tries = 0; tries < 20 * times && strikes.length < times; tries++) {
    const point = luck.whole(first, rate.length - 1 - longest);
    const expected = rate.subarray(point, point + longest);
    if (expected.every((one) => one === 0)) continue;
    strikes.push({ point, band: bandOf(Math.min(...expected)) });
  }
  return strikes.sort((a, b) => a.point - b.point);
}

/** Calls at a point while `attack`, which began `since` points ago, goes on. */
export function underAttack(fn: QuietFunction, attack: Attack, since: number, point: number): number {
  if (since >= attack.lasts) return fn.counts[point] as number;
  return attack.factor === 0 ? 0 : fn.again(point, attack.factor);
}

export const timeOf = (fn: QuietFunction, point: number): number => fn.start + point * PERIOD;

/** Whether an attack makes or stops calls at all: of a nightly job at noon there is nothing to multiply. */
export const isVisible = ({ rate }: QuietFunction, { lasts }: Attack, point: number): boolean =>
  rate.subarray(point, point + lasts).reduce((a, b) => a + b, 0) >= LEAST_CALLS;

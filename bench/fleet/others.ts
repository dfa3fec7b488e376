/** Durations, errors and concurrency of a fleet, each in its own shape. */
import { count, countLine } from "../../functions/core/baseline/usage/counts";
import { level, levelLine } from "../../functions/core/baseline/usage/levels";
import { LEVEL_THRESHOLDS } from "../../functions/core/baseline/usage/parameters";
import { failures, rateLine } from "../../functions/core/baseline/usage/rates";
import { duration, shiftLine } from "../../functions/core/baseline/usage/shift";
import { timeOf } from "./attacks";
import { type Chance, chance } from "./chance";
import { KINDS, type Kind, POINTS_A_DAY, type QuietFunction, quietFunction } from "./quiet";
import { type Tally, tell } from "./tally";

export interface OthersResult {
  /** By detector. */
  readonly alarms: Map<string, number>;
  readonly found: Map<string, Tally>;
}

const HOUR = 12;

export function benchOthers(seed: number, functions: number, days: number): OthersResult {
  const result = { alarms: new Map<string, number>(), found: new Map<string, Tally>() };
  for (let i = 0; i < functions; i++) {
    const own = seed * 100_003 + i;
    const fn = quietFunction(own, KINDS[i % KINDS.length] as Kind, days);
    durations(fn, own, result);
    errors(fn, own, result);
    concurrency(fn, own, result);
  }
  return result;
}

const alarm = ({ alarms }: OthersResult, name: string) => alarms.set(name, (alarms.get(name) ?? 0) + 1);

/** Any point of the last ten days but the last two. */
const lateOf = ({ counts }: QuietFunction, luck: Chance) =>
  luck.whole(counts.length - 10 * POINTS_A_DAY, counts.length - 2 * POINTS_A_DAY);

/**
 * Average durations: the mean of so many lognormal calls of which some are cold starts; deploys change the level by up to 20 %, and
 * under load it rises a little.
 */
export function averageDurations(fn: QuietFunction, luck: Chance): Float64Array {
  const usual = luck.scale(3, 8000);
  const sigma = luck.between(0.1, 0.9);
  const cold = luck.scale(0.001, 0.05);
  const coldTakes = luck.between(300, 4000);
  const swing = luck.happens(0.4) ? luck.between(0, 0.2) : 0;
  const busiest = fn.counts.reduce((a, b) => Math.max(a, b), 1);
  const deploys = Array.from({ length: luck.whole(0, 3) }, () => ({
    at: luck.whole(0, fn.counts.length),
    factor: luck.between(0.8, 1.2),
  }));
  return fn.counts.map((calls, point) => {
    if (calls === 0) return -1;
    const level = deploys.reduce((a, { at, factor }) => (point >= at ? a * factor : a), usual);
    // The mean of many lognormal calls is nearly normal with this relative deviation; of few it is as skewed as one.
    const spread = Math.sqrt(Math.log(1 + (Math.exp(sigma * sigma) - 1) / calls));
    const starts = luck.poisson(Math.min(calls, calls * cold + (calls < 5 ? 0.05 : 0)));
    const load = 1 + (swing * calls) / busiest;
    return (
      level * load * Math.exp(spread * luck.normal() - spread ** 2 / 2) +
      (coldTakes * Math.min(calls, starts)) / calls
    );
  });
}

function durations(fn: QuietFunction, seed: number, result: OthersResult): void {
  const luck = chance(seed + 1111);
  const values = averageDurations(fn, luck);
  const line = shiftLine();
  const novel = levelLine();
  values.forEach((value, point) => {
    if (value < 0) return;
    if (duration(line, timeOf(fn, point), value).begins) alarm(result, "DurationShift");
    const { score } = level(novel, timeOf(fn, point), value);
    if (point < 7 * POINTS_A_DAY) return;
    if (score >= LEVEL_THRESHOLDS.deployed) alarm(result, "level novelty, deployed threshold");
    if (score >= LEVEL_THRESHOLDS.nab) alarm(result, "level novelty, NAB threshold");
  });
  const from = lateOf(fn, luck);
  const day = values.subarray(from, from + POINTS_A_DAY);
  const regular = day.filter((value) => value >= 0).length >= POINTS_A_DAY / 4 ? "regular" : "seldom called";
  if (day.every((value) => value < 0)) return;
  for (const factor of [1.5, 2, 4]) {
    const attacked = shiftLine();
    let told: number | null = null;
    values.subarray(0, from + POINTS_A_DAY).forEach((value, point) => {
      if (value < 0) return;
      const { begins } = duration(attacked, timeOf(fn, point), point < from ? value : factor * value);
      if (point >= from && begins) told ??= (point - from + 1) * 5;
    });
    tell(result.found, `DurationShift|${factor}x for a day, ${regular}`, told);
  }
}

/** Failed calls: none, or a small share of all, which comes in clusters or not. */
export function failedCalls(fn: QuietFunction, luck: Chance): { failed: Float64Array; usual: number } {
  const usual = luck.happens(0.3) ? 0 : luck.scale(0.0005, 0.08);
  const clustered = luck.happens(0.5) ? luck.scale(1, 5) : 0;
  const failed = fn.counts.map((calls) =>
    Math.min(calls, luck.poisson(calls * usual * (clustered === 0 ? 1 : luck.gamma(1 / clustered)))),
  );
  return { failed, usual };
}

function errors(fn: QuietFunction, seed: number, result: OthersResult): void {
  const luck = chance(seed + 2222);
  const { failed, usual } = failedCalls(fn, luck);
  const line = rateLine();
  failed.forEach((value, point) => {
    const { begins } = failures(line, timeOf(fn, point), value, fn.counts[point] as number);
    if (begins) alarm(result, "ErrorSpike");
  });
  const from = lateOf(fn, luck);
  const calls = fn.counts.subarray(from, from + 2 * HOUR).reduce((a, b) => a + b, 0);
  if (calls < 20) return;
  const band = calls >= 240 ? "10 and more calls" : "fewer calls";
  for (const [name, share, lasts] of [
    ["30 % fail for 30 min", 0.3, 6],
    ["10 points more fail for 1 h", usual + 0.1, HOUR],
    ["all fail for 15 min", 1, 3],
  ] as const) {
    const attacked = rateLine();
    let told: number | null = null;
    for (let point = 0; point < from + lasts + 3; point++) {
      const came = fn.counts[point] as number;
      const value =
        point >= from && point < from + lasts
          ? Math.min(came, luck.poisson(came * share))
          : (failed[point] as number);
      const { begins } = failures(attacked, timeOf(fn, point), value, came);
      if (point >= from && begins) told ??= (point - from + 1) * 5;
    }
    tell(result.found, `ErrorSpike|${name}, ${band}`, told);
  }
}

/** The most calls at one time in 5 minutes: what comes in a duration, and two or three deviations more. */
export function callsAtATime(fn: QuietFunction, luck: Chance): Float64Array {
  const share = luck.scale(0.05, 30) / 300;
  return fn.counts.map((calls) => {
    const mean = calls * share;
    return calls === 0 ? 0 : Math.max(1, Math.round(mean + luck.between(1.5, 3.2) * Math.sqrt(mean)));
  });
}

function concurrency(fn: QuietFunction, seed: number, result: OthersResult): void {
  const luck = chance(seed + 3333);
  const values = callsAtATime(fn, luck);
  const line = countLine();
  values.forEach((value, point) => {
    if (count(line, timeOf(fn, point), value).begins) alarm(result, "ConcurrencySpike");
  });
  const from = lateOf(fn, luck);
  const usual = values.subarray(from - HOUR, from + HOUR).reduce((a, b) => a + b, 0) / (2 * HOUR);
  if (usual < 1) return;
  const band = usual >= 10 ? "10 and more at a time" : "1 to 10 at a time";
  for (const [factor, lasts] of [
    [3, 6],
    [10, 6],
  ] as const) {
    const attacked = countLine();
    let told: number | null = null;
    for (let point = 0; point < from + lasts + 3; point++) {
      const under = point >= from && point < from + lasts;
      const value = under ? factor * (values[point] as number) : (values[point] as number);
      const { begins } = count(attacked, timeOf(fn, point), value);
      if (point >= from && begins) told ??= (point - from + 1) * 5;
    }
    tell(result.found, `ConcurrencySpike|${factor}x for ${lasts * 5} min, ${band}`, told);
  }
}

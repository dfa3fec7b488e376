import { count } from "../../../../functions/core/baseline/usage/counts";
import { at, DAY_POINTS, daily, growing, noisy, steady, times, told, weekly } from "../../../support/usage";

const NOON_OF_DAY_16 = 16 * DAY_POINTS + 144;
const quiet = noisy(daily(40), 19);

describe("a spike is told", () => {
  test.each<[string, number, number[], number]>([
    ["three times as many for 15 minutes", NOON_OF_DAY_16, times(quiet, NOON_OF_DAY_16, 3, 3), 3],
    ["twice as many for an hour", NOON_OF_DAY_16, times(quiet, NOON_OF_DAY_16, 12, 2), 12],
    ["ten times as many for half an hour", NOON_OF_DAY_16, times(quiet, NOON_OF_DAY_16, 6, 10), 1],
    ["at night, though less than at noon", 16 * DAY_POINTS, times(quiet, 16 * DAY_POINTS, 3, 4), 3],
    [
      "of a function that grows by a tenth a week",
      NOON_OF_DAY_16,
      times(noisy(growing(40, 0.1), 17), NOON_OF_DAY_16, 3, 3),
      3,
    ],
    [
      "at a weekend, though less than on a workday",
      19 * DAY_POINTS + 144,
      times(noisy(weekly(60), 20), 19 * DAY_POINTS + 144, 3, 4),
      3,
    ],
    ["of a cron that runs once in 15 minutes", NOON_OF_DAY_16, every(3, 1, NOON_OF_DAY_16, 40), 1],
  ])("%s", (_, from, values, within) => {
    const { spikes, silences } = told(values);
    expect(silences).toEqual([]);
    expect(spikes).toHaveLength(1);
    expect(spikes[0]).toBeGreaterThanOrEqual(from);
    expect(spikes[0]).toBeLessThan(from + within);
  });

  test("once, with its onset, its peak, how many points showed it, and an end", () => {
    const values = times(quiet, NOON_OF_DAY_16, 6, 10);
    const { line } = told(values.slice(0, NOON_OF_DAY_16 + 6));
    const came = values.slice(NOON_OF_DAY_16, NOON_OF_DAY_16 + 6);
    expect(line.spike).toMatchObject({ active: true, onset: at(NOON_OF_DAY_16), points: 6 });
    expect(line.spike.peak).toBeGreaterThan(Math.max(...came) - 1);
    expect(line.spike.peak / line.spike.peakExpected).toBeGreaterThan(5);
    told(values.slice(NOON_OF_DAY_16 + 6), line, NOON_OF_DAY_16 + 6);
    // The hour's sum holds its last point for 11 points more.
    expect(line.spike).toMatchObject({ active: false, last: at(NOON_OF_DAY_16 + 6 + 11) });
  });

  test("again, when it comes back after it ended", () => {
    const first = times(quiet, NOON_OF_DAY_16, 6, 10);
    expect(told(times(first, NOON_OF_DAY_16 + 2 * DAY_POINTS, 6, 12)).spikes).toHaveLength(2);
  });
});

describe("it is quiet on", () => {
  test.each<[string, number[]]>([
    ["an even load", noisy(steady(25), 14)],
    ["days and nights", noisy(daily(200), 14)],
    ["weekends", noisy(weekly(80), 21)],
    ["growth by a tenth a week", noisy(growing(50, 0.1), 17)],
    ["a level that a deploy raises by a fifth", times(quiet, NOON_OF_DAY_16, 9999, 1.2)],
    ["a level that a deploy lowers by a fifth", times(quiet, NOON_OF_DAY_16, 9999, 0.8)],
    ["a single point of half as much again", times(noisy(daily(2000), 17), NOON_OF_DAY_16, 1, 1.5)],
    ["a holiday and the day after it", times(noisy(weekly(100), 18), 16 * DAY_POINTS, DAY_POINTS, 0.3)],
    ["a cron that runs once in 15 minutes", every(3, 1)],
    ["a nightly job of 900 calls that comes some minutes early", nightly(900)],
    ["a function that is never called", Array(10 * DAY_POINTS).fill(0)],
  ])("%s", (_, values) => {
    expect(told(values)).toMatchObject({ spikes: [], silences: [] });
  });

  test("the first week, whatever happens in it", () => {
    const wild = times(times(quiet, 3 * DAY_POINTS, 12, 50), 5 * DAY_POINTS, 60, 0);
    expect(told(wild.slice(0, 7 * DAY_POINTS))).toMatchObject({ spikes: [], silences: [] });
  });

  test("just below what a window needs, and not just above", () => {
    // A steady 100: of one point 2.1 times as many and 8 more are needed.
    const flat = Array<number>(9 * DAY_POINTS).fill(100);
    const next = (value: number) => told([...flat, value]).spikes.length;
    expect([next(217), next(219)]).toEqual([0, 1]);
  });
});

describe("silence is told", () => {
  test.each<[string, number[], number]>([
    ["of a busy function after half an hour", times(quiet, NOON_OF_DAY_16, 24, 0), 6],
    ["of a cron after as many runs as it takes to be sure", every(3, 1, NOON_OF_DAY_16, 0, 500), 100],
  ])("%s", (_, values, within) => {
    const { spikes, silences } = told(values);
    expect(spikes).toEqual([]);
    expect(silences).toHaveLength(1);
    expect((silences[0] as number) - NOON_OF_DAY_16).toBeLessThanOrEqual(within);
  });

  test("of a nightly job of one call once it stays out, and not when it does so once", () => {
    const nights = (...missing: number[]) =>
      Array.from({ length: 24 * DAY_POINTS }, (_, i) =>
        i % DAY_POINTS === 20 && !missing.includes(Math.floor(i / DAY_POINTS)) ? 1 : 0,
      );
    expect(told(nights(18))).toMatchObject({ spikes: [], silences: [] });
    const [after, ...others] = told(nights(18, 19, 20, 21, 22, 23)).silences;
    expect(others).toEqual([]);
    // Its last run was on day 17 at point 20.
    const days = ((after as number) - 17 * DAY_POINTS - 20) / DAY_POINTS;
    expect(days).toBeGreaterThan(2.8);
    expect(days).toBeLessThan(3);
  });

  test("and ends with the first call", () => {
    const { line } = told(times(quiet, NOON_OF_DAY_16, 24, 0).slice(0, NOON_OF_DAY_16 + 24));
    expect(line.silence.episode).toMatchObject({ active: true, onset: at(NOON_OF_DAY_16) });
    told([30], line, NOON_OF_DAY_16 + 24);
    expect(line.silence.episode.active).toBe(false);
  });
});

test("an attack of a day does not hide the next one", () => {
  const attacked = times(quiet, 15 * DAY_POINTS, DAY_POINTS, 8);
  expect(told(times(attacked, 18 * DAY_POINTS + 144, 6, 8)).spikes).toHaveLength(2);
});

test("what lasts becomes usual: a new level is told once and ends by itself", () => {
  const { spikes, line } = told(times(noisy(daily(40), 21), 15 * DAY_POINTS, 9999, 3));
  expect(spikes).toHaveLength(1);
  expect(line.spike.active).toBe(false);
});

describe("hostile points", () => {
  test.each<[string, number, number]>([
    ["no number", 3, Number.NaN],
    ["infinitely many", 3, Number.POSITIVE_INFINITY],
    ["fewer than none", 3, -5],
    ["one that came before", -1, 7],
    ["one long past", -4000, 7],
    ["a time that is none", Number.NaN, 7],
    ["a clock a year ahead", 365 * DAY_POINTS, 7],
  ])("are refused and counted: %s", (_, ahead, value) => {
    const line = told(quiet.slice(0, 600)).line;
    const before = structuredClone({ ...line, order: { ...line.order, refused: 1, ahead: 0 } });
    const { begins, score } = count(line, at(600 + ahead), value);
    expect([begins, score, line.order.refused]).toEqual([false, 0, 1]);
    line.reading.score = before.reading.score;
    expect({ ...line, order: { ...line.order, ahead: 0 } }).toEqual(before);
  });

  test("of more calls than there can be, are bounded", () => {
    const { line } = told([...quiet, 1e300, ...quiet.slice(0, 50)]);
    expect(line.spike.peak).toBeLessThan(1.001e12);
    expect([...line.hours.means].every(Number.isFinite)).toBe(true);
  });

  test("that are missing make windows unknown, and nothing is told of them", () => {
    const line = told(quiet.slice(0, NOON_OF_DAY_16)).line;
    const { spikes, silences } = told(quiet.slice(NOON_OF_DAY_16 + 700), line, NOON_OF_DAY_16 + 700);
    expect([spikes, silences, line.order.missing]).toEqual([[], [], 700]);
  });

  test("after a clock that jumped for good begin a new line", () => {
    const line = told(quiet).line;
    const { spikes, silences } = told(quiet.slice(0, 8 * DAY_POINTS), line, 400 * DAY_POINTS);
    expect([spikes, silences, line.order.refused]).toEqual([[], [], 1]);
    expect(line.order.since).toBe(at(400 * DAY_POINTS + 1) / 300);
  });
});

/** `calls` at every so many points, but `instead` for `lasts` points from `from` on. */
function every(points: number, calls: number, from = -1, instead = 0, lasts = 6): number[] {
  return Array.from({ length: 18 * DAY_POINTS }, (_, i) =>
    from >= 0 && i >= from && i < from + lasts ? instead : i % points === 0 ? calls : 0,
  );
}

/** Calls spread over 20 minutes at two in the morning, five minutes early on every third day. */
function nightly(calls: number): number[] {
  return Array.from({ length: 17 * DAY_POINTS }, (_, i) => {
    const begins = Math.floor(i / DAY_POINTS) % 3 === 0 ? 23 : 24;
    const point = (i % DAY_POINTS) - begins;
    return point >= 0 && point < 4 ? calls / 4 : 0;
  });
}

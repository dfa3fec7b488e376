/**
 * The levels that a series has been at. A value is as novel as it is far from all of them, as a share of the range: no
 * model of noise, and the same scale for a series in bytes, in seconds or in percent.
 */
export interface LevelList {
  /** Most recently visited first. */
  readonly levels: Float64Array;
  /** How many of them are set, and how many values came. */
  used: number;
  seen: number;
  low: number;
  high: number;
}

export const levelList = (size: number): LevelList => ({
  levels: new Float64Array(size),
  used: 0,
  seen: 0,
  low: 0,
  high: 0,
});

/** Share of its distance to a value by which either end of the range comes back in each step. */
const SHRINKS = 5e-5;
/** Values before any is novel. */
const FIRST = 100;

/**
 * Takes a value: 0 if it comes within `radius` of a level, which is then the most recently visited; else its distance to
 * the nearest as a share of the range, and it becomes a level, in the place of the one that was not visited for longest.
 */
export function novelty(list: LevelList, value: number, radius: number): number {
  const { levels } = list;
  if (list.seen === 0) {
    list.low = value;
    list.high = value;
  }
  list.low = Math.min(value, list.low + SHRINKS * (value - list.low));
  list.high = Math.max(value, list.high + SHRINKS * (value - list.high));
  list.seen++;
  const range = list.high - list.low;
  let nearest = -1;
  let distance = Number.POSITIVE_INFINITY;
  for (let i = 0; i < list.used; i++) {
    const away = Math.abs(value - (levels[i] as number));
    if (away >= distance) continue;
    distance = away;
    nearest = i;
  }
  const share = range > 0 && nearest >= 0 ? Math.min(1, distance / range) : nearest >= 0 ? 0 : 1;
  if (share > radius) {
    if (list.used < levels.length) list.used++;
    moveToFront(levels, list.used - 1);
    levels[0] = value;
    return list.seen <= FIRST ? 0 : share;
  }
  moveToFront(levels, nearest);
  return 0;
}

function moveToFront(levels: Float64Array, index: number): void {
  const level = levels[index] as number;
  for (let i = index; i > 0; i--) levels[i] = levels[i - 1] as number;
  levels[0] = level;
}

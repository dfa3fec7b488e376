/**
 * Every number that the usage lines were tuned by, with what it does. One set holds for every series. Where it says "as
 * measured", `npm run bench:fleet` shows what another value costs (`docs/detection-quality.md`).
 */

/** Seconds of a point. */
export const PERIOD = 300;
/** Points of an hour and of a day. */
export const HOUR_POINTS = 12;
export const DAY_POINTS = 288;
/** Nothing is reported before a series has this many points: the first week has ten times the false alarms of later ones. */
export const LEARNING_POINTS = 7 * DAY_POINTS;
/** A stamp this many points ahead is a clock that jumped, unless the next point follows it. */
export const JUMP_POINTS = 14 * DAY_POINTS;
/** Counts and levels beyond this are taken as this. */
export const LARGEST = 1e12;

export const SEASON = {
  /** Hours of history: two of each hour of the week. */
  hours: 14 * 24,
  /** Half-life in hours of how far each prediction was off. */
  errorHalfLife: 7 * 24,
  /** A prediction is heeded if its squared error is at most this multiple of the best one's. */
  heeded: 1.6,
  /** Added to calls in an hour before a logarithm is taken, so that 0 and 1 are not infinitely far apart. */
  calls: 3,
  /** Share of an hour's distance to what was predicted that the level takes on. */
  level: 1 / 8,
} as const;

export const LEARNING = {
  /** An hour is learned at most this many times and at least this share of what was predicted, while nothing lasts. */
  most: 2,
  least: 0.4,
  /** What lasts longer than this is learned as it is: a new normal. */
  lasting: DAY_POINTS,
} as const;

/** Windows over which calls are added up, in points; the surprise in standard deviations and the multiple of the expected that each needs, as measured. */
export const WINDOWS = [
  { points: 1, ratio: 2.1, surprise: 4.5 },
  { points: 3, ratio: 1.75, surprise: 3.5 },
  { points: 12, ratio: 1.5, surprise: 3.3 },
] as const;

export const SPIKE = {
  /** Calls beyond that multiple. */
  excess: 8,
  /** Times the largest surprise that this series had at any time (it halves in `recordHalfLife` points). */
  record: 1.1,
  recordHalfLife: 14 * DAY_POINTS,
  /** Times the largest surprise near this hour of the day in the last week. */
  hourRecord: 1.1,
  /** This many times the expected and this many times the largest sum are told without surprise. */
  outright: 5,
  outrightMost: 1.4,
  /**
   * Below this many expected calls, or where less than this share of points has calls, also this many times the largest
   * sum seen: a job that comes some minutes early has no other line.
   */
  few: 12,
  idle: 0.2,
  fewTimes: 1.6,
  /** A series with calls in fewer points than this has no line yet: only this many calls are told. */
  rare: 30,
  many: 1000,
  /** What was told teaches that a sum of up to this many times the threshold may come again. */
  taught: 4,
  /** A standard deviation holds this share of what is normally distributed; it is followed by steps of this share of it. */
  within: 0.68,
  step: 0.01,
  /** Half-life of the noise estimates, in points. */
  noiseHalfLife: 3 * DAY_POINTS,
  /** The episode is over after so many points without it. */
  over: 12,
} as const;

export const SILENCE = {
  /** Expected calls that did not come. */
  missed: 20,
  /** Times the largest number that did not come before a call came again (it halves in `halfLife` points). */
  record: 3,
  halfLife: 28 * DAY_POINTS,
  /** Points that it lasts at the least. */
  least: 6,
  /** One that shows within so many points began in the middle of work. */
  inWork: 36,
  /** One that began at rest must also be this many times as long as the longest before. */
  longest: 1.3,
  /**
   * A job that stays out again: so many times as long as the longest before, which was most of a day, and so many calls.
   * Not before there was a weekend, whenever the function began.
   */
  overdue: { times: 2.9, rest: 20 * HOUR_POINTS, missed: 1.7, history: 14 * DAY_POINTS },
  /** What remains, point by point, of the share of expected calls that came of late. */
  keepsPace: 0.9,
} as const;

/**
 * The windows of an hour are off until what is in them has passed. A point by itself still is where it is at least this
 * many times what is expected at the most, and this many standard deviations beyond: that tells when an episode began and when it was over.
 */
export const OFF = { ratio: 1.5, surprise: 2 } as const;

/** What is off, but too little to be told: see `core/coincidence.ts`. */
export const WEAK = {
  /** Share of the score at which it would be told. */
  score: 0.7,
  /** Within so many points of each other, two are one; and one that grows to be told is one with it. */
  together: HOUR_POINTS,
  kept: DAY_POINTS,
} as const;

export const LEVELS = {
  /** Levels that are remembered, and the radius of one as a share of the range. */
  values: { size: 64, radius: 0.03 },
  /** The same of what is left after the hour of the day, and how much its novelty counts. */
  residuals: { size: 32, radius: 0.05, weight: 0.25 },
  /** Residuals in the short mean: 4 hours of 5-minute points. */
  recent: 48,
  /** The mean of an hour of the day moves by at least this share of a residual. */
  season: 0.05,
  /** Share of past novelty that is forgotten in a step. */
  calms: 1 / 1000,
  /** Hours after a report in which only a higher one follows, and hours in which that fades. */
  quiet: 8,
  fades: 24,
  /** A time so many seconds ahead is a clock that jumped, unless the next one follows it. */
  jump: 14 * 86_400,
} as const;

/** NAB weighs a miss like nine false alarms, a person does not: so there are two thresholds (`docs/detection-quality.md`). */
export const LEVEL_THRESHOLDS = { nab: 0.6, deployed: 1.6 } as const;

export const SHIFT = {
  /** Points whose median is compared, so that cold starts and single slow calls do not matter. */
  points: 12,
  /** Hours of history. */
  hours: 14 * 24,
  /** So many of those hours may have been higher still: an incident of an hour or two does not blind. */
  higher: 2,
  /** Times the usual, and times what remains the highest hour, in points on end. */
  ratio: 1.3,
  above: 1.08,
  lasts: 18,
  /** Points and hours before anything is reported. */
  leastHours: 40,
} as const;

export const RATE = {
  /** Half-life in points of the usual share. */
  halfLife: 7 * DAY_POINTS,
  /** Attempts with half a failure that every series is taken to have had: no failure so far is not never. */
  prior: 100,
  /** What a window needs: surprise in standard deviations, times its own largest, times the usual share and beyond it. */
  surprise: 4,
  record: 1.15,
  ratio: 2.5,
  share: 0.02,
  failures: 5,
  /** What remains of the largest share of a window, point by point, and how many times that is needed. */
  mostHalfLife: 14 * DAY_POINTS,
  mostTimes: 1.15,
  /** Failures are learned at most this many times what was expected, while nothing lasts. */
  learned: 3,
} as const;

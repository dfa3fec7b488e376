/**
 * Functions that nobody attacks. Each is made from its own seed: a shape (how many calls are expected in each 5 minutes),
 * what happens to a fleet (time zones, deploys, a holiday, growth, blips), and a noise. Nothing here is taken from the
 * detector: a shape is not made of its seasons, and a noise is not of its family only.
 */
import { type Chance, chance } from "./chance";

/** 5-minute points. */
export const POINTS_A_DAY = 288;
export const PERIOD = 300;

export const KINDS = [
  "steady",
  "diurnal",
  "weekly",
  "growing",
  "noisy",
  "batchy",
  "office",
  "sporadic",
  "webhook",
  "cron",
  "nightly",
  "monthly",
] as const;
export type Kind = (typeof KINDS)[number];

export interface QuietFunction {
  readonly kind: Kind;
  /** Seconds since 1970 of the first point; a midnight in UTC. */
  readonly start: number;
  /** Calls expected in each point. */
  readonly rate: Float64Array;
  /** Calls that came. */
  readonly counts: Float64Array;
  /** Calls at a point if `factor` times as many were expected. */
  again(point: number, factor: number): number;
}

/** 2026-01-05, a Monday. */
const MONDAY = 1_767_571_200;

export function quietFunction(seed: number, kind: Kind, days: number): QuietFunction {
  const luck = chance(seed);
  const start = MONDAY + luck.whole(0, 200) * 86_400;
  const weekday = Math.floor(start / 86_400 + 3) % 7;
  const rate = shapeOf(kind, days, weekday, luck);
  happenings(rate, kind, days, luck);
  const noise = noiseOf(kind, rate.length, luck);
  const again = (point: number, factor: number) => noise((rate[point] as number) * factor, point, factor);
  const counts = rate.map((_, point) => again(point, 1));
  blips(counts, days, luck);
  return { kind, start, rate, counts, again };
}

/** Expected calls of every point. `weekday` of the first day: 0 is Monday. */
function shapeOf(kind: Kind, days: number, weekday: number, luck: Chance): Float64Array {
  const points = days * POINTS_A_DAY;
  const rate = new Float64Array(points);
  const zone = luck.whole(-11, 12) * 12;
  const fill = (of: (minuteOfDay: number, day: number, weekend: boolean) => number) => {
    for (let point = 0; point < points; point++) {
      const local = point + zone + POINTS_A_DAY;
      const day = Math.floor(local / POINTS_A_DAY) - 1;
      rate[point] = of((local % POINTS_A_DAY) * 5, day, (weekday + day + 7) % 7 >= 5);
    }
  };
  switch (kind) {
    case "steady":
    case "noisy":
    case "batchy": {
      const base = luck.scale(3, kind === "batchy" ? 300 : 3000);
      fill(() => base);
      break;
    }
    case "growing": {
      const base = luck.scale(5, 1000);
      const day = dayShape(luck);
      fill((minute) => base * day(minute));
      break;
    }
    case "diurnal": {
      const base = luck.scale(4, 2000);
      const day = dayShape(luck);
      fill((minute) => base * day(minute));
      break;
    }
    case "weekly": {
      const base = luck.scale(8, 2000);
      const day = dayShape(luck);
      const rest = luck.happens(0.5) ? day : dayShape(luck);
      const share = luck.between(0.1, 0.75);
      const daysOfWeek = Array.from({ length: 7 }, () => (luck.happens(0.3) ? luck.between(0.7, 1.3) : 1));
      fill(
        (minute, d, weekend) =>
          base * (weekend ? share * rest(minute) : day(minute)) * (daysOfWeek[(d + 700) % 7] as number),
      );
      break;
    }
    case "office": {
      const base = luck.scale(5, 500);
      const [from, to] = [luck.whole(5, 10) * 60, luck.whole(15, 21) * 60];
      const ramp = luck.between(5, 90);
      const outside = luck.happens(0.5) ? 0 : luck.between(0, 0.05);
      fill((minute, _, weekend) => {
        const inside = Math.min(1, Math.max(0, (minute - from) / ramp), Math.max(0, (to - minute) / ramp));
        return base * Math.max(outside, weekend ? 0 : inside);
      });
      break;
    }
    case "sporadic": {
      const perDay = luck.scale(1, 1200);
      const flat = luck.happens(0.5);
      const day = dayShape(luck);
      fill((minute) => (perDay / POINTS_A_DAY) * (flat ? 1 : day(minute)));
      break;
    }
    case "webhook": {
      const perDay = luck.scale(2, 60);
      const day = dayShape(luck);
      const share = luck.between(0, 1);
      fill((minute, _, weekend) => (perDay / POINTS_A_DAY) * day(minute) * (weekend ? share : 1));
      break;
    }
    case "cron":
      schedule(rate, luck.pick([5, 10, 15, 30, 60, 120, 360]), luck);
      break;
    case "nightly":
    case "monthly":
      job(rate, kind === "nightly" ? 1 : luck.pick([7, 14, 30]), zone, luck);
      break;
  }
  return rate;
}

/** One to three peaks over a floor, smooth or with edges; the mean is about 1. */
function dayShape(luck: Chance): (minute: number) => number {
  const floor = luck.between(0.03, 0.7);
  const peaks = Array.from({ length: luck.whole(1, 3) }, () => ({
    at: luck.between(6 * 60, 22 * 60),
    width: luck.between(40, 300),
    height: luck.between(0.4, 1),
    flat: luck.happens(0.3),
  }));
  const raw = (minute: number) =>
    floor +
    (1 - floor) *
      peaks.reduce((sum, { at, width, height, flat }) => {
        const away = Math.abs(((minute - at + 2160) % 1440) - 720) / width;
        return sum + height * (flat ? Math.min(1, Math.max(0, 2.5 - 1.5 * away)) : Math.exp(-away * away));
      }, 0);
  let mean = 0;
  for (let minute = 0; minute < 1440; minute += 5) mean += raw(minute) / POINTS_A_DAY;
  return (minute) => raw(minute) / mean;
}

/** Every so many minutes a run of a few calls, a little late, seldom missed or repeated. */
function schedule(rate: Float64Array, minutes: number, luck: Chance): void {
  const calls = luck.pick([1, 1, 1, 2, 5, 12, 40]);
  const late = luck.between(0, luck.pick([0, 2, 5]));
  const missed = luck.pick([0, 0.002, 0.01]);
  const repeated = luck.pick([0, 0.002, 0.01]);
  for (let minute = luck.whole(0, 4); minute < rate.length * 5; minute += minutes) {
    if (luck.happens(missed)) continue;
    const point = Math.floor((minute + late * luck.next()) / 5);
    if (point < rate.length) rate[point] = (rate[point] as number) + calls * (luck.happens(repeated) ? 2 : 1);
  }
}

/** Every so many days a job of one call or of many, some minutes early or late, at most once in a while missed. */
function job(rate: Float64Array, everyDays: number, zone: number, luck: Chance): void {
  const calls = luck.happens(0.4) ? 1 : luck.scale(5, 3000);
  const lasts = calls === 1 ? 1 : luck.whole(1, 12);
  const at = ((luck.whole(0, 5) * 12 - zone) % POINTS_A_DAY) + POINTS_A_DAY;
  const wanders = luck.pick([0, 0, 1, 3]);
  const spread = luck.pick([0, 0.05, 0.3]);
  for (let day = luck.whole(0, everyDays - 1); day * POINTS_A_DAY < rate.length; day += everyDays) {
    if (luck.happens(0.005)) continue;
    const size = calls === 1 ? 1 : calls * Math.exp(spread * luck.normal());
    const first = day * POINTS_A_DAY + (at % POINTS_A_DAY) + luck.whole(-wanders, wanders);
    for (let point = first; point < first + lasts; point++) {
      if (point >= 0 && point < rate.length) rate[point] = (rate[point] as number) + size / lasts;
    }
  }
}

const onSchedule = (kind: Kind) => kind === "cron" || kind === "nightly" || kind === "monthly";

/** Growth, deploys that change the level by up to 20 % at once or over days, and a holiday. */
function happenings(rate: Float64Array, kind: Kind, days: number, luck: Chance): void {
  const scaleFrom = (from: number, factor: number, over: number) => {
    for (let point = Math.max(0, from); point < rate.length; point++) {
      rate[point] = (rate[point] as number) * factor ** Math.min(1, (point - from + 1) / over);
    }
  };
  if (onSchedule(kind)) return;
  const weekly =
    kind === "growing" ? luck.between(1.02, 1.1) : luck.happens(0.2) ? luck.between(0.97, 1.05) : 1;
  for (let point = 0; point < rate.length; point++) {
    rate[point] = (rate[point] as number) * weekly ** (point / (7 * POINTS_A_DAY));
  }
  for (let deploys = luck.whole(0, Math.ceil(days / 12)); deploys > 0; deploys--) {
    const over = luck.happens(0.7) ? 1 : luck.whole(12, 3 * POINTS_A_DAY);
    scaleFrom(luck.whole(0, rate.length - 1), luck.between(0.8, 1.2), over);
  }
  const falls = luck.whole(7, days - 1) * POINTS_A_DAY;
  const share = luck.between(0.25, 0.85);
  if (!luck.happens(kind === "weekly" || kind === "office" ? 0.8 : 0.4)) return;
  const lasts = luck.happens(0.8) ? 1 : 2;
  for (let point = falls; point < Math.min(rate.length, falls + lasts * POINTS_A_DAY); point++) {
    rate[point] = (rate[point] as number) * (kind === "office" ? share * 0.1 : share);
  }
}

/** Calls that come where `rate` are expected at a point; `factor` is what an attack has multiplied it by. */
type Noise = (rate: number, point: number, factor: number) => number;

function noiseOf(kind: Kind, points: number, luck: Chance): Noise {
  if (onSchedule(kind)) return (rate, _, factor) => Math.round(rate * (factor === 1 ? 1 : factor));
  const loud = kind === "noisy";
  // The rate wanders: an autoregression in the logarithm.
  const wander = new Float64Array(points);
  if (loud || luck.happens(0.6)) {
    const sigma = loud ? luck.between(0.1, 0.3) : luck.between(0.02, 0.15);
    const keeps = Math.exp(-5 / luck.scale(30, 480));
    for (let point = 1; point < points; point++) {
      wander[point] =
        keeps * (wander[point - 1] as number) + sigma * Math.sqrt(1 - keeps * keeps) * luck.normal();
    }
  }
  const level = (rate: number, point: number) => rate * Math.exp(wander[point] as number);
  if (kind === "batchy" || kind === "webhook") {
    const size = luck.scale(1.5, kind === "webhook" ? 5 : 12);
    return (rate, point) => {
      let calls = 0;
      for (let batches = luck.poisson(level(rate, point) / size); batches > 0; batches--) {
        calls += 1 + luck.poisson(size - 1);
      }
      return calls;
    };
  }
  if (loud || luck.happens(0.5)) {
    const shape = 1 / (loud ? luck.between(0.1, 0.5) : luck.scale(0.005, 0.15));
    return (rate, point) => luck.poisson(level(rate, point) * luck.gamma(shape));
  }
  return (rate, point) => luck.poisson(level(rate, point));
}

/** Now and then a single point of one and a half times as many. */
function blips(counts: Float64Array, days: number, luck: Chance): void {
  for (let blip = luck.whole(0, Math.ceil(days / 4)); blip > 0; blip--) {
    const point = luck.whole(0, counts.length - 1);
    counts[point] = Math.round((counts[point] as number) * 1.5);
  }
}

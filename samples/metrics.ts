/**
 * How the sample's functions are used, in points of five minutes: each has its day. On the last one, somebody calls
 * StatusPage far more than its visitors do, ThumbnailMaker takes twice as long since code was brought into it, and
 * RDSQueryLogger stops after a stranger changed it.
 */
import type { Random } from "./random";
import { BEGIN, DAYS } from "./traffic";

const PERIOD = 300;
const LAST_DAY = BEGIN + (DAYS - 1) * 86_400;
const hours = (hour: number) => LAST_DAY + hour * 3600;

interface UsedFunction {
  readonly name: string;
  /** Invocations in five minutes, by share of the day's light (0.3 to 1). */
  readonly calls: (light: number, at: number) => number;
  /** Typical milliseconds. */
  readonly takes: (at: number) => number;
}

const USED: readonly UsedFunction[] = [
  // Once every five minutes, until half past four.
  { name: "RDSQueryLogger", calls: (_, at) => (at < hours(4.5) ? 1 : 0), takes: () => 420 },
  { name: "OrderApi", calls: (light) => 18 * light, takes: () => 95 },
  {
    name: "StatusPage",
    calls: (light, at) => 40 * light * (at >= hours(18) && at < hours(18.75) ? 1000 : 1),
    takes: () => 220,
  },
  { name: "ThumbnailMaker", calls: (light) => 14 * light, takes: (at) => (at < hours(9) ? 640 : 1450) },
];

/** `aws cloudwatch get-metric-data`, with a period of 300 seconds. */
export function metricData(random: Random): object {
  const times = Array.from({ length: (DAYS * 86_400) / PERIOD }, (_, i) => BEGIN + i * PERIOD);
  return {
    MetricDataResults: USED.flatMap(({ name, calls, takes }) => {
      const points = times.map((at) => {
        const light = 0.3 + 0.7 * Math.max(0, Math.sin((((at - BEGIN) / 86_400 - 0.25) % 1) * 2 * Math.PI));
        const mean = calls(light, at);
        const swing = (random.next() + random.next() + random.next() - 1.5) * 2;
        const invocations = mean <= 1 ? mean : Math.max(0, Math.round(mean + swing * Math.sqrt(mean)));
        return {
          at,
          invocations,
          duration: takes(at) * (0.9 + 0.2 * random.next()),
          errors: random.next() < 0.01 ? 1 : 0,
        };
      });
      // CloudWatch has no point where nothing was called.
      const called = points.filter(({ invocations }) => invocations > 0);
      return [
        result(`${name} Invocations`, called, ({ invocations }) => invocations),
        result(`${name} Errors`, called, ({ errors }) => errors),
        result(`${name} Duration`, called, ({ duration }) => Math.round(duration * 100) / 100),
      ];
    }),
  };
}

function result<T extends { at: number }>(
  label: string,
  points: readonly T[],
  value: (point: T) => number,
): object {
  return {
    Id: label.replaceAll(/[^A-Za-z]/g, "").toLowerCase(),
    Label: label,
    Timestamps: points.map(({ at }) => new Date(at * 1000).toISOString().replace(".000Z", "+00:00")),
    Values: points.map(value),
    StatusCode: "Complete",
  };
}

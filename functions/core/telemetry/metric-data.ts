/**
 * CloudWatch metrics of functions, as `GetMetricData` answers: series by label, in points of any period, and the same in
 * points of five minutes.
 * Source: docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
import { LARGEST, PERIOD } from "../baseline/usage/parameters";
import { cleanText } from "../text";
import { isTime, secondsOf } from "../time";
import { fieldsOf, listOf, textAt } from "./json-fields";

/** How the points of a metric add up. */
const METRICS = {
  Invocations: "sum",
  Errors: "sum",
  Throttles: "sum",
  ConcurrentExecutions: "most",
  Duration: "mean",
} as const;

export type MetricName = keyof typeof METRICS;

export interface MetricSeries {
  readonly functionName: string;
  readonly metric: MetricName;
  /** By time in seconds since 1970; a point without anything is absent. Of one that is told twice, the larger. */
  readonly points: ReadonlyMap<number, number>;
}

export interface ReadMetrics {
  readonly series: readonly MetricSeries[];
  /** One sentence for each series that could not be used. */
  readonly problems: readonly string[];
  /** Points that are no time or no number. */
  readonly unusable: number;
}

const MOST_SERIES = 50_000;
/** Retention of CloudWatch in points of a minute, and more. */
const MOST_POINTS = 200_000;
const LABEL = /^([\w-]{1,64}) (\w+)$/;

/** Reads `{"MetricDataResults": [...]}`, each labelled `<FunctionName> <MetricName>`. Never throws. */
export function readMetricData(answer: unknown): ReadMetrics {
  const results = fieldsOf(answer).MetricDataResults;
  if (!Array.isArray(results)) {
    const problem = '"MetricDataResults" is no list: expected what aws cloudwatch get-metric-data prints';
    return { series: [], problems: [problem], unusable: 0 };
  }
  const read = { series: [] as MetricSeries[], problems: [] as string[], unusable: 0 };
  for (const [index, result] of listOf(results, MOST_SERIES).entries()) {
    const fields = fieldsOf(result);
    const label = textAt(fields, "Label") ?? "";
    const [, functionName, metric] = LABEL.exec(label) ?? [];
    if (functionName === undefined || metric === undefined || !isMetric(metric)) {
      read.problems.push(
        `MetricDataResults[${index}]: the label "${cleanText(label, 60)}" is not "<FunctionName> <MetricName>" with one of ${Object.keys(METRICS).join(", ")}`,
      );
      continue;
    }
    const { points, unusable } = pointsOf(fields.Timestamps, fields.Values);
    read.unusable += unusable;
    read.series.push({ functionName, metric, points });
  }
  return read;
}

const isMetric = (name: string): name is MetricName => Object.hasOwn(METRICS, name);

function pointsOf(timestamps: unknown, values: unknown) {
  const [times, numbers] = [listOf(timestamps, MOST_POINTS), listOf(values, MOST_POINTS)];
  const points = new Map<number, number>();
  let unusable = Math.abs(times.length - numbers.length);
  for (let i = 0; i < Math.min(times.length, numbers.length); i++) {
    const at = timeOf(times[i]);
    const value = numbers[i];
    if (at === null || typeof value !== "number" || !(value >= 0 && value <= LARGEST)) unusable++;
    else points.set(at, Math.max(points.get(at) ?? 0, value));
  }
  return { points, unusable };
}

/** A series in points of five minutes, by their begin. */
export function inSlots({ points, ...series }: MetricSeries): MetricSeries {
  const how = METRICS[series.metric];
  const slots = new Map<number, { sum: number; most: number; count: number }>();
  for (const [at, value] of points) {
    const slot = Math.floor(at / PERIOD) * PERIOD;
    const { sum, most, count } = slots.get(slot) ?? { sum: 0, most: 0, count: 0 };
    slots.set(slot, { sum: sum + value, most: Math.max(most, value), count: count + 1 });
  }
  const combined = ({ sum, most, count }: { sum: number; most: number; count: number }) =>
    how === "sum" ? sum : how === "most" ? most : sum / count;
  return { ...series, points: new Map([...slots].map(([slot, one]) => [slot, combined(one)])) };
}

/** Text as the CLI prints it, a date as the SDK gives it, or seconds. */
function timeOf(value: unknown): number | null {
  if (typeof value === "string") return secondsOf(value);
  const seconds = value instanceof Date ? value.getTime() / 1000 : value;
  return typeof seconds === "number" && isTime(seconds) ? Math.floor(seconds) : null;
}

/** Several answers as one: a series may be spread over pages, and over files. Of a point that is told twice, the larger. */
export function mergeSeries(all: readonly MetricSeries[]): MetricSeries[] {
  const merged = new Map<string, { functionName: string; metric: MetricName; points: Map<number, number> }>();
  for (const { functionName, metric, points } of all) {
    const key = `${functionName} ${metric}`;
    const known = merged.get(key);
    if (known === undefined) merged.set(key, { functionName, metric, points: new Map(points) });
    else for (const [at, value] of points) known.points.set(at, Math.max(known.points.get(at) ?? 0, value));
  }
  return [...merged.values()];
}

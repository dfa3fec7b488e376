/** Ties metrics to functions, and says what did not happen: CloudWatch has no point where a function was not called. */
import { PERIOD } from "../baseline/usage/parameters";
import { groupBy } from "../group";
import type { MetricName, MetricSeries } from "../telemetry/metric-data";
import { type Entity, functionEntity } from "./entity";
import { functionArnOf, type NamedIn } from "./function-arn";
import type { FunctionSize, Inventory } from "./inventory";

/** How a function was used in five minutes. */
export interface UsagePoint {
  /** Begin, in seconds since 1970. */
  readonly at: number;
  readonly value: number;
  /** Of failures: how many attempts there were. */
  readonly tried: number;
}

/** One metric of a function, point after point. */
export interface Usage {
  readonly kind: "usage";
  readonly metric: MetricName;
  /** In order of time, without gaps but those in which nothing can be known. */
  readonly points: readonly UsagePoint[];
  /** What its time is billed by; `null` where not known. */
  readonly size: FunctionSize | null;
}

export interface EntityUsage {
  readonly entity: Entity;
  readonly usage: readonly Usage[];
}

/**
 * The usage of each function in `from` <= time < `until` (seconds). Where there is no point nothing was invoked; a
 * duration is known only where something was. A function that is gone is not silent.
 */
export function usageOf(
  series: readonly MetricSeries[],
  from: number,
  until: number,
  inventory: Inventory,
  elsewhere: NamedIn,
): EntityUsage[] {
  return [...groupBy(series, ({ functionName }) => functionName)].flatMap(([functionName, ofFunction]) => {
    const known = inventory.functionNamed(functionName)[0];
    const functionArn = known?.functionArn ?? functionArnOf(functionName, elsewhere);
    if (functionArn === null) return [];
    const isGone = known !== undefined && !inventory.functions.some((one) => one.functionArn === functionArn);
    const pointsOf = (metric: MetricName) =>
      ofFunction.find((one) => one.metric === metric)?.points ?? new Map<number, number>();
    const invocations = pointsOf("Invocations");
    const throttles = pointsOf("Throttles");
    const ended = isGone ? [...invocations.keys()].reduce((a, b) => Math.max(a, b + PERIOD), 0) : until;
    const size = known?.size ?? null;
    const times: number[] = [];
    for (let at = slotOf(from); at + PERIOD <= Math.min(until, ended); at += PERIOD) times.push(at);
    const calls = (at: number) => invocations.get(at) ?? 0;
    const counted = (metric: MetricName, tried: (at: number) => number): Usage => {
      const points = pointsOf(metric);
      return {
        kind: "usage",
        metric,
        points: times.map((at) => ({ at, value: points.get(at) ?? 0, tried: tried(at) })),
        size,
      };
    };
    const durations = pointsOf("Duration");
    const usage: Usage[] = [
      counted("Invocations", calls),
      counted("Errors", calls),
      counted("Throttles", (at) => calls(at) + (throttles.get(at) ?? 0)),
      counted("ConcurrentExecutions", calls),
      {
        kind: "usage",
        metric: "Duration",
        points: times
          .filter((at) => durations.has(at))
          .map((at) => ({ at, value: durations.get(at) as number, tried: calls(at) })),
        size,
      },
    ];
    const isTold = (metric: MetricName) =>
      metric === "Invocations" || ofFunction.some((one) => one.metric === metric);
    return [
      {
        entity: functionEntity(functionArn),
        usage: usage.filter(({ metric, points }) => points.length > 0 && isTold(metric)),
      },
    ];
  });
}

const slotOf = (at: number) => Math.floor(at / PERIOD) * PERIOD;

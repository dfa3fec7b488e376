/** What the metrics of a function take on a day on which it is called all the time, as it always was. */
import { inSlots, type MetricName } from "../../functions/core/telemetry/metric-data";
import { metricsHandler } from "../../functions/metrics";
import { random } from "../../samples/random";
import type { FunctionDay } from "./flow-logs";
import { withMeter } from "./meter";
import { runtimeOn, SILENT } from "./runtime";
import { BEGIN, functionName } from "./steady-account";

const FUNCTIONS = 10;
const DAYS = 15;
const DAY = 86_400;
const PERIOD = 300;
/** An hour is looked back over: less than that between two runs loses nothing. */
const SELDOM = 3300;

export interface MetricsWork {
  readonly functionDay: FunctionDay;
  /** Runs in which it was measured: one every five minutes. */
  readonly runs: number;
}

export function measureMetrics(): Promise<MetricsWork> {
  return withMeter(async (meter) => {
    const runtime = runtimeOn(meter);
    runtime.setClock(BEGIN);
    await runtime.look(FUNCTIONS);
    const handle = metricsHandler({ ...runtime, source: calledAllTheTime(), every: PERIOD, log: SILENT });
    const until = BEGIN + DAYS * DAY;
    for (let at = BEGIN + 2 * SELDOM; at < until - DAY; at += SELDOM) await runAt(at);
    meter.start();
    for (let at = until - DAY; at < until; at += PERIOD) await runAt(at);
    const taken = meter.taken(FUNCTIONS);
    return {
      functionDay: { ...taken, storedBytes: (await runtime.storedBytes()) / FUNCTIONS },
      runs: DAY / PERIOD,
    };

    async function runAt(at: number): Promise<void> {
      runtime.setClock(at);
      await handle();
    }
  });
}

/** Some forty calls in five minutes, fewer at night. */
function calledAllTheTime(): Parameters<typeof metricsHandler>[0]["source"] {
  const series = Array.from({ length: FUNCTIONS }, (_, index) => {
    const dice = random(index);
    const called = Array.from({ length: (DAYS * DAY) / PERIOD }, (_, i) => {
      const mean = 40 * (1 - 0.6 * Math.cos((2 * Math.PI * (i % 288)) / 288));
      return Math.max(1, Math.round(mean + (dice.next() + dice.next() - 1) * 2 * Math.sqrt(mean)));
    });
    const values = (of: (calls: number) => number) => called.map(of);
    const metrics: Record<MetricName, number[]> = {
      Invocations: called,
      Errors: values(() => (dice.next() < 0.02 ? 1 : 0)),
      Throttles: values(() => 0),
      ConcurrentExecutions: values(() => dice.whole(1, 3)),
      Duration: values(() => 80 + 20 * dice.next()),
    };
    return metrics;
  });
  const indexes = new Map(series.map((_, index) => [functionName(index), index]));
  return {
    usage: async (functions, metrics, from, until) => ({
      series: functions.flatMap(({ functionName: name }) =>
        metrics.map((metric) => {
          const values = series[indexes.get(name) as number]?.[metric] as number[];
          const points = new Map<number, number>();
          for (let at = from; at < until; at += PERIOD) {
            const value = values[(at - BEGIN) / PERIOD];
            if (value !== undefined) points.set(at, value);
          }
          return inSlots({ functionName: name, metric, points });
        }),
      ),
      problems: [],
    }),
  };
}

/** The AWS of a scenario: what each service answers. Tables come from elsewhere. */
import { PERIOD } from "../../functions/core/baseline/usage/parameters";
import type { Answer, Item } from "./command";
import type { Scenario } from "./scenario";

export interface Published {
  readonly id: string;
  readonly type: string;
}

/** `now` is in seconds. */
export function services(scenario: Scenario, now: () => number) {
  const published: Published[] = [];
  const s3: Answer = async ({ input }) => {
    const body = scenario.objects.get(input.Key as string);
    if (body === undefined)
      throw Object.assign(new Error("The specified key does not exist."), { name: "NoSuchKey" });
    return {
      Body: (async function* () {
        yield body;
      })(),
    };
  };
  const lambda: Answer = async () => ({ Functions: scenario.functions(now()) });
  const ec2: Answer = async () => ({ NetworkInterfaces: scenario.interfaces(now()) });
  const cloudWatch: Answer = async ({ input }) => ({
    MetricDataResults: (input.MetricDataQueries as Item[]).map((query) => resultOf(query, input)),
  });
  const sns: Answer = async ({ input }) => {
    const { id, type } = JSON.parse(JSON.parse(input.Message as string).default);
    published.push({ id, type });
    return { MessageId: String(published.length) };
  };
  return { published, s3, lambda, ec2, cloudWatch, sns };

  function resultOf({ Id, MetricStat }: Item, { StartTime, EndTime }: Item): Item {
    const { Metric } = MetricStat as { Metric: { MetricName: string; Dimensions: { Value: string }[] } };
    const series = scenario.metrics.get(`${Metric.Dimensions[0]?.Value} ${Metric.MetricName}`);
    const [from, until] = [StartTime, EndTime].map((time) => (time as Date).getTime() / 1000) as [
      number,
      number,
    ];
    // What has not happened yet is not told.
    const points: [number, number][] = [];
    for (let at = from; at < Math.min(until, now()); at += PERIOD) {
      const value = series?.get(at);
      if (value !== undefined) points.push([at, value]);
    }
    return {
      Id,
      StatusCode: "Complete",
      Timestamps: points.map(([at]) => new Date(at * 1000)),
      Values: points.map(([, value]) => value),
    };
  }
}

export type Services = ReturnType<typeof services>;

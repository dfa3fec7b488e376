import {
  type CloudWatchClient,
  type MetricDataQuery,
  paginateGetMetricData,
} from "@aws-sdk/client-cloudwatch";
import type { LambdaFunction } from "../../core/attribution/inventory";
import { PERIOD } from "../../core/baseline/usage/parameters";
import { inSlots, type MetricName, readMetricData } from "../../core/telemetry/metric-data";
import type { UsageSource } from "../ports";

/** What GetMetricData takes at once. */
const QUERIES_A_CALL = 500;

const STATISTICS: Readonly<Record<MetricName, string>> = {
  Invocations: "Sum",
  Errors: "Sum",
  Throttles: "Sum",
  ConcurrentExecutions: "Maximum",
  Duration: "p50",
};

interface Result {
  Label: string;
  Timestamps: Date[];
  Values: number[];
}

/**
 * Asks CloudWatch, which bills each metric asked for, however many points it has. A page may hold a part of a series only,
 * so pages are put together by id. A series that is not complete is left out: what is missing of it would be taken for
 * times without any use.
 * Source: docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
export function cloudWatchUsage(client: CloudWatchClient): UsageSource {
  return {
    async usage(functions, metrics, from, until) {
      const queries = functions.flatMap(({ functionName }) =>
        metrics.map((metric) => ({ functionName, metric })),
      );
      const results: Result[] = [];
      const problems: string[] = [];
      for (let i = 0; i < queries.length; i += QUERIES_A_CALL) {
        const some = queries.slice(i, i + QUERIES_A_CALL);
        const byId = new Map<string, Result>();
        const states = new Map<string, string>();
        const pages = paginateGetMetricData(
          { client },
          {
            StartTime: new Date(from * 1000),
            EndTime: new Date(until * 1000),
            MetricDataQueries: some.map(({ functionName, metric }, n) =>
              queryOf(`m${n}`, functionName, metric),
            ),
          },
        );
        for await (const page of pages) {
          for (const { Id = "", Timestamps = [], Values = [], StatusCode = "" } of page.MetricDataResults ??
            []) {
            const query = some[Number(Id.slice(1))];
            if (query === undefined) continue;
            const known = byId.get(Id) ?? {
              Label: `${query.functionName} ${query.metric}`,
              Timestamps: [],
              Values: [],
            };
            known.Timestamps.push(...Timestamps);
            known.Values.push(...Values);
            byId.set(Id, known);
            states.set(Id, StatusCode);
          }
        }
        for (const [id, result] of byId) {
          const state = states.get(id);
          if (state === "Complete") results.push(result);
          else problems.push(`CloudWatch answered ${state} for ${result.Label}`);
        }
      }
      const read = readMetricData({ MetricDataResults: results });
      return { series: read.series.map(inSlots), problems: [...problems, ...read.problems] };
    },
  };
}

const queryOf = (
  id: string,
  functionName: LambdaFunction["functionName"],
  metric: MetricName,
): MetricDataQuery => ({
  Id: id,
  MetricStat: {
    Metric: {
      Namespace: "AWS/Lambda",
      MetricName: metric,
      Dimensions: [{ Name: "FunctionName", Value: functionName }],
    },
    Period: PERIOD,
    Stat: STATISTICS[metric],
  },
});

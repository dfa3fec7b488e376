import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { mockClient } from "aws-sdk-client-mock";
import { cloudWatchUsage } from "../../../functions/adapters/aws/cloudwatch-usage";
import { storedFunction } from "../../support/account";
import { T0 } from "../../support/flow-log";

const cloudwatch = mockClient(CloudWatchClient);
beforeEach(() => cloudwatch.reset());

const source = cloudWatchUsage(new CloudWatchClient({}));
const point = (
  Id: string,
  at: number,
  value: number,
  StatusCode: "Complete" | "PartialData" = "Complete",
) => ({
  Id,
  Timestamps: [new Date(at * 1000)],
  Values: [value],
  StatusCode,
});

test("a series that is spread over pages is put together, whatever the pages are called", async () => {
  cloudwatch
    .on(GetMetricDataCommand)
    .resolvesOnce({
      MetricDataResults: [point("m0", T0, 3, "PartialData"), point("m1", T0, 1)],
      NextToken: "next",
    })
    .resolvesOnce({ MetricDataResults: [point("m0", T0 + 300, 4)] });
  const { series, problems } = await source.usage(
    [storedFunction("A"), storedFunction("B")],
    ["Invocations"],
    T0,
    T0 + 600,
  );
  expect(series).toEqual([
    {
      functionName: "A",
      metric: "Invocations",
      points: new Map([
        [T0, 3],
        [T0 + 300, 4],
      ]),
    },
    { functionName: "B", metric: "Invocations", points: new Map([[T0, 1]]) },
  ]);
  expect(problems).toEqual([]);
});

test("what stays partial is said, and left out: what is missing of it would be taken for silence", async () => {
  cloudwatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [point("m0", T0, 3, "PartialData")] });
  const { series, problems } = await source.usage([storedFunction("A")], ["Errors"], T0, T0 + 300);
  expect(series).toEqual([]);
  expect(problems).toEqual(["CloudWatch answered PartialData for A Errors"]);
});

test("no more than 500 metrics are asked for at once, each by its statistic", async () => {
  cloudwatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [] });
  const many = Array.from({ length: 300 }, (_, i) => storedFunction(`f${i}`));
  await source.usage(many, ["Duration", "ConcurrentExecutions"], T0, T0 + 300);
  const sizes = cloudwatch
    .commandCalls(GetMetricDataCommand)
    .map(({ args }) => args[0].input.MetricDataQueries ?? []);
  expect(sizes.map((queries) => queries.length)).toEqual([500, 100]);
  expect(sizes[0]?.slice(0, 2)).toMatchObject([
    {
      Id: "m0",
      MetricStat: { Period: 300, Stat: "p50", Metric: { Namespace: "AWS/Lambda", MetricName: "Duration" } },
    },
    { Id: "m1", MetricStat: { Stat: "Maximum" } },
  ]);
});

import fc from "fast-check";
import { inSlots, mergeSeries, readMetricData } from "../../../functions/core/telemetry/metric-data";

const result = (Label: unknown, Timestamps: unknown, Values: unknown) => ({
  Id: "m1",
  Label,
  Timestamps,
  Values,
});
const read = (...MetricDataResults: unknown[]) => readMetricData({ MetricDataResults });
const MINUTE_0 = "2026-10-01T00:00:00Z";
const AT_0 = 1_790_812_800;

test.each([
  ["Invocations", "their sum", 6],
  ["Errors", "their sum", 6],
  ["ConcurrentExecutions", "the most", 3],
  ["Duration", "their mean", 2],
])("minutes of %s are %s in five", (metric, _, expected) => {
  const times = [MINUTE_0, "2026-10-01T00:01:00+00:00", "2026-10-01T02:04:59+02:00"];
  const { series, problems, unusable } = read(result(`My-Function_1 ${metric}`, times, [1, 2, 3]));
  expect(series.map(inSlots)).toEqual([
    { functionName: "My-Function_1", metric, points: new Map([[AT_0, expected]]) },
  ]);
  expect([problems, unusable]).toEqual([[], 0]);
});

test.each<[string, unknown[], unknown[]]>([
  ["not a number", [MINUTE_0], ["3"]],
  ["negative", [MINUTE_0], [-1]],
  ["no time", ["soon"], [3]],
  ["infinite", [MINUTE_0], [Number.POSITIVE_INFINITY]],
  ["larger than anything counts", [MINUTE_0], [1e308]],
  ["without a value", [MINUTE_0], []],
  ["at no time that can be", [1e300], [3]],
  ["before 1970", [-1], [3]],
  ["after the year 9999", ["+275760-09-13T00:00:00Z"], [3]],
])("a point that is %s is counted and left out", (_, times, values) => {
  const { series, unusable } = read(result("f Errors", times, values));
  expect(series[0]?.points.size).toBe(0);
  expect(unusable).toBe(1);
});

test.each([["f Memory"], ["Invocations"], ["a b Invocations"], [17], ["f\u001b[31m Invocations x"]])(
  "the label %j is named, and the rest is read",
  (label) => {
    const { series, problems } = read(
      result(label, [MINUTE_0], [1]),
      result("f Invocations", [MINUTE_0], [1]),
    );
    expect(series).toHaveLength(1);
    expect(problems).toEqual([expect.stringMatching(/^MetricDataResults\[0\]: the label ".*" is not/)]);
  },
);

test("what is no such answer says so", () => {
  expect(readMetricData([]).problems).toEqual([expect.stringContaining("aws cloudwatch get-metric-data")]);
});

test("a series that is spread over pages is one; of a point that is told twice the larger counts", () => {
  const pages = [
    read(result("f Errors", [MINUTE_0], [1])),
    read(result("f Errors", [MINUTE_0, "2026-10-01T00:05:00Z"], [3, 2])),
  ];
  expect(mergeSeries(pages.flatMap(({ series }) => series))).toEqual([
    {
      functionName: "f",
      metric: "Errors",
      points: new Map([
        [AT_0, 3],
        [AT_0 + 300, 2],
      ]),
    },
  ]);
});

test("nothing makes it throw", () => {
  fc.assert(fc.property(fc.anything(), (answer) => expect(() => readMetricData(answer)).not.toThrow()));
  fc.assert(
    fc.property(fc.anything(), fc.anything(), fc.anything(), (label, times, values) =>
      expect(() => read(result(label, times, values))).not.toThrow(),
    ),
  );
});

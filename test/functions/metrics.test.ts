import { baselineStore } from "../../functions/adapters/dynamodb/baseline-store";
import { findingStore } from "../../functions/adapters/dynamodb/finding-store";
import type { FindingStore, UsageSource } from "../../functions/adapters/ports";
import { entityWatcher } from "../../functions/adapters/watch-entity";
import { watchUsage } from "../../functions/adapters/watch-usage";
import { inventoryOf } from "../../functions/core/attribution/inventory";
import { EMPTY_BASELINE } from "../../functions/core/baseline/baseline";
import { detectionConfig } from "../../functions/core/config";
import type { MetricName, MetricSeries } from "../../functions/core/telemetry/metric-data";
import { NO_THREAT_LISTS } from "../../functions/core/threat-list";
import { metricsHandler } from "../../functions/metrics";
import { arnOf, storedFunction } from "../support/account";
import { silent as log } from "../support/log";
import { type Pipeline, startPipeline } from "../support/pipeline";
import { daily, MONDAY, noisy, steady } from "../support/usage";

const DAY = 86_400;
const PERIOD = 300;
/** Milliseconds for some 400 runs, on a busy machine. */
const TWO_WEEKS_TAKE = 60_000;

let pipeline: Pipeline;
beforeEach(async () => {
  pipeline = await startPipeline();
});
afterEach(() => pipeline.stop());

const inventory = {
  current: async () =>
    inventoryOf([
      storedFunction("Api"),
      {
        kind: "interface",
        interfaceId: "eni-1",
        accountId: null,
        region: null,
        vpcId: "vpc-1",
        subnetId: "subnet-a",
        securityGroups: ["sg-1"],
        addresses: [],
        isLambda: true,
        resource: { type: "Lambda", key: "Lambda:Api or Other", name: "Api or Other" },
        candidates: [arnOf("Api"), arnOf("Other")],
        validFrom: 0,
        validTo: null,
      },
    ]),
};
const GROUP = "group:vpc-1:sg-1";

/** A deployment over `values`, point by point from `MONDAY`; `run(now)` is one run of the schedule. */
function deployment(values: Partial<Record<MetricName, readonly number[]>>) {
  const config = detectionConfig.parse({});
  const { client, tables } = pipeline.database;
  const asked: string[] = [];
  const stored = findingStore(client, tables.findings, config.findingRetentionDays);
  const looked: string[] = [];
  const findings: FindingStore = {
    ...stored,
    ofEntity(entity, since) {
      looked.push(entity);
      return stored.ofEntity(entity, since);
    },
  };
  let now = MONDAY;
  let isFailing = false;
  const handle = metricsHandler({
    inventory,
    source: {
      async usage(functions, metrics, from, until) {
        if (isFailing) throw new Error("Rate exceeded");
        const all = functions.flatMap(({ functionName }) =>
          metrics.map((metric) => ({ functionName, metric })),
        );
        asked.push(...all.map(({ functionName, metric }) => `${functionName} ${metric}`));
        const series = all.map(({ functionName, metric }): MetricSeries => {
          const points = (values[metric] ?? []).flatMap((value, i) => {
            const at = MONDAY + i * PERIOD;
            return value > 0 && at >= from && at < until ? [[at, value] as const] : [];
          });
          return { functionName, metric, points: new Map(points) };
        });
        return { series, problems: [] };
      },
    },
    watchEntity: entityWatcher({
      baselines: baselineStore(client, tables.baselines, config.retentionDays),
      findings,
      alerts: { publish: async (alert) => void pipeline.alerts.push(alert) },
      threats: { current: async () => NO_THREAT_LISTS },
      config,
      clock: () => now,
      log,
    }),
    findings,
    every: PERIOD,
    clock: () => now,
    log,
  });
  return {
    asked,
    looked,
    fail(failing: boolean) {
      isFailing = failing;
    },
    run: (at: number) => {
      now = at;
      return handle();
    },
  };
}

const subjects = () => pipeline.alerts.map(({ subject }) => subject);

test(
  "a spike in the third week is one alert, found while it lasts, whatever is asked for again",
  async () => {
    const calls = noisy(daily(40), 16).map((value, i) =>
      i >= 14 * 288 + 144 && i < 14 * 288 + 150 ? value * 10 : value,
    );
    const { run } = deployment({ Invocations: calls });
    // Three hours are looked back over: less than that between two runs loses nothing.
    for (let at = MONDAY + 10_500; at < MONDAY + 14.4 * DAY; at += 10_500) await run(at);
    expect(subjects()).toEqual([]);
    for (let at = MONDAY + 14.4 * DAY; at < MONDAY + 14.6 * DAY; at += PERIOD) await run(at);
    expect(subjects()).toEqual([
      expect.stringMatching(/^\[Plumbline medium\] Api is invoked [\d,]+ times in \d+ minutes/),
    ]);
  },
  TWO_WEEKS_TAKE,
);

test(
  "a function that CloudWatch says nothing of any more went silent",
  async () => {
    const calls = noisy(steady(30), 14);
    const { run } = deployment({ Invocations: calls });
    for (let at = MONDAY + 10_500; at < MONDAY + 14.3 * DAY; at += 10_500) await run(at);
    expect(subjects()).toEqual([expect.stringContaining("Api went silent")]);
  },
  TWO_WEEKS_TAKE,
);

test("a function that was never called has no line, and costs no write", async () => {
  const { run } = deployment({});
  await run(MONDAY + DAY);
  expect((await pipeline.tables())["plumbline-baselines"]).toEqual([]);
});

test("all but invocations are asked for every half hour, and only where something was invoked", async () => {
  const { run, asked } = deployment({ Invocations: noisy(steady(5), 1) });
  for (let at = MONDAY + 8400; at < MONDAY + 8400 + 3600; at += PERIOD) await run(at);
  const count = (metric: MetricName) => asked.filter((one) => one.endsWith(` ${metric}`)).length;
  expect([count("Invocations"), count("Errors"), count("Duration")]).toEqual([12, 2, 2]);
  // The next half hour begins between a run that comes a second early, and one that comes late.
  for (const at of [3599, 3901, 4201]) await run(MONDAY + 8400 + at);
  expect(count("Errors")).toBe(3);
  asked.length = 0;
  await run(MONDAY + 3 * DAY);
  expect(asked).toEqual(["Api Invocations"]);
});

describe("with more functions than a run can see to", () => {
  const MANY = 6_000;
  const functions = Array.from({ length: MANY }, (_, i) => storedFunction(`f${i}`));
  const known = inventoryOf(functions);

  /** One run at `now`, which has time for so many slices: what was asked for, and what was warned of. */
  async function run(now: number, slices: number) {
    const asked: string[] = [];
    const warned: Record<string, unknown>[] = [];
    const source: UsageSource = {
      async usage(some, metrics) {
        for (const { functionName } of some)
          asked.push(...metrics.map((metric) => `${functionName} ${metric}`));
        const isAsked = (metric: MetricName) => (metrics as readonly MetricName[]).includes(metric);
        const called = isAsked("Invocations") ? some : [];
        return {
          series: called.map(({ functionName }) => ({
            functionName,
            metric: "Invocations" as const,
            points: new Map([[now - 1800, 1]]),
          })),
          problems: [],
        };
      },
    };
    const handle = metricsHandler({
      source,
      inventory: { current: async () => known },
      watchEntity: async () => ({ findings: [], baseline: EMPTY_BASELINE }),
      findings: { ofEntity: async () => [], amend: async () => null },
      every: PERIOD,
      clock: () => now,
      log: { info() {}, warn: (_, fields) => void warned.push(fields), error() {} },
    });
    let left = slices;
    await handle(() => left-- > 0);
    return { asked, warned };
  }

  test("what a run leaves is said, and is looked at within the hour that is looked back over", async () => {
    const seen = new Set<string>();
    for (let i = 0; i < 12; i++) {
      const { asked, warned } = await run(MONDAY + i * PERIOD, 1);
      for (const one of asked) seen.add(one.split(" ")[0] as string);
      expect(warned).toEqual([{ functions: MANY, left: MANY - 500 }]);
    }
    expect(seen.size).toBe(MANY);
  });

  test("each run of half an hour asks for all metrics of a sixth of them, one for one", async () => {
    const rest: string[] = [];
    for (let i = 0; i < 6; i++) {
      const { asked, warned } = await run(MONDAY + i * PERIOD, 100);
      const errors = asked.filter((one) => one.endsWith(" Errors"));
      expect(errors.length).toBeGreaterThan(MANY / 12);
      expect(errors.length).toBeLessThan(MANY / 4);
      expect(warned).toEqual([]);
      rest.push(...errors);
    }
    expect(rest.length).toBe(MANY);
    expect(new Set(rest).size).toBe(MANY);
  });
});

test("every half hour, findings on groups are told who was invoked", async () => {
  const { run, looked } = deployment({ Invocations: noisy(steady(5), 1) });
  for (let at = MONDAY + 7200; at < MONDAY + 7200 + 3600; at += PERIOD) await run(at);
  expect(looked).toEqual([GROUP, GROUP]);
});

test("runs that fail for two hours lose nothing, of what is asked for every half hour either", async () => {
  const values = noisy(steady(30), 1);
  const linesAfter = async (failing: (at: number) => boolean) => {
    const { run, fail } = deployment({ Invocations: values, Errors: values.map((value) => value / 10) });
    for (let at = MONDAY + 7200; at < MONDAY + 0.5 * DAY; at += PERIOD) {
      fail(failing(at));
      await run(at).catch(() => {});
    }
    return (await pipeline.tables())["plumbline-baselines"];
  };
  const undisturbed = await linesAfter(() => false);
  await pipeline.stop();
  pipeline = await startPipeline();
  const from = MONDAY + 0.3 * DAY;
  expect(await linesAfter((at) => at >= from && at < from + 7200)).toEqual(undisturbed);
});

test("a function whose tables fail keeps no other from being watched", async () => {
  const watched: string[] = [];
  const watch = watchUsage(
    ["A", "B"].map((functionName) => ({
      functionName,
      metric: "Invocations" as const,
      points: new Map([[MONDAY, 1]]),
    })),
    MONDAY,
    MONDAY + PERIOD,
    {
      inventory,
      elsewhere: { accountId: "111122223333", region: "us-east-1" },
      watchEntity: async ({ functionName }) => {
        if (functionName === "A") throw new Error("throttled");
        watched.push(functionName ?? "");
        return { findings: [], baseline: EMPTY_BASELINE };
      },
    },
  );
  await expect(watch).rejects.toThrow(
    "The usage of 1 of 2 entities could not be watched (throttled); the next run makes up for it",
  );
  expect(watched).toContain("B");
});

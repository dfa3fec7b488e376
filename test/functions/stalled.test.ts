/** Sources that fall silent, through the workers as they are deployed: what comes is noted, and a schedule asks. */

import { baselineStore } from "../../functions/adapters/dynamodb/baseline-store";
import { findingStore } from "../../functions/adapters/dynamodb/finding-store";
import { inventoryStore } from "../../functions/adapters/dynamodb/inventory-store";
import { entityWatcher } from "../../functions/adapters/watch-entity";
import { EMPTY_BASELINE } from "../../functions/core/baseline/baseline";
import { detectionConfig } from "../../functions/core/config";
import type { FindingRecord } from "../../functions/core/finding";
import { NO_THREAT_LISTS } from "../../functions/core/threat-list";
import { metricsHandler } from "../../functions/metrics";
import { ACCOUNT, lambdaFunction, lambdaInterface, REGION } from "../support/account";
import { file, V2 } from "../support/flow-log";
import { silent as log } from "../support/log";
import { type Pipeline, s3Event, startPipeline, trailEvent } from "../support/pipeline";
import { atHour, heard, hours } from "../support/sources";
import { plainPath, talk } from "../support/story";
import { asUser, trailRecord } from "../support/trail";

const LAST = 10 * 24 - 1;
const FUNCTION = lambdaFunction("Api", ["subnet-a"], ["sg-1"]);
const account = `account:${ACCOUNT}:${REGION}`;

let pipeline: Pipeline;

/** Flow logs have come in every hour of ten days. */
async function startSeeded(): Promise<Pipeline> {
  const started = await startPipeline();
  await started.sync([FUNCTION], [lambdaInterface("eni-1", "10.0.1.21", "sg-1")]);
  const { client, tables } = started.database;
  const sources = [...heard(hours(0, LAST)).sources.values()];
  await baselineStore(client, tables.baselines, 35).save(
    account,
    { merged: sources, dropped: [] },
    EMPTY_BASELINE,
  );
  return started;
}
beforeEach(async () => {
  pipeline = await startSeeded();
});
afterEach(() => pipeline.stop());

/** The schedule's worker; `run(hour)` is one run, five minutes into it. CloudWatch says nothing, or does not answer. */
function schedule(
  answer: () => Promise<{ series: []; problems: [] }> = async () => ({ series: [], problems: [] }),
) {
  const config = detectionConfig.parse({});
  const { client, tables } = pipeline.database;
  const findings = findingStore(client, tables.findings, config.findingRetentionDays);
  let now = 0;
  const clock = () => now;
  const handle = metricsHandler({
    inventory: inventoryStore(client, tables.inventory, config.retentionDays, clock),
    source: { usage: answer },
    watchEntity: entityWatcher({
      baselines: baselineStore(client, tables.baselines, config.retentionDays),
      findings,
      alerts: { publish: async (alert) => void pipeline.alerts.push(alert) },
      threats: { current: async () => NO_THREAT_LISTS },
      config,
      clock,
      log,
    }),
    findings,
    every: 300,
    clock,
    log,
  });
  return (hour: number) => {
    now = atHour(hour) + 300;
    return handle();
  };
}

/** Objects of these hours arrive: one of each holds a record of Lambda's, as AWS also writes where nothing happened. */
async function deliver(some: readonly number[], worker = pipeline.worker(), to = pipeline): Promise<void> {
  const keys = some.map((hour) => plainPath(atHour(hour) + 600));
  for (const [i, key] of keys.entries())
    to.objects.set(key, file(V2, talk("10.0.20.11", atHour(some[i] as number))));
  expect(await worker(s3Event(keys))).toEqual([]);
}

const stored = async (): Promise<FindingRecord[]> =>
  ((await pipeline.tables())["plumbline-findings"] as FindingRecord[]).filter(
    ({ type }) => type === "TelemetryStalled",
  );
const subjects = () => pipeline.alerts.map(({ subject }) => subject);

test("flow logs that come no more are one alert, though CloudWatch does not answer; when they come again it ends", async () => {
  const run = schedule(async () => {
    throw new Error("AccessDenied");
  });
  for (const hour of hours(LAST + 1, LAST + 6)) await expect(run(hour)).rejects.toThrow("AccessDenied");
  expect(subjects()).toEqual([]);
  for (const hour of hours(LAST + 7, LAST + 9)) await expect(run(hour)).rejects.toThrow("AccessDenied");
  expect(subjects()).toEqual([
    "[Plumbline medium] VPC Flow Logs of account 111122223333 in us-east-1 have not come for 7 hours",
  ]);
  await deliver([LAST + 9]);
  await expect(run(LAST + 10)).rejects.toThrow("AccessDenied");
  expect(await stored()).toEqual([
    expect.objectContaining({ entity: account, status: "resolved", endedAt: "2026-10-11T08:00:00Z" }),
  ]);
  expect(pipeline.alerts).toHaveLength(1);
});

test("what a worker could not read for a while was late, and the finding is resolved", async () => {
  const run = schedule();
  await run(LAST + 8);
  await deliver(hours(LAST + 1, LAST + 8).reverse());
  await run(LAST + 9);
  expect((await stored()).map(({ status }) => status)).toEqual(["resolved"]);
});

test("functions that are gone have nothing to be told of", async () => {
  await pipeline.sync([], [], atHour(LAST + 1));
  await schedule()(LAST + 48);
  expect(await stored()).toEqual([]);
});

test("CloudTrail that was switched off is told twice, and the one raises the other", async () => {
  const worker = pipeline.trailWorker();
  const record = (hour: number, name = "DescribeInstances", fields = {}) =>
    trailRecord(atHour(hour) + 60, name, { userIdentity: asUser(), ...fields });
  const stop = record(LAST, "StopLogging", {
    eventSource: "cloudtrail.amazonaws.com",
    requestParameters: { name: "main" },
  });
  const told = hours(0, LAST, (hour) => hour % 6 === 0).map((hour) => record(hour));
  expect(await worker(trailEvent(...told, stop))).toEqual([]);
  await schedule()(LAST + 26);
  const [stalled] = await stored();
  expect(stalled?.severity).toBe("high");
  expect(stalled?.related).toHaveLength(1);
  expect(stalled?.explanation).toMatch(
    /It came \d+ minutes after StopLogging by user mallory at 2026-10-10T23:01:00Z, which is a finding of its own, so its severity is one step higher/,
  );
});

test("in steady state an object costs no call of DynamoDB, an hour one write, and the schedule none", async () => {
  const worker = pipeline.worker();
  const run = schedule();
  await deliver([LAST], worker);
  await run(LAST + 1);
  const send = jest.spyOn(pipeline.database.client, "send");
  const calls = () => send.mock.calls.splice(0).map(([command]) => command.constructor.name);
  await deliver([LAST], worker);
  await run(LAST + 1);
  expect(calls()).toEqual([]);
  pipeline.objects.set(
    plainPath(atHour(LAST + 1)),
    file(V2, `2 ${ACCOUNT} eni-1 - - - - - - - 1 2 - NODATA`),
  );
  await worker(s3Event([plainPath(atHour(LAST + 1))]));
  expect(calls()).toEqual(["QueryCommand", "PutCommand"]);
});

test("in whatever order and however often objects come, by two workers, the tables are the same", async () => {
  const some = hours(LAST + 1, LAST + 6);
  const before = await pipeline.tables();
  await deliver(some);
  const tidy = (await pipeline.tables())["plumbline-baselines"];
  expect(tidy).not.toEqual(before["plumbline-baselines"]);
  const other = await startSeeded();
  try {
    const workers = [other.worker(), other.worker()];
    for (const [i, hour] of [...some, ...some].reverse().entries())
      await deliver([hour], workers[i % 2], other);
    expect((await other.tables())["plumbline-baselines"]).toEqual(tidy);
  } finally {
    await other.stop();
  }
});

import { findingStore } from "../../functions/adapters/dynamodb/finding-store";
import type { FindingStore } from "../../functions/adapters/ports";
import { alertsHandler } from "../../functions/alerts";
import type { Alert } from "../../functions/core/alert";
import type { FindingRecord } from "../../functions/core/finding";
import { subjectName } from "../../functions/core/subject";
import { iso } from "../../functions/core/time";
import { T0 } from "../support/flow-log";
import { silent as log } from "../support/log";
import { type Pipeline, startPipeline } from "../support/pipeline";
import { days, live } from "../support/watch";

const SEEN = ["ledger-db", "payroll-db"].map(
  (to) => live([...days(8, { to: "users-db" }), [{ to }]]).get(8)?.[0] as FindingRecord,
);

let pipeline: Pipeline;
let reported: number[];
let findings: FindingStore;
beforeEach(async () => {
  pipeline = await startPipeline();
  reported = [];
  findings = findingStore(pipeline.database.client, pipeline.database.tables.findings, 365);
  for (const record of SEEN) expect((await findings.merge(record, iso(T0))).alert).toBe(true);
});
afterEach(() => pipeline.stop());

const keep = async (alert: Alert): Promise<void> => void pipeline.alerts.push(alert);
const sweep = (now: number, publish = keep) =>
  alertsHandler({
    findings,
    alerts: { publish },
    clock: () => now,
    report: (due) => void reported.push(due),
    log,
  })();

test("alerts that were left behind are published once", async () => {
  expect(await sweep(T0 + 600)).toBe(2);
  expect(pipeline.alerts).toHaveLength(2);
  expect(await sweep(T0 + 1200)).toBe(0);
  expect(await findings.due("2100")).toEqual([]);
});

test("a young alert is left to whoever wrote its finding", async () => {
  expect(await sweep(T0 + 60)).toBe(0);
});

test("two sweeps at once publish each alert once", async () => {
  const published = await Promise.all([sweep(T0 + 600), sweep(T0 + 600)]);
  expect(published[0] + published[1]).toBe(2);
  expect(pipeline.alerts).toHaveLength(2);
});

test("one that cannot be published stays due, the others go out, and the sweep says so", async () => {
  const publish = async (alert: Alert) => {
    if (alert.subject.includes("ledger")) throw new Error("SNS is down");
    await keep(alert);
  };
  await expect(sweep(T0 + 600, publish)).rejects.toThrow(
    "1 of 2 alerts could not be published; they stay due",
  );
  expect(reported).toEqual([2]);
  expect(pipeline.alerts).toHaveLength(1);
  expect((await findings.due("2100")).map(({ subject }) => subjectName(subject))).toEqual(["ledger-db"]);
});

test("a finding that came back while its alert went out is due again", async () => {
  const [record] = SEEN as [FindingRecord];
  await findings.alertSent(record.id, "2020-01-01T00:00:00Z");
  expect((await findings.due("2100")).map(({ id }) => id)).toContain(record.id);
});

/** Sources that fall silent in a telemetry folder. */
import { gzipSync } from "node:zlib";
import { lambdaFunction } from "../support/account";
import { gz, V2 } from "../support/flow-log";
import { folder, jsonLines, plumbline, removeFolders } from "../support/folder";
import { atHour, hours } from "../support/sources";
import { INVENTORY as ONE, plainPath, stamp, talk } from "../support/story";
import { asUser, trailRecord } from "../support/trail";

afterAll(removeFolders);

const INVENTORY = {
  ...ONE,
  "inventory/functions.json": {
    Functions: ["RDSQueryLogger", "Api"].map((name) => lambdaFunction(name, ["subnet-a"], ["sg-1"])),
  },
};
const LAST = 12 * 24 - 1;

const flowLogs = (told: readonly number[]) =>
  Object.fromEntries(told.map((hour) => [plainPath(atHour(hour)), gz(V2, talk("10.0.20.11", atHour(hour)))]));

const trail = (told: readonly number[]) =>
  Object.fromEntries(
    told.map((hour) => [
      `AWSLogs/111122223333/CloudTrail/us-east-1/2026/10/01/111122223333_CloudTrail_us-east-1_${stamp(atHour(hour + 1))}Z_abcd.json.gz`,
      gzipSync(
        JSON.stringify({
          Records: [trailRecord(atHour(hour) + 60, "DescribeInstances", { userIdentity: asUser("auditor") })],
        }),
      ),
    ]),
  );

const metrics = (told: readonly number[]) => ({
  "metrics/all.json": {
    MetricDataResults: [
      {
        Id: "m1",
        Label: "RDSQueryLogger Invocations",
        Timestamps: told.map((hour) => new Date(atHour(hour) * 1000).toISOString()),
        Values: told.map(() => 1),
      },
    ],
  },
});

/** Every source tells every three hours. */
const told = (from: number, to: number, isTold: (hour: number) => boolean = () => true) =>
  hours(from, to, (hour) => hour % 3 === 0 && isTold(hour));
const always = told(0, LAST);
/** Not for 30 hours from the tenth day on. */
const holed = told(0, LAST, (hour) => hour < 216 || hour >= 246);
const TYPE = "TelemetryStalled";
const stalls = (lines: Record<string, unknown>[]) => lines.filter(({ type }) => type === TYPE);

test("a hole in flow logs is one finding that has ended, the same from kept tables", async () => {
  const dir = folder({ ...INVENTORY, ...flowLogs(holed), ...trail(always), ...metrics(always) });
  const state = folder({});
  const first = jsonLines(await plumbline("replay", dir, "--json", "--state", state));
  expect(first).toMatchObject([
    {
      type: TYPE,
      entity: "account:111122223333:us-east-1",
      functionArn: null,
      functionName: null,
      candidates: [],
      severity: "medium",
      status: "resolved",
      endedAt: "2026-10-11T06:00:00Z",
      subject: { metric: "VPC Flow Logs" },
    },
  ]);
  const second = await plumbline("replay", dir, "--state", state, "--json");
  expect(jsonLines(second)).toEqual(first);
});

test("so it is of CloudTrail and of metrics", async () => {
  const files = { ...INVENTORY, ...flowLogs(always), ...trail(holed), ...metrics(holed) };
  const found = stalls(jsonLines(await plumbline("replay", folder(files), "--json")));
  expect(found.map(({ subject }) => (subject as { metric: string }).metric).sort()).toEqual([
    "CloudTrail",
    "CloudWatch metrics",
  ]);
});

test.each<[string, readonly number[], readonly number[], readonly number[]]>([
  ["whose sources end a day apart", told(0, LAST - 30), always, told(0, LAST - 24)],
  ["with flow logs of the last days only", told(LAST - 60, LAST), always, always],
  [
    "whose CloudTrail is quiet for a night",
    always,
    told(0, LAST, (hour) => hour < 216 || hour >= 237),
    always,
  ],
])("is quiet about a folder %s", async (_, flow, calls, used) => {
  const dir = folder({ ...INVENTORY, ...flowLogs(flow), ...trail(calls), ...metrics(used) });
  expect(stalls(jsonLines(await plumbline("replay", dir, "--json")))).toEqual([]);
});

test.each([
  ["VPC Flow Logs", told(0, LAST - 40), always, always],
  ["CloudTrail", always, told(0, LAST - 40), always],
  ["CloudWatch metrics", always, always, told(0, LAST - 40)],
])("%s that come no more while the others go on have stalled", async (name, flow, calls, used) => {
  const dir = folder({ ...INVENTORY, ...flowLogs(flow), ...trail(calls), ...metrics(used) });
  const found = stalls(jsonLines(await plumbline("replay", dir, "--json")));
  expect(found).toMatchObject([{ subject: { metric: name }, status: "open", endedAt: null }]);
});

test("where a source ends before the others, the report says so", async () => {
  const dir = folder({ ...INVENTORY, ...flowLogs(told(0, 48)), ...trail(told(0, 100)) });
  const { stdout } = await plumbline("replay", dir);
  expect(stdout).toContain("VPC Flow Logs: the last is of 2026-10-03T00:00:00Z, 2 days before the rest.");
  expect(stdout).not.toContain("CloudTrail: the last");
});

/** Much of what is allowed: large inventories, documents, metrics and events. Each is read whole, in bounded time. */
import { attributeEvents } from "../../../functions/core/attribution/act";
import { inventoryOf } from "../../../functions/core/attribution/inventory";
import { NO_NETWORKS } from "../../../functions/core/attribution/network";
import { reconcile } from "../../../functions/core/attribution/reconcile";
import { parseFunctions, parseInterfaces } from "../../../functions/core/attribution/snapshot";
import { usageOf } from "../../../functions/core/attribution/usage";
import { inSlots, mergeSeries, readMetricData } from "../../../functions/core/telemetry/metric-data";
import { readTrailDelivery, readTrailFile } from "../../../functions/core/telemetry/trail-file";
import { iso } from "../../../functions/core/time";
import { arnOf, lambdaFunction, lambdaInterface } from "../../support/account";
import { T0 } from "../../support/flow-log";
import { asFunction, asUser, call, change, tellDays, trailRecord } from "../../support/trail";
import { expectPrintable, expectThat } from "../invariants";
import type { Exhibit } from "./exhibit";

const ELSEWHERE = { accountId: "111122223333", region: "us-east-1" };

const account = (name: string, groupOf: (n: number) => string): Exhibit => ({
  name,
  seconds: 30,
  megabytes: 1_500,
  async run(scale) {
    const count = 100_000 * scale;
    const functions = parseFunctions({
      Functions: Array.from({ length: count }, (_, n) => lambdaFunction(`f${n}`, ["subnet-a"], [groupOf(n)])),
    });
    const groups = [...new Set(functions.items.map((_, n) => groupOf(n)))];
    const interfaces = parseInterfaces({
      NetworkInterfaces: groups.map((group, n) =>
        lambdaInterface(`eni-${n}`, `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, group),
      ),
    });
    const snapshot = { functions: functions.items, interfaces: interfaces.items };
    const items = reconcile([], snapshot, T0);
    expectThat(items.length === count + groups.length, `${items.length} items`);
    expectThat(reconcile(items, snapshot, T0 + 900).length === 0, "the same look again is a change");
    const largest = items.reduce((most, item) => Math.max(most, JSON.stringify(item).length), 0);
    expectThat(largest < 400_000, `an item of ${largest} characters, more than DynamoDB takes`);
    const inventory = inventoryOf(items);
    const record = trailRecord(T0, "PutRolePolicy", {
      eventSource: "iam.amazonaws.com",
      userIdentity: asUser(),
      requestParameters: { roleName: "f7" },
    });
    const { events } = readTrailFile(JSON.stringify({ Records: [record] }));
    const changed = attributeEvents(events, inventory, NO_NETWORKS).functions;
    expectThat(changed[0]?.entity.functionArn === arnOf("f7"), "the function of a role is not found");
    return `${functions.items.length} functions behind ${groups.length} interfaces, the largest item ${largest} bytes`;
  },
});

const NESTED = 5_000_000;
const nested = (what: string, read: (json: unknown) => unknown): Exhibit => ({
  name: `nesting: ${what}, ${NESTED / 1e6} million deep`,
  seconds: 30,
  megabytes: 1_500,
  async run(scale) {
    const depth = NESTED * scale;
    const read1 = read(JSON.parse(`${"[".repeat(depth)}${"]".repeat(depth)}`));
    expectPrintable(read1, what);
    return "read as what it is not";
  },
});

export const HEAPS: readonly Exhibit[] = [
  account("inventory: 100,000 functions, each with an interface", (n) => `sg-${n}`),
  account("inventory: 100,000 functions that share one interface", () => "sg-1"),
  nested("functions", (json) => parseFunctions({ Functions: [json, { FunctionArn: json }] })),
  nested("interfaces", (json) =>
    parseInterfaces({ NetworkInterfaces: [json, { NetworkInterfaceId: json }] }),
  ),
  nested("metrics", (json) => readMetricData({ MetricDataResults: [json, { Label: json, Values: json }] })),
  {
    name: "nesting: CloudTrail, 5 million deep",
    seconds: 30,
    megabytes: 1_500,
    async run(scale) {
      const deep = `${"[".repeat(NESTED * scale)}${"]".repeat(NESTED * scale)}`;
      const { coverage } = readTrailFile(
        `{"Records":[{"eventTime":"2026-10-01T00:00:00Z","eventSource":"a","eventName":"b","x":${deep}},${JSON.stringify(call(0, "s3", "ListBuckets"))}]}`,
      );
      expectThat(coverage.malformed === 1 && coverage.records === 2, JSON.stringify(coverage));
      return "1 record malformed, the other read";
    },
  },
  {
    name: "policy: a million statements",
    seconds: 20,
    megabytes: 1_000,
    async run(scale) {
      const statement = '{"Effect":"Allow","Action":"*"},';
      const document = `{"Statement":[${statement.repeat(1_000_000 * scale)}${statement.slice(0, -1)}]}`;
      const put = (policyDocument: string) =>
        change(
          9,
          "PutRolePolicy",
          { roleName: "RDSQueryLogger-role", policyName: "p", policyDocument },
          { eventSource: "iam.amazonaws.com", userIdentity: asUser() },
        );
      const quiet = Array.from({ length: 9 }, (_, day) => [call(day, "s3", "ListBuckets")]);
      const inventory = inventoryOf(
        reconcile(
          [],
          {
            functions: parseFunctions({
              Functions: [
                {
                  FunctionArn: arnOf("RDSQueryLogger"),
                  Role: "arn:aws:iam::111122223333:role/RDSQueryLogger-role",
                },
              ],
            }).items,
            interfaces: null,
          },
          0,
        ),
      );
      const { findings } = tellDays([...quiet, [put(document)]], { inventory });
      const told = [...findings.values()].flat();
      expectPrintable(told, "findings");
      expectThat(
        told.some(({ type }) => type === "RoleChange"),
        "the change is not found",
      );
      return `${(document.length / 1e6).toFixed(0)} MB; ${told.map(({ type, score }) => `${type} ${score}`).join(", ")}`;
    },
  },
  {
    name: "metrics: a file with a million points",
    seconds: 60,
    megabytes: 1_000,
    async run(scale) {
      const each = 200_000 * scale;
      const points = {
        Timestamps: Array.from({ length: each }, (_, i) => iso(T0 + i * 60)),
        Values: Array(each).fill(3),
      };
      const text = JSON.stringify({
        MetricDataResults: ["Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions"].map(
          (metric) => ({ Label: `f ${metric}`, ...points }),
        ),
      });
      const { series, unusable } = readMetricData(JSON.parse(text));
      const slots = mergeSeries(series).map(inSlots);
      const hours = Math.ceil((each * 60) / 3600);
      let seen = 0;
      for (let hour = 0; hour < hours; hour++) {
        for (const { usage } of usageOf(
          slots,
          T0 + hour * 3600,
          T0 + (hour + 1) * 3600,
          inventoryOf([]),
          ELSEWHERE,
        ))
          for (const one of usage) seen += one.points.length;
      }
      expectThat(unusable === 0 && seen > each / 5, `${seen} points of five minutes`);
      return `${(text.length / 1e6).toFixed(0)} MB, ${hours} hours, ${seen} points of five minutes`;
    },
  },
  {
    name: "CloudTrail: a hundred events of 1 MB, all of it one text each",
    seconds: 20,
    megabytes: 1_000,
    async run(scale) {
      const huge = "\u001b[31mx".repeat(150_000);
      const count = 100 * scale;
      const kept: object[] = [];
      for (let n = 0; n < count; n++) {
        const fields = {
          userAgent: huge,
          errorMessage: huge,
          requestParameters: { [huge]: huge },
          userIdentity: { ...asFunction(), userName: huge },
        };
        const { events } = readTrailDelivery(JSON.stringify({ detail: call(0, "s3", `Get${n}`, fields) }));
        for (const { request: _, ...event } of events) kept.push(event);
      }
      expectPrintable(kept, "events");
      const each = Math.round(JSON.stringify(kept).length / count);
      expectThat(kept.length === count && each < 5_000, `${each} characters are kept of each`);
      return `${count} events, ${each} characters kept of each`;
    },
  },
];

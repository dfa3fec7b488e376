import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bill } from "../../cost/bill";
import { cost, costCommand } from "../../cost/main";
import { OWN_METRICS } from "../../functions/adapters/aws/own-metrics";

/** What the command prints for its arguments; throws as it would fail. */
function run(...args: string[]): string {
  let printed = "";
  costCommand()
    .exitOverride()
    .configureOutput({ writeErr() {} })
    .action((options) => {
      printed = cost(options);
    })
    .parse(args, { from: "user" });
  return printed;
}
const json = (...args: string[]) => JSON.parse(run("--json", ...args)) as Bill;

function file(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "plumbline-prices-")), "prices.json");
  writeFileSync(path, content);
  return path;
}

test.each([
  [["--gb-per-day", "much"], "'much' is invalid. It must be a number, 0 or more, such as 12.5."],
  [["--functions", "-1"], "'-1' is invalid. It must be a number, 0 or more"],
  [["--events-per-day", ""], "is invalid. It must be a number, 0 or more"],
  [["--busy-percent", "101"], "It must be a number from 0 to 100."],
  [["--metrics-minutes", "7"], "metricsMinutes: must be 5, 10, 15, 20, 30 or 60"],
  [["--prices", "no-such-file.json"], "The prices in no-such-file.json cannot be read"],
  [["--prices", file("{")], "Give a JSON file such as"],
  [["--prices", file('{"lambda": 1}')], "must be an object whose keys are of flowLogDelivery"],
  [["--prices", file('{"alarm": "cheap"}')], "alarm: must be dollars a unit, or tiers such as"],
])("%j fails and says what to do", (args, message) => {
  expect(() => run(...args)).toThrow(message);
});

test("a hundred busy functions cost $14.40 for their metrics in CloudWatch", () => {
  const { lines } = json("--functions", "100");
  expect(lines.filter(({ price }) => price === "getMetricData")).toEqual([
    expect.objectContaining({ quantity: 1_440_000, dollars: 14.4, seen: "at AWS" }),
  ]);
});

test("what is deployed is read off the stack: alarms, keys, memory, schedules", () => {
  const { deployment } = json("--metrics-minutes", "15").situation;
  expect(deployment).toMatchObject({
    workers: { FlowLogs: { memoryMegabytes: 1024, timeoutSeconds: 300 } },
    queues: 3,
    keys: 1,
    tables: 3,
    dashboards: 1,
    customMetrics: Object.keys(OWN_METRICS).length,
    metricsMinutes: 15,
    sweepMinutes: 5,
  });
  expect(deployment.alarms).toBeGreaterThanOrEqual(12);
});

test("prices of another Region take the place of those that are named", () => {
  const { lines } = json(
    "--prices",
    file('{"kmsKey": 2, "alarm": [{"upTo": 5, "dollars": 1}, {"dollars": 0}]}'),
  );
  expect(lines.filter(({ item }) => item === "keys" || item === "alarms")).toEqual([
    expect.objectContaining({ item: "alarms", dollars: 5, seen: "as given" }),
    expect.objectContaining({ item: "keys", dollars: 2, seen: "as given" }),
  ]);
});

test("the telemetry itself stands apart, unconfirmed prices are marked, assumptions listed", () => {
  const text = run("--gb-per-day", "10");
  expect(text).toMatch(/You pay AWS for the telemetry itself[\s\S]*300 GB \*: 75\.00/);
  expect(text).toMatch(/GuardDuty for the same volume[\s\S]*300 GB \*: 300\.00/);
  expect(text).toContain("Assumed:\n  - A month has 30 days.");
  expect(text).toMatch(/\* Prices that are not confirmed, to be looked up: .*flowLogDelivery/);
});

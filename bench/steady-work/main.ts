/**
 * `npm run bench:work`: measures what `npm run cost` reckons with, and keeps it in `cost/measured-work.json`. Nothing that
 * is measured is new to Plumbline: what costs is what goes on every day.
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import type { MeasuredWork } from "../../cost/work";
import { measureTrail } from "./cloudtrail";
import { measureFlowLogDay, measureScan } from "./flow-logs";
import { measureInventory } from "./inventory";
import { measureMetrics } from "./metrics";

const FILE = join(__dirname, "../../cost/measured-work.json");

// The exact versions that are installed do run on Node 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

async function main(): Promise<void> {
  const work: MeasuredWork = {
    measuredOn: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}`,
    command: "npm run bench:work",
    scan: await told("scan", measureScan()),
    quietFlowLogs: await told(
      "quiet flow logs",
      measureFlowLogDay({ functions: 8, connections: 2, bytesOut: 3_000 }),
    ),
    sendingFlowLogs: await told(
      "flow logs of functions that send much",
      measureFlowLogDay({ functions: 4, connections: 2, bytesOut: 100_000 }),
    ),
    trail: await told("CloudTrail", measureTrail()),
    metrics: await told("metrics", measureMetrics()),
    inventory: await told("inventory", measureInventory(2_000)),
  };
  writeFileSync(FILE, `${JSON.stringify(work, (_, value) => rounded(value), 2)}\n`);
  console.log(`Written to ${FILE}. docs/cost.md holds what npm run cost says of it.`);
}

async function told<T>(name: string, measuring: Promise<T>): Promise<T> {
  const work = await measuring;
  console.log(
    name,
    JSON.stringify(work, (_, value) => rounded(value)),
  );
  return work;
}

/** Three digits: more were not measured. */
const rounded = (value: unknown) => (typeof value === "number" ? Number(value.toPrecision(3)) : value);

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

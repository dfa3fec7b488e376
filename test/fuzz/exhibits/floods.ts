/** A function that is no longer its owner's floods what is known of it, to hide what it does next. */

import { gzipSync } from "node:zlib";
import { findingStore } from "../../../functions/adapters/dynamodb/finding-store";
import type { FindingRecord } from "../../../functions/core/finding";
import { lambdaFunction, lambdaInterface, named, networkInterface } from "../../support/account";
import { DAY, ENI, OWN, T0 } from "../../support/flow-log";
import { type Pipeline, s3Event, startPipeline, trailEvent } from "../../support/pipeline";
import { call } from "../../support/trail";
import { expectThat } from "../invariants";
import type { Exhibit } from "./exhibit";

const FORMAT =
  "version interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action tcp-flags flow-direction log-status";
const OTHER_ENI = "eni-0a00000000000002b";
const OTHER_OWN = "10.0.1.22";
const FUNCTIONS = [
  lambdaFunction("Flooder", ["subnet-a"], ["sg-1"]),
  lambdaFunction("Neighbour", ["subnet-a"], ["sg-2"]),
];
const database = (n: number) =>
  networkInterface(`eni-db-${n}`, `10.0.20.${n}`, {
    ...named(`db-${n}`),
    Description: "RDSNetworkInterface",
  });
const INTERFACES = [
  lambdaInterface(ENI, OWN, "sg-1"),
  lambdaInterface(OTHER_ENI, OTHER_OWN, "sg-2"),
  ...[1, 2, 3, 4, 5].map(database),
];

/** A connection that is answered with data, or one that is not answered at all. */
function talk(to: string, port: number, at: number, answered = true, eni = ENI, own = OWN): string {
  const out = `7 ${eni} ${own} ${to} 40000 ${port} 6 ${answered ? 5 : 1} ${answered ? 900 : 60} ${at} ${at + 1} ACCEPT 2 egress OK`;
  return answered
    ? `${out}\n7 ${eni} ${to} ${own} ${port} 40000 6 5 4000 ${at} ${at + 1} ACCEPT 18 ingress OK`
    : out;
}

/** Public addresses, one after the other, each in a /24 of its own as long as there are such. */
const stranger = (n: number) => `${60 + Math.floor(n / 65_536)}.${(n >> 8) & 255}.${n & 255}.7`;

interface Story {
  readonly pipeline: Pipeline;
  deliver(lines: Iterable<string>): Promise<void>;
  findings(): Promise<FindingRecord[]>;
}

/** Ten days on which both functions talk to two databases. */
async function tenDays(): Promise<Story> {
  const pipeline = await startPipeline();
  await pipeline.sync(FUNCTIONS, INTERFACES);
  const handle = pipeline.worker();
  let serial = 0;
  async function deliver(lines: Iterable<string>): Promise<void> {
    const key = `AWSLogs/111122223333/vpcflowlogs/us-east-1/2026/10/11/${serial++}.log.gz`;
    pipeline.objects.set(key, gzipSync(`${[FORMAT, ...lines].join("\n")}\n`));
    const failed = await handle(s3Event([key]));
    expectThat(failed.length === 0, `a delivery failed: ${pipeline.errors}`);
    pipeline.objects.clear();
    pipeline.reports.length = 0;
  }
  for (let day = 0; day < 10; day++) {
    const at = T0 + day * DAY;
    await deliver(
      ["10.0.20.1", "10.0.20.2"].flatMap((to) => [
        talk(to, 5432, at),
        talk(to, 5432, at, true, OTHER_ENI, OTHER_OWN),
      ]),
    );
  }
  const findings = () =>
    findingStore(pipeline.database.client, pipeline.database.tables.findings, 365).list({ limit: 10_000 });
  return { pipeline, deliver, findings };
}

const typesOf = (findings: readonly FindingRecord[], name = "Flooder") => {
  const counts = new Map<string, number>();
  for (const { type, functionName } of findings)
    if (functionName === name) counts.set(type, (counts.get(type) ?? 0) + 1);
  return (
    [...counts]
      .map(([type, count]) => `${type} ${count}`)
      .sort()
      .join(", ") || "none"
  );
};

/** Delivers a flood on the eleventh day, then what every flood is to hide, and looks at what is known and told. */
const flood = (
  name: string,
  linesOf: (n: number, at: number) => string,
  total: number,
  perObject: number,
  hidden: (at: number) => string[],
): Exhibit => ({
  name,
  seconds: 120,
  megabytes: 900,
  async run(scale) {
    const { pipeline, deliver, findings } = await tenDays();
    try {
      const at = T0 + 10 * DAY;
      const count = Math.ceil(total * scale);
      for (let from = 0; from < count; from += perObject) {
        await deliver(
          Array.from({ length: Math.min(perObject, count - from) }, (_, i) =>
            linesOf(from + i, at + 60 + (i % 240)),
          ),
        );
      }
      const afterFlood = typesOf(await findings());
      expectThat(afterFlood !== "none", "the flood is no finding");
      // The habit goes on, and is nothing new; a database that was never asked is.
      await deliver(["10.0.20.1", "10.0.20.2"].map((to) => talk(to, 5432, at + 7200)));
      const known = (await findings()).filter(
        ({ subject }) => "peer" in subject && /db-[12] /.test(subject.peer),
      );
      expectThat(known.length === 0, `what was known is told of: ${known.map(({ title }) => title)}`);
      await deliver(hidden(at + 7300));
      await deliver([talk("10.0.20.3", 5432, at + 7300, true, OTHER_ENI, OTHER_OWN)]);
      const all = await findings();
      const internal = all.filter(({ type }) => type === "NewInternalPeer");
      for (const who of ["Flooder", "Neighbour"])
        expectThat(
          internal.some(({ functionName, title }) => functionName === who && title.includes("db-3")),
          `the new database of ${who} is not found: ${all
            .map(({ title }) => title)
            .join("; ")
            .slice(0, 500)}`,
        );
      return `${afterFlood}; afterwards NewInternalPeer ${internal.length}; ${pipeline.alerts.length} alerts`;
    } finally {
      await pipeline.stop();
    }
  },
});

const hidden = (at: number) => [talk("10.0.20.3", 5432, at)];
/** In the very object of the flood, at its end, and a neighbour's as well. */
const floodInOneObject: Exhibit = {
  name: "flood: 200,000 strangers in one object, which also holds what they hide",
  seconds: 60,
  megabytes: 900,
  async run(scale) {
    const { pipeline, deliver, findings } = await tenDays();
    try {
      const at = T0 + 10 * DAY;
      await deliver([
        ...Array.from({ length: 200_000 * scale }, (_, n) => talk(stranger(n), 443, at + 60 + (n % 200))),
        talk("10.0.20.3", 5432, at + 299),
        talk("10.0.20.4", 5432, at + 299, true, OTHER_ENI, OTHER_OWN),
      ]);
      const all = await findings();
      const told = `${typesOf(all)}; of the neighbour: ${typesOf(all, "Neighbour")}`;
      expectThat(
        all.some(({ title }) => title.includes("db-3")),
        `the flooder's new database is not found: ${told}`,
      );
      expectThat(
        all.some(({ title }) => title.includes("db-4")),
        `the neighbour's new database is not found: ${told}`,
      );
      return told;
    } finally {
      await pipeline.stop();
    }
  },
};

const calls = (
  name: string,
  total: number,
  of: (n: number) => [service: string, action: string],
): Exhibit => ({
  name,
  seconds: 400,
  megabytes: 900,
  async run(scale) {
    const pipeline = await startPipeline();
    try {
      const handle = pipeline.trailWorker();
      const habit = (day: number) => call(day, "secretsmanager", "GetSecretValue");
      for (let day = 0; day < 10; day++) await handle(trailEvent(habit(day)));
      const flood = Array.from({ length: total * scale }, (_, n) => call(10, ...of(n)));
      for (let from = 0; from < flood.length; from += 100) {
        const failed = await handle(trailEvent(...flood.slice(from, from + 100)));
        expectThat(failed.length === 0, `deliveries failed: ${pipeline.errors.slice(0, 1)}`);
      }
      const list = () =>
        findingStore(pipeline.database.client, pipeline.database.tables.findings, 365).list({
          limit: 10_000,
        });
      const before = await list();
      expectThat(before.length > 0, "the flood is no finding");
      await handle(trailEvent(habit(10), call(10, "iam", "CreateUser", { at: 9_000 })));
      const after = await list();
      expectThat(
        after.some(({ title }) => title.includes("CreateUser")),
        "what it was to hide is not found",
      );
      expectThat(!after.some(({ title }) => title.includes("GetSecretValue")), "the habit is told of");
      return `${typesOf(after, "RDSQueryLogger")}; ${pipeline.alerts.length} alerts`;
    } finally {
      await pipeline.stop();
    }
  },
});

export const FLOODS: readonly Exhibit[] = [
  flood(
    "flood: a million strangers that answer",
    (n, at) => talk(stranger(n), 443, at),
    1_000_000,
    100_000,
    hidden,
  ),
  flood(
    "flood: a million strangers that do not answer",
    (n, at) => talk(stranger(n), 443, at, false),
    1_000_000,
    100_000,
    hidden,
  ),
  flood(
    "flood: a million ports of known peers, closed",
    (n, at) => talk(`10.0.20.${1 + (n % 2)}`, 1 + (n % 65_000), at, false),
    1_000_000,
    100_000,
    hidden,
  ),
  flood(
    "flood: 65,000 addresses of the own network, closed",
    (n, at) => talk(`10.1.${n >> 8}.${n & 255}`, 5432, at, false),
    65_000,
    13_000,
    hidden,
  ),
  flood("flood: 600 strangers that answer", (n, at) => talk(stranger(n), 443, at), 600, 600, hidden),
  floodInOneObject,
  calls("flood: 20,000 names of calls of a known service", 20_000, (n) => ["secretsmanager", `Get${n}`]),
  calls("flood: 20,000 names of calls of other services", 20_000, (n) => [`service${n % 2_000}`, `Get${n}`]),
];

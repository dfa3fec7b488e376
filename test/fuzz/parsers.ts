/** Everything that reads what others wrote: it gives a result or a reason, both of which can be printed. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { App } from "aws-cdk-lib";
import fc from "fast-check";
import { mmdbNetworks } from "../../functions/adapters/networks/mmdb";
import { readFlowLog } from "../../functions/adapters/read-flow-log";
import { readTrailObject } from "../../functions/adapters/read-trail-file";
import { canonicalAddress, parseAddress, parseCidr } from "../../functions/core/address";
import { parseAwsRanges } from "../../functions/core/attribution/aws-ranges";
import { inventoryOf } from "../../functions/core/attribution/inventory";
import { reconcile } from "../../functions/core/attribution/reconcile";
import { parseFunctions, parseInterfaces } from "../../functions/core/attribution/snapshot";
import { detectionConfig, parseConfig } from "../../functions/core/config";
import type { FlowLogScan } from "../../functions/core/telemetry/flow-log";
import { flowLogTextScanner } from "../../functions/core/telemetry/flow-log-text";
import { inSlots, mergeSeries, readMetricData } from "../../functions/core/telemetry/metric-data";
import { kindOfObject } from "../../functions/core/telemetry/object-key";
import { parseS3Notification } from "../../functions/core/telemetry/s3-notification";
import { readTrailDelivery, readTrailFile, type TrailScan } from "../../functions/core/telemetry/trail-file";
import { cleanText } from "../../functions/core/text";
import { parseThreatLists } from "../../functions/core/threat-list";
import { configFromContext, parseProps } from "../../lib/config";
import { INTERFACES as LAMBDA_INTERFACES } from "../support/flow-log";
import { hostileText, mutatedBytes, mutatedJson, mutatedText } from "./hostile";
import { expectNamed, expectPrintable, expectThat, orNamed } from "./invariants";
import * as shapes from "./shapes";
import { type Target, target } from "./target";

const NOT_AFTER = 4_102_444_800;

/** An object that comes in pieces of `size` bytes. */
const objectOf = (bytes: Uint8Array, size: number) => ({
  open: async () =>
    (async function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    })(),
});
const sizes = fc.constantFrom(1, 7, 64, 100_000);

function expectSound({ flows, coverage, problem }: FlowLogScan): void {
  expectPrintable(problem, "problem");
  for (const count of Object.values(coverage))
    expectThat(Number.isSafeInteger(count) && count >= 0, `a count of ${count}`);
  for (const flow of flows) {
    expectPrintable(flow, "flow");
    const { firstSeen, lastSeen, bytesOut, bytesIn, port, protocol } = flow;
    for (const number of [firstSeen, lastSeen, bytesOut, bytesIn])
      expectThat(number >= 0 && number < 2 ** 80, `a number of ${number}`);
    expectThat(
      firstSeen <= NOT_AFTER && port >= -1 && port < 65_536 && protocol >= -1 && protocol < 256,
      `a flow of ${JSON.stringify(flow)}`,
    );
    expectThat(parseAddress(flow.address) !== null, `an address of ${flow.address}`);
  }
}

function expectTold({ events, coverage, problem }: TrailScan): void {
  expectPrintable(problem, "problem");
  expectThat(coverage.records >= events.length, "more events than records");
  // What was asked for or answered is read, and cleaned, only where it is used.
  for (const { request: _, response: __, additional: ___, ...event } of events)
    expectPrintable(event, "event");
}

const readObject =
  (key: string) =>
  async ([bytes, size]: [Uint8Array, number]) =>
    expectSound(
      await readFlowLog(objectOf(bytes, size), { bucket: "logs", key }, LAMBDA_INTERFACES, NOT_AFTER),
    );

const flowLogs = [
  target("flow log text", fc.tuple(mutatedText(...shapes.FLOW_LOG_TEXTS), sizes), ([text, size]) => {
    const bytes = Buffer.from(text);
    const scanner = flowLogTextScanner(LAMBDA_INTERFACES);
    for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, at + size));
    expectSound(scanner.end());
  }),
  target(
    "flow log object, gzip",
    fc.tuple(mutatedBytes(...shapes.FLOW_LOG_OBJECTS), sizes),
    readObject("a.log.gz"),
  ),
  target(
    "flow log object, Parquet",
    fc.tuple(mutatedBytes(...shapes.PARQUET_OBJECTS), sizes),
    readObject("a.log.parquet"),
  ),
];

const trail = [
  target("CloudTrail file", mutatedJson(...shapes.TRAIL_FILES), (text) => expectTold(readTrailFile(text))),
  target(
    "CloudTrail file, cut and spliced",
    mutatedText(...shapes.TRAIL_FILES.map((one) => JSON.stringify(one))),
    (text) => expectTold(readTrailFile(text)),
  ),
  target(
    "CloudTrail object, gzip",
    fc.tuple(mutatedBytes(gzipSync(JSON.stringify(shapes.TRAIL_FILES[1]))), sizes),
    async ([bytes, size]) =>
      expectTold(await readTrailObject(objectOf(bytes, size), { bucket: "logs", key: "a.json.gz" })),
  ),
  target("EventBridge event", mutatedJson(...shapes.TRAIL_EVENTS), (text) =>
    expectTold(readTrailDelivery(text)),
  ),
];

const inventory = [
  target(
    "functions and interfaces",
    fc.tuple(mutatedJson(...shapes.FUNCTION_LISTS), mutatedJson(...shapes.INTERFACE_LISTS)),
    ([one, other]) => {
      const functions = parseFunctions(JSON.parse(one));
      const interfaces = parseInterfaces(JSON.parse(other));
      const items = reconcile([], { functions: functions.items, interfaces: interfaces.items }, 1);
      expectPrintable([functions, interfaces, items], "inventory");
      expectThat(inventoryOf(items).functions.length === functions.items.length, "a function is lost");
      expectThat(
        reconcile(items, { functions: functions.items, interfaces: interfaces.items }, 2).length === 0,
        "the same look again is a change",
      );
    },
  ),
  target("AWS's ranges", mutatedJson(...shapes.IP_RANGES), (text) => {
    const read = orNamed(/ip-ranges\.json|none of its \d+ entries/, () => parseAwsRanges(JSON.parse(text)));
    if (read !== null) expectPrintable(read.ranges.blocks, "blocks");
  }),
];

const metrics = [
  target("metrics", mutatedJson(...shapes.METRICS), (text) => {
    const read = readMetricData(JSON.parse(text));
    expectPrintable(read, "metrics");
    for (const { points } of mergeSeries(read.series).map(inSlots))
      for (const [at, value] of points)
        expectThat(Number.isSafeInteger(at) && Number.isFinite(value), `a point of ${at}: ${value}`);
  }),
];

const texts = fc.oneof(hostileText, mutatedText(...shapes.OBJECT_KEYS));
const words = [
  target(
    "S3 notification",
    mutatedJson(...shapes.S3_NOTIFICATIONS),
    (text) => void orNamed(/^The message is no /, () => parseS3Notification(text)),
  ),
  target(
    "S3 notification, cut and spliced",
    mutatedText(...shapes.S3_NOTIFICATIONS.map((one) => JSON.stringify(one))),
    (text) => void orNamed(/^The message is no /, () => parseS3Notification(text)),
  ),
  target("object key", texts, kindOfObject),
  target(
    "address",
    fc.oneof(hostileText, mutatedText("10.0.0.1/8", "2001:db8::1/48", "::ffff:1.2.3.4")),
    (text) => {
      const canonical = canonicalAddress(text);
      expectThat(
        canonical === null || canonicalAddress(canonical) === canonical,
        `${canonical} is not canonical`,
      );
      parseCidr(text);
    },
  ),
  target("threat lists", fc.tuple(hostileText, mutatedText(...shapes.THREAT_LISTS)), ([name, text]) => {
    const lists = parseThreatLists([{ name, text }]);
    expectPrintable([lists.problems, lists.find("198.51.100.66"), lists.find("192.0.2.7")], "lists");
  }),
  target("text to print", fc.tuple(hostileText, fc.integer({ min: 1, max: 300 })), ([text, limit]) => {
    const clean = cleanText(text, limit);
    expectPrintable(clean, "text");
    expectThat(clean.length <= limit, `${clean.length} characters of ${limit}`);
  }),
];

const NAMED = /^The configuration in here cannot be used:\n/;
const settings = [
  target(
    "settings of detection",
    mutatedJson(...shapes.SETTINGS),
    (text) => void orNamed(NAMED, () => parseConfig(detectionConfig, JSON.parse(text), "here")),
  ),
  target(
    "props and context of the CDK app",
    mutatedJson(...shapes.PROPS),
    (text) => {
      const value = JSON.parse(text);
      orNamed(NAMED, () => parseProps(value, "here"));
      const { node } = new App({
        context: { plumbline: value, learningDays: value?.detection?.learningDays },
      });
      orNamed(/^The (configuration in here|context "plumbline") /, () =>
        parseProps(configFromContext(node), "here"),
      );
    },
    { most: 5_000, share: 0.3 },
  ),
];

const countries = require.resolve("@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb");
/** The directory of the database stands at its end: most changes are made there. */
const database = target(
  "database of networks",
  fc.array(fc.tuple(fc.boolean(), fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 20 }),
  (changes) => {
    const bytes = readFileSync(countries);
    for (const [isAnywhere, at, byte] of changes)
      bytes[isAnywhere ? at % bytes.length : bytes.length - 1 - (at % 300)] = byte;
    const dir = mkdtempSync(join(tmpdir(), "plumbline-fuzz-"));
    try {
      const file = join(dir, "a.mmdb");
      writeFileSync(file, bytes);
      const networks = mmdbNetworks(file);
      for (const address of ["8.8.8.8", "2600:1f14::1", "0.0.0.0", "255.255.255.255"]) {
        const parsed = parseAddress(address);
        if (parsed !== null) expectPrintable(networks.networkOf(parsed), "network");
      }
    } catch (error) {
      expectNamed(/^The network database .* cannot be used/, error);
    } finally {
      rmSync(dir, { recursive: true });
    }
  },
  { most: 5_000, share: 0.05 },
);

export const PARSERS: readonly Target[] = [
  ...flowLogs,
  ...trail,
  ...inventory,
  ...metrics,
  ...words,
  ...settings,
  database,
];

/** Objects that are small in the bucket and large in memory: decompression must not hold them, nor go on for ever. */
import { gzipSync } from "node:zlib";
import { readFlowLog } from "../../../functions/adapters/read-flow-log";
import { readTrailObject } from "../../../functions/adapters/read-trail-file";
import { readTrailDelivery } from "../../../functions/core/telemetry/trail-file";
import { gz, INTERFACES, T0, V2, v2 } from "../../support/flow-log";
import { parquet } from "../../support/parquet";
import { expectThat } from "../invariants";
import { type Exhibit, objectOf, repeated } from "./exhibit";

const MEGABYTE = 1_000_000;
const TEN_GB = 10_000;
const GOOD = gz(V2, v2({ to: "10.0.20.1", at: T0 }));

/** Members of gzip that follow each other are one stream: a hundred kilobytes, a hundred times, are 10 GB. */
const zeros = (megabytes: number) =>
  repeated(gzipSync(Buffer.alloc(100 * MEGABYTE)), Math.ceil(megabytes / 100));

const flowLog = (pieces: () => Iterable<Uint8Array>, key = "a.log.gz") =>
  readFlowLog(objectOf(pieces), { bucket: "logs", key }, INTERFACES, T0 + 86_400);

const told = (problem: { reason: string } | string | null) =>
  typeof problem === "string" ? problem : (problem?.reason ?? "no problem");

export const BOMBS: readonly Exhibit[] = [
  {
    name: "flow log: gzip of 10 GB of zeros",
    seconds: 5,
    megabytes: 300,
    async run(scale) {
      const { problem } = await flowLog(() => zeros(TEN_GB * scale));
      expectThat(problem !== null, "it is no problem");
      return told(problem);
    },
  },
  {
    name: "flow log: a good record, then gzip of 10 GB of zeros",
    seconds: 60,
    megabytes: 300,
    async run(scale) {
      const { flows, problem, coverage } = await flowLog(function* () {
        yield GOOD;
        yield* zeros(TEN_GB * scale);
      });
      expectThat(flows.length === 1, `${flows.length} flows`);
      expectThat(problem !== null || coverage.oversized === 1, "it is not told");
      return `1 flow kept; ${told(problem)}; ${coverage.oversized} line too long`;
    },
  },
  {
    name: "flow log: gzip of 10 GB of records of others",
    seconds: 60,
    megabytes: 300,
    async run(scale) {
      const line = `${v2({ eni: "eni-0b00000000000002b", to: "10.0.20.11", at: T0 })}\n`;
      const member = gzipSync(line.repeat(Math.ceil((10 * MEGABYTE) / line.length)));
      const { flows, problem, coverage } = await flowLog(function* () {
        yield GOOD;
        yield* repeated(member, (TEN_GB * scale) / 10);
      });
      expectThat(flows.length === 1, `${flows.length} flows`);
      return `1 flow kept, ${coverage.otherRecords} other records; ${told(problem)}`;
    },
  },
  {
    name: "flow log: a line of 1 GB without an end",
    seconds: 20,
    megabytes: 300,
    async run(scale) {
      const piece = Buffer.alloc(MEGABYTE, "x");
      const { flows, coverage } = await flowLog(function* () {
        yield Buffer.from(`${V2}\n${v2({ to: "10.0.20.1", at: T0 })}\n`);
        yield* repeated(piece, 1_000 * scale);
      }, "a.log");
      expectThat(flows.length === 1 && coverage.oversized === 1, JSON.stringify(coverage));
      return "1 flow kept, 1 line too long";
    },
  },
  {
    name: "flow log: Parquet, 200,000 rows in a few kB",
    seconds: 60,
    megabytes: 900,
    async run(scale) {
      const rows = Math.round(200_000 * scale);
      const line = v2({ to: "10.0.20.11", at: T0 });
      const bytes = parquet([V2, ...Array(rows).fill(line)], { codec: "GZIP", rowGroupSize: rows });
      const { flows, coverage } = await flowLog(() => [bytes], "a.log.parquet");
      expectThat(flows.length === 1 && coverage.records === rows, JSON.stringify(coverage));
      return `${Math.round(bytes.length / 1000)} kB, ${coverage.records} records, 1 flow`;
    },
  },
  {
    name: "CloudTrail: gzip of 10 GB of zeros",
    seconds: 5,
    megabytes: 1_000,
    async run(scale) {
      const { problem } = await readTrailObject(
        objectOf(() => zeros(TEN_GB * scale)),
        { bucket: "", key: "a.json.gz" },
      );
      expectThat(problem !== null, "it is no problem");
      return told(problem);
    },
  },
  ...["{}", '{"eventTime":"2026-10-01T00:00:00Z","eventSource":"a","eventName":"b"}'].map(
    (record): Exhibit => ({
      name: `CloudTrail: gzip of 10 GB of records ${record.slice(0, 20)}`,
      seconds: 60,
      megabytes: 1_000,
      async run(scale) {
        const member = gzipSync(`${record},`.repeat(Math.ceil((10 * MEGABYTE) / (record.length + 1))));
        const { problem, coverage } = await readTrailObject(
          objectOf(function* () {
            yield gzipSync('{"Records":[');
            yield* repeated(member, (TEN_GB * scale) / 10);
          }),
          { bucket: "", key: "a.json.gz" },
        );
        return `${coverage.records} records; ${told(problem)}`;
      },
    }),
  ),
  ...["{}", "[]", "[", '{"a":'].map(
    (part): Exhibit => ({
      name: `CloudTrail: a file as large as is read, all ${part}`,
      seconds: 30,
      megabytes: 1_500,
      async run() {
        const isDeep = part.length === 1 || part.endsWith(":");
        const text = isDeep ? part : `${part},`;
        const member = gzipSync(text.repeat(Math.floor((5 * MEGABYTE) / text.length)));
        const { problem } = await readTrailObject(
          objectOf(function* () {
            yield gzipSync('{"Records":[');
            yield* repeated(member, 51);
          }),
          { bucket: "", key: "a.json.gz" },
        );
        expectThat(problem !== null, "it is no problem");
        return told(problem);
      },
    }),
  ),
  {
    name: "CloudTrail: 7 million brackets, which are read",
    seconds: 30,
    megabytes: 1_500,
    async run(scale) {
      const text = `{"Records":[${"{},".repeat((7_000_000 * scale) / 2)}{}]}`;
      const { problem, coverage } = await readTrailObject(
        objectOf(() => [Buffer.from(text)]),
        { bucket: "", key: "a.json" },
      );
      expectThat(problem === null && coverage.malformed === coverage.records, told(problem));
      return `${coverage.records} records malformed`;
    },
  },
  {
    name: "EventBridge: 256 kB of nesting",
    seconds: 5,
    megabytes: 300,
    async run() {
      const { problem, coverage } = readTrailDelivery(
        `{"detail":${"[".repeat(128_000)}${"]".repeat(128_000)}}`,
      );
      expectThat(problem === null && coverage.malformed === 1, told(problem));
      return "1 record malformed";
    },
  },
];

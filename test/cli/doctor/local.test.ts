/** `plumbline doctor` on a folder of telemetry and on the tables of a replay. */
import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { lambdaFunction } from "../../support/account";
import { DAY, file, gz, T0, V2, v2 } from "../../support/flow-log";
import { folder, jsonLines, plumbline, removeFolders } from "../../support/folder";
import { FUNCTIONS, INVENTORY, plainPath, story } from "../../support/story";
import { asFunction, trailRecord } from "../../support/trail";

afterAll(removeFolders);

const LAST = T0 + 10 * DAY;
const DEFAULT_FORMAT = /The flow log fl-1 lacks tcp-flags \(.*\) and pkt-dst-aws-service \(/;
const WHOLE = `${V2} tcp-flags pkt-dst-aws-service`;
const trailPath = (at: number) =>
  `AWSLogs/111122223333/CloudTrail/us-east-1/2026/10/11/111122223333_CloudTrail_us-east-1_${new Date(at * 1000).toISOString().slice(0, 16).replaceAll(/[-:]/g, "")}Z_a.json`;
const call = (readOnly: boolean) =>
  trailRecord(LAST, readOnly ? "ListBuckets" : "CreateBucket", { readOnly, userIdentity: asFunction() });
const METRICS = {
  MetricDataResults: [
    {
      Id: "m0",
      Label: "RDSQueryLogger Invocations",
      Timestamps: [new Date(LAST * 1000).toISOString()],
      Values: [3],
    },
  ],
};

type Files = Record<string, string | Uint8Array | object>;
const REFERENCES: Files = {
  "threat-lists/own.txt": "198.51.100.7\n",
  "inventory/ip-ranges.json": {
    syncToken: "1",
    prefixes: [{ ip_prefix: "52.94.0.0/22", region: "us-east-1", service: "DYNAMODB" }],
    ipv6_prefixes: [],
  },
};
const SOURCES: Files = {
  ...story(),
  [plainPath(LAST)]: gz(WHOLE, `${v2({ eni: "eni-1", to: "10.0.20.13", at: LAST })} 2 -`),
  [trailPath(LAST)]: { Records: [call(true), call(false)] },
  "metrics/all.json": METRICS,
};
const COMPLETE: Files = { ...INVENTORY, ...REFERENCES, ...SOURCES };

async function remarks(files: Files, ...more: string[]) {
  const run = await plumbline("doctor", folder(files), "--json", ...more);
  return { ...run, lines: jsonLines(run).filter(({ mark }) => mark !== "ok") };
}

test("a folder with all that can be in it is found well, by what is in its newest objects", async () => {
  const { status, stdout, lines } = await remarks(COMPLETE);
  expect(lines).toEqual([]);
  expect(status).toBe(0);
  expect(stdout.split("\n").map((line) => line && JSON.parse(line).id)).toEqual([
    "flow-log-fields",
    "trail",
    "outside-vpc",
    "managed-instances",
    "shared-interfaces",
    "interface-permissions",
    "stalled-sources",
    "threat-lists",
    "aws-ranges",
    "",
  ]);
});

const without = (files: Files, pattern: RegExp): Files =>
  Object.fromEntries(Object.entries(files).filter(([name]) => !pattern.test(name)));

test.each<[string, Files, number, [string, string, RegExp][]]>([
  [
    "flow logs in the default format",
    { ...COMPLETE, ...story() },
    0,
    [["flow-log-fields", "warning", DEFAULT_FORMAT]],
  ],
  [
    "a format of Parquet that lacks bytes",
    {
      ...COMPLETE,
      [plainPath(LAST).replace(".log.gz", ".log.parquet")]: new Uint8Array(
        parquetWriteBuffer({
          columnData: WHOLE.split(" ")
            .filter((name) => name !== "bytes")
            .map((name) => ({ name: name.replaceAll("-", "_"), data: ["1"] })),
        }),
      ),
    },
    0,
    [["flow-log-fields", "warning", /fl-1 lacks bytes \(OutboundVolume is blind\)/]],
  ],
  [
    "a trail of writes only",
    { ...COMPLETE, [trailPath(LAST)]: { Records: Array.from({ length: 20 }, () => call(false)) } },
    0,
    [["trail", "warning", /the trail of this folder logs writes only/]],
  ],
  [
    "flow logs that end a day before the rest",
    {
      ...without(COMPLETE, /vpcflowlogs/),
      [plainPath(LAST - DAY)]: gz(WHOLE, `${v2({ eni: "eni-1", to: "10.0.20.13", at: LAST })} 2 -`),
    },
    3,
    [["stalled-sources", "problem", /Nothing came of flow logs since 2026-10-10/]],
  ],
  [
    "no CloudTrail and no metrics",
    without(COMPLETE, /CloudTrail|metrics/),
    0,
    [
      ["stalled-sources", "warning", /Nothing came of CloudTrail/],
      ["stalled-sources", "warning", /Nothing came of metrics/],
    ],
  ],
  [
    "a function that has no interface",
    {
      ...COMPLETE,
      "inventory/functions.json": {
        Functions: [...FUNCTIONS.Functions, lambdaFunction("Mailer", ["subnet-b"], ["sg-2"])],
      },
    },
    0,
    [["interface-permissions", "warning", /Mailer is set to run in a VPC and has no interface there\./]],
  ],
  [
    "no threat lists and no ranges of AWS",
    { ...INVENTORY, ...SOURCES },
    0,
    [
      ["threat-lists", "warning", /There are no threat lists/],
      ["aws-ranges", "warning", /ranges are not known/],
    ],
  ],
])("%s are remarked, and nothing else", async (_, files, status, expected) => {
  const run = await remarks(files);
  expect(run.lines.map(({ id, mark, says }) => [id, mark, says])).toEqual(
    expected.map(([id, mark, says]) => [id, mark, expect.stringMatching(says)]),
  );
  expect(run.status).toBe(status);
});

test("without an inventory what needs one could not be looked at, and what it takes is said", async () => {
  const { status, lines } = await remarks({
    ...without(COMPLETE, /functions|network-interfaces/),
    "inventory/functions.json": "{ not JSON",
  });
  expect(status).toBe(4);
  expect(new Set(lines.map(({ mark }) => mark))).toEqual(new Set(["unknown"]));
  expect(lines[0]?.says).toMatch(
    /it takes inventory\/functions\.json \(aws lambda .*\) and inventory\/network-interfaces\.json .*functions\.json: cannot be read as JSON/,
  );
});

test("a few events do not tell what a trail leaves out", async () => {
  const records = Array.from({ length: 19 }, () => call(false));
  expect((await remarks({ ...COMPLETE, [trailPath(LAST)]: { Records: records } })).lines).toEqual([]);
});

test("ranges that cannot be used are no ranges", async () => {
  const { status, lines } = await remarks({ ...COMPLETE, "inventory/ip-ranges.json": { prefixes: [] } });
  expect(status).toBe(4);
  expect(lines).toEqual([expect.objectContaining({ id: "aws-ranges", mark: "unknown" })]);
});

test("an object that is damaged is named, and no reason to stop", async () => {
  const damaged = gz(WHOLE, "x".repeat(5000)).subarray(0, 20);
  const { status, lines } = await remarks({ ...COMPLETE, [plainPath(LAST)]: damaged });
  expect(status).toBe(4);
  expect(lines).toEqual([
    expect.objectContaining({
      id: "flow-log-fields",
      mark: "unknown",
      says: expect.stringContaining("cannot be read"),
    }),
  ]);
});

test("a file's name cannot act on the terminal", async () => {
  const hostile = `AWSLogs/1/vpcflowlogs/\u001b[2J\u202e${"a".repeat(100)}.log`;
  const dir = folder({ ...COMPLETE, [hostile]: file("version interface-id") });
  const { stdout } = await plumbline("doctor", dir);
  expect(stdout).toContain("lacks srcaddr or pkt-srcaddr");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
});

test("the tables of a replay tell what they were made of", async () => {
  const dir = folder(COMPLETE);
  const state = join(folder({}), "state");
  const replay = await plumbline("replay", dir, "--state", state, "--json");
  expect(replay.stderr.match(/^!.*/gm)).toBeNull();
  expect(replay.status).toBe(0);
  const run = await plumbline("doctor", "--state", state, "--json");
  expect(jsonLines(run).map(({ id, mark }) => `${id} ${mark}`)).toEqual([
    "outside-vpc ok",
    "managed-instances ok",
    "shared-interfaces ok",
    "interface-permissions ok",
    "stalled-sources ok",
    "aws-ranges ok",
  ]);
  expect(run.status).toBe(0);
});

test("tables that heard of flow logs only say what is missing", async () => {
  const dir = folder({ ...INVENTORY, ...story() });
  const state = join(folder({}), "state");
  await plumbline("replay", dir, "--state", state, "--json");
  const run = await plumbline("doctor", "--state", state, "--json");
  expect(
    jsonLines(run)
      .filter(({ mark }) => mark !== "ok")
      .map(({ says }) => says),
  ).toEqual([
    expect.stringContaining("Nothing came of CloudTrail"),
    expect.stringContaining("Nothing came of metrics"),
    expect.stringContaining("ranges are not known"),
  ]);
});

test.each([
  [["nowhere"], /nowhere/],
  [["--state", "nowhere"], /nowhere holds no tables: plumbline replay DIR --state nowhere makes them/],
])("%j cannot be looked at, and the status is 1", async (args, message) => {
  const { status, stdout, stderr } = await plumbline("doctor", ...args);
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(message);
});

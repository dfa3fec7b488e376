import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startEmbeddedDynamoDb } from "../../cli/local/embedded-dynamodb";
import { lambdaFunction, lambdaInterface, named, networkInterface } from "../support/account";
import { DAY, file, gz, T0, V2, v2 } from "../support/flow-log";
import { folder, jsonLines, plumbline, removeFolders } from "../support/folder";

afterAll(removeFolders);

const FUNCTIONS = { Functions: [lambdaFunction("RDSQueryLogger", ["subnet-a"], ["sg-1"])] };
const INTERFACES = {
  NetworkInterfaces: [
    lambdaInterface("eni-1", "10.0.1.21", "sg-1"),
    networkInterface("eni-db", "10.0.20.13", { ...named("payroll-db"), Description: "RDSNetworkInterface" }),
  ],
};
const INVENTORY = { "inventory/functions.json": FUNCTIONS, "inventory/network-interfaces.json": INTERFACES };

const stamp = (at: number) => new Date(at * 1000).toISOString().slice(0, 16).replaceAll(/[-:]/g, "");
const flowLogName = (at: number, account = "111122223333") =>
  `${account}_vpcflowlogs_us-east-1_fl-1_${stamp(at)}Z_abcd.log.gz`;
const plainPath = (at: number) =>
  `AWSLogs/111122223333/vpcflowlogs/us-east-1/${new Date(at * 1000).toISOString().slice(0, 10).replaceAll("-", "/")}/${flowLogName(at)}`;

const talk = (to: string, at: number, eni = "eni-1", from = "10.0.1.21") => v2({ eni, from, to, at });

/** Days of one peer, then a day with a second one. */
function story(pathOf: (at: number) => string = plainPath, eni?: string): Record<string, Uint8Array> {
  const times = Array.from({ length: 10 }, (_, day) => T0 + day * DAY);
  const quiet = times.map((at) => [pathOf(at), gz(V2, talk("10.0.20.11", at + 60, eni))] as const);
  const last = T0 + 10 * DAY;
  return Object.fromEntries([...quiet, [pathOf(last), gz(V2, talk("10.0.20.13", last + 60, eni))]]);
}

test("the story of RDSQueryLogger, as JSON lines and nothing else on stdout", () => {
  const dir = folder({ ...INVENTORY, ...story() });
  const stub = join(__dirname, "../../cli/plumbline.cjs");
  const stdout = execFileSync(process.execPath, [stub, "replay", dir, "--json"], {
    encoding: "utf8",
    stdio: "pipe",
  });
  const lines = stdout.trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({
      type: "NewInternalPeer",
      functionName: "RDSQueryLogger",
      subject: expect.objectContaining({ peer: "payroll-db (RDS)" }),
      accountId: "111122223333",
      region: "us-east-1",
      evidence: [{ source: "flow-log", ref: plainPath(T0 + 10 * DAY), at: "2026-10-11T00:01:00Z", line: 2 }],
    }),
  ]);
});

test("in text: a table, the explanation, and what could be seen", async () => {
  const { status, stdout, stderr } = await plumbline("replay", folder({ ...INVENTORY, ...story() }));
  expect(status).toBe(0);
  expect(stdout).toMatch(/^1 finding\.\n/);
  expect(stdout).toContain("NewInternalPeer");
  expect(stdout.replaceAll("\n", " ")).toContain(
    "Its history since 2026-10-01 (10 days) has 1 internal peer: 10.0.20.11, the last new one 10 days ago.",
  );
  expect(stdout).toContain("11 flow log objects, 11 records, 11 records on Lambda interfaces.");
  expect(stderr).toBe("");
});

test.each<[string, (at: number) => string]>([
  [
    "an organization's layout",
    (at) => `AWSLogs/o-abc123/111122223333/vpcflowlogs/us-east-1/2026/10/01/${flowLogName(at)}`,
  ],
  ["a prefix", (at) => `net/flow/${plainPath(at)}`],
  [
    "Hive-style keys",
    (at) =>
      `AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=us-east-1/year=2026/month=10/day=01/${flowLogName(at)}`,
  ],
])("flow logs under %s are read in the order of time", async (_, pathOf) => {
  const run = await plumbline("replay", folder({ ...INVENTORY, ...story(pathOf) }), "--json");
  expect(jsonLines(run).map(({ type }) => type)).toEqual(["NewInternalPeer"]);
  expect(run.stderr).toContain("11 flow log objects");
});

test("plain files are read like compressed ones, and a name without a time is dated by its folder", async () => {
  const dir = folder({
    ...INVENTORY,
    "AWSLogs/1/vpcflowlogs/us-east-1/2026/10/01/a.log": file(V2, talk("10.0.20.11", T0)),
    "AWSLogs/1/vpcflowlogs/us-east-1/2026/10/09/0.log": file(V2, talk("10.0.20.13", T0 + 8 * DAY)),
  });
  expect(jsonLines(await plumbline("replay", dir, "--json"))).toHaveLength(1);
});

describe("a second replay with the same --state", () => {
  test("finds and alerts nothing new and leaves the tables as they were", async () => {
    const dir = folder({ ...INVENTORY, ...story() });
    const state = folder({});
    const first = await plumbline("replay", dir, "--state", state, "--json");
    const table = (await plumbline("findings", "list", "--state", state, "--json")).stdout;
    const second = await plumbline("replay", dir, "--state", state);
    expect(second.stdout).toMatch(/^1 finding, 1 of them known from before\.\n/);
    expect((await plumbline("findings", "list", "--state", state, "--json")).stdout).toBe(table);
    expect(table).toBe(first.stdout);
  });

  test("and findings are listed and shown from there", async () => {
    const state = folder({});
    await plumbline("replay", folder({ ...INVENTORY, ...story() }), "--state", state);
    const [finding] = jsonLines(await plumbline("findings", "list", "--state", state, "--json"));
    expect((await plumbline("findings", "--state", state)).stdout).toContain("payroll-db (RDS)");
    const shown = await plumbline("findings", "show", String(finding?.id), "--state", state);
    expect(shown.stdout).toContain("RDSQueryLogger talks to a new internal peer: payroll-db (RDS)");
    expect(await plumbline("findings", "list", "--state", state, "--status", "resolved")).toMatchObject({
      status: 0,
      stdout: "No findings.\n",
    });
    const none = await plumbline("findings", "show", "nothing", "--state", state);
    expect(none).toMatchObject({ status: 1, stderr: expect.stringContaining("There is no finding nothing") });
  });

  test("a finding that was muted or resolved stays so", async () => {
    const dir = folder({ ...INVENTORY, ...story() });
    const state = folder({});
    const [finding] = jsonLines(await plumbline("replay", dir, "--state", state, "--json"));
    for (const [command, status] of [
      ["mute", "muted"],
      ["open", "open"],
      ["resolve", "resolved"],
    ] as const) {
      expect((await plumbline("findings", command, String(finding?.id), "--state", state)).stdout).toContain(
        status,
      );
      const [again] = jsonLines(await plumbline("replay", dir, "--state", state, "--json"));
      expect(again).toEqual({ ...finding, status });
    }
    const none = await plumbline("findings", "mute", "nothing", "--state", state);
    expect(none).toMatchObject({ status: 1, stderr: "plumbline: There is no finding nothing\n" });
  });

  test("while another has it open says so", async () => {
    const state = folder({});
    const other = await startEmbeddedDynamoDb(state);
    try {
      const run = await plumbline("replay", folder(INVENTORY), "--state", state);
      expect(run.status).toBe(1);
      expect(run.stderr).toMatch(/cannot be opened: is another plumbline using them\?/);
    } finally {
      await other.stop();
    }
  });

  test("goes on where the first ended", async () => {
    const state = folder({});
    const all = Object.entries(story());
    const part = (some: typeof all) => folder({ ...INVENTORY, ...Object.fromEntries(some) });
    await plumbline("replay", part(all.slice(0, 10)), "--state", state);
    const run = await plumbline("replay", part(all.slice(10)), "--state", state, "--json");
    expect(jsonLines(run)).toHaveLength(1);
  });
});

describe("dated snapshots", () => {
  const later = "2026-10-06T00-00-00Z";
  const replaced = {
    NetworkInterfaces: [
      lambdaInterface("eni-2", "10.0.1.99", "sg-1"),
      ...INTERFACES.NetworkInterfaces.slice(1),
    ],
  };
  const both = { ...INVENTORY, [`inventory/${later}/network-interfaces.json`]: replaced };

  test("a log that names an interface that is gone since is still attributed", async () => {
    const run = await plumbline("replay", folder({ ...both, ...story() }), "--json");
    expect(jsonLines(run)).toEqual([
      expect.objectContaining({ attribution: "certain", functionName: "RDSQueryLogger" }),
    ]);
  });

  test("what was learned on the old interface holds on the new one", async () => {
    const early = Object.entries(story()).slice(0, 6);
    const at = T0 + 9 * DAY;
    const same = gz(V2, talk("10.0.20.11", at, "eni-2", "10.0.1.99"));
    const run = await plumbline(
      "replay",
      folder({ ...both, ...Object.fromEntries(early), [plainPath(at)]: same }),
    );
    expect(run.stdout).toMatch(/^No findings\./);
    expect(run.stdout).toContain("7 connections: 7 of a certain function");
  });

  test("a folder whose name is no time is named", async () => {
    const run = await plumbline(
      "replay",
      folder({ ...INVENTORY, ...story(), "inventory/old/functions.json": FUNCTIONS }),
    );
    expect(run.stdout).toContain("inventory/old/functions.json");
  });
});

test("several accounts and Regions are read, and each finding says where it belongs", async () => {
  const other = { FunctionArn: "arn:aws:lambda:eu-west-1:444455556666:function:Twin", FunctionName: "Twin" };
  const dir = folder({
    "inventory/functions.json": {
      Functions: [...FUNCTIONS.Functions, lambdaFunction("Twin", ["subnet-eu"], ["sg-eu"], other)],
    },
    "inventory/network-interfaces.json": {
      NetworkInterfaces: [
        ...INTERFACES.NetworkInterfaces,
        lambdaInterface("eni-eu", "10.0.1.21", "sg-eu", {
          OwnerId: "444455556666",
          AvailabilityZone: "eu-west-1b",
          SubnetId: "subnet-eu",
          VpcId: "vpc-eu",
        }),
      ],
    },
    ...story(),
    ...story(
      (at) => `AWSLogs/444455556666/vpcflowlogs/eu-west-1/2026/10/01/${flowLogName(at, "444455556666")}`,
      "eni-eu",
    ),
  });
  const found = jsonLines(await plumbline("replay", dir, "--json"));
  expect(
    found.map(({ accountId, region, functionName }) => [accountId, region, functionName]).sort(),
  ).toEqual([
    ["111122223333", "us-east-1", "RDSQueryLogger"],
    ["444455556666", "eu-west-1", "Twin"],
  ]);
});

describe("settings", () => {
  test("--learning-days", async () => {
    const dir = folder({ ...INVENTORY, ...story() });
    expect(jsonLines(await plumbline("replay", dir, "--json", "--learning-days", "11"))).toEqual([]);
  });

  test("--config", async () => {
    const dir = folder({ ...INVENTORY, ...story(), "c.json": { learningDays: 20 } });
    expect(jsonLines(await plumbline("replay", dir, "--json", "--config", join(dir, "c.json")))).toEqual([]);
  });

  test("--report writes a page that holds the findings, and nothing that came from telemetry as markup", async () => {
    const hostile = {
      ...INTERFACES.NetworkInterfaces[1],
      TagSet: [{ Key: "Name", Value: "<script>alert(1)</script>" }],
    };
    const dir = folder({
      ...INVENTORY,
      "inventory/network-interfaces.json": { NetworkInterfaces: [INTERFACES.NetworkInterfaces[0], hostile] },
      ...story(),
    });
    const page = join(folder({}), "report.html");
    await plumbline("replay", dir, "--report", page);
    const html = readFileSync(page, "utf8");
    expect(html).toContain("RDSQueryLogger talks to a new internal peer");
    expect(html).not.toContain("<script");
    expect(html).toContain("&#60;script&#62;");
  });
});

describe("the exit status", () => {
  const dir = () => folder({ ...INVENTORY, ...story() });
  test.each<[string, number, () => string[]]>([
    ["done, with findings", 0, () => ["replay", dir()]],
    ["findings as grave as asked for", 3, () => ["replay", dir(), "--fail-on", "medium"]],
    ["findings less grave", 0, () => ["replay", dir(), "--fail-on", "critical"]],
    ["an empty folder", 0, () => ["replay", folder({})]],
    ["no such folder", 1, () => ["replay", "/no/such/folder"]],
    [
      "a configuration that is no JSON",
      1,
      () => ["replay", dir(), "--config", join(folder({ c: "{" }), "c")],
    ],
    ["an unknown setting", 1, () => ["replay", dir(), "--config", join(folder({ c: { days: 1 } }), "c")]],
    ["a state without tables", 1, () => ["findings", "list", "--state", folder({})]],
    ["no folder named", 2, () => ["replay"]],
    ["an unknown option", 2, () => ["replay", "x", "--wat"]],
    ["an unknown command", 2, () => ["wat"]],
    ["an unknown severity", 2, () => ["replay", "x", "--fail-on", "horrible"]],
    ["days that are no number", 2, () => ["replay", "x", "--learning-days", "seven"]],
    ["help", 0, () => ["--help"]],
  ])("of %s is %d", async (_, status, args) => {
    const run = await plumbline(...args());
    expect(run.status).toBe(status);
    if (status === 1 || status === 2) expect(run.stderr).not.toBe("");
  });
});

describe("bad input is named, the rest is processed, and the exit status is 4", () => {
  const at = (day: number) => plainPath(T0 + day * DAY + 300);
  test.each<[string, Record<string, string | Uint8Array | object>, string, RegExp]>([
    [
      "unreadable gzip",
      { [at(3)]: Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 255, 255]) },
      at(3),
      /gzip data is damaged/,
    ],
    [
      "truncated gzip",
      { [at(3)]: gz(V2, ...Array(99).fill(talk("10.0.20.11", T0))).subarray(0, 90) },
      at(3),
      /damaged \(unexpected end/,
    ],
    ["an empty file", { [at(3)]: "" }, at(3), /it is empty/],
    ["binary rubbish", { [at(3)]: Buffer.from([7, 0, 255, 10, 1]) }, at(3), /no flow log header/],
    [
      "a line of 10 MB",
      { [at(3)]: gz(V2, "x".repeat(10_000_000), talk("10.0.20.11", T0)) },
      at(3),
      /1 line too long/,
    ],
    [
      "bogus lines",
      { [at(3)]: gz(V2, "a b c", "d", talk("10.0.20.11", T0)) },
      at(3),
      /2 lines that are no flow log record/,
    ],
    ["Parquet", { [at(3).replace(".log.gz", ".log.parquet")]: "PAR1" }, "log.parquet", /it is Parquet/],
    [
      "an interface without groups",
      {
        "inventory/2026-10-02T00-00-00Z/network-interfaces.json": {
          NetworkInterfaces: [
            ...INTERFACES.NetworkInterfaces,
            lambdaInterface("eni-9", "10.0.1.9", "x", { Groups: undefined }),
          ],
        },
      },
      "inventory/2026-10-02",
      /eni-9 has no security groups/,
    ],
    [
      "malformed JSON",
      { "inventory/2026-10-02T00-00-00Z/functions.json": "{" },
      "inventory/2026-10-02",
      /cannot be read as JSON/,
    ],
    [
      "JSON of another command",
      { "inventory/2026-10-02T00-00-00Z/functions.json": { Reservations: [] } },
      "inventory/2026-10-02",
      /"Functions" is no list/,
    ],
  ])("%s", async (_, bad, name, reason) => {
    const run = await plumbline("replay", folder({ ...INVENTORY, ...story(), ...bad }), "--json");
    expect(run.status).toBe(4);
    expect(run.stderr.replaceAll(/\n +/g, " ")).toMatch(reason);
    expect(run.stderr).toContain(name);
    expect(jsonLines(run).map(({ functionName }) => functionName)).toEqual(["RDSQueryLogger"]);
  });

  test("also where the first inventory is malformed: then nothing can be attributed, and that is said", async () => {
    const run = await plumbline("replay", folder({ "inventory/functions.json": "nope", ...story() }));
    expect(run.status).toBe(4);
    expect(run.stdout).toContain("inventory/functions.json: cannot be read as JSON");
  });
});

describe("what is missing or not used is said, and is no error", () => {
  const TGW =
    "version resource-type account-id tgw-id srcaddr dstaddr start end\n6 TransitGateway 1 tgw-1 1.1.1.1 2.2.2.2 1 2\n";
  test.each<[string, Record<string, string | Uint8Array | object>, RegExp]>([
    [
      "nothing at all",
      {},
      /No flow logs:.*No inventory\/functions\.json.*No inventory\/network-interfaces\.json/s,
    ],
    ["no inventory", story(), /11 records on interfaces that the inventory does not know as Lambda's/],
    ["no CloudTrail and no metrics", { ...INVENTORY, ...story() }, /No CloudTrail files.*No metrics/s],
    [
      "CloudTrail, which is not read yet",
      { ...story(), "AWSLogs/1/CloudTrail/us-east-1/2026/10/01/a.json.gz": "x" },
      /1 CloudTrail file not read/,
    ],
    [
      "a transit gateway's flow log",
      { ...INVENTORY, ...story(), [plainPath(T0 + 60)]: TGW },
      /1 object skipped: a transit gateway flow log/,
    ],
    [
      "a format without interface-id",
      { ...INVENTORY, [plainPath(T0)]: "srcaddr dstaddr start\n1.1.1.1 2.2.2.2 5\n" },
      /lacks interface-id/,
    ],
    [
      "SKIPDATA",
      { ...INVENTORY, [plainPath(T0)]: file(V2, `2 1 eni-1 - - - - - - - ${T0} ${T0} - SKIPDATA`) },
      /1 SKIPDATA record/,
    ],
    [
      "a function outside a VPC",
      {
        ...INVENTORY,
        "inventory/functions.json": { Functions: [lambdaFunction("Loner", [], [])] },
        ...story(),
      },
      /Outside a VPC, so without flow logs: Loner\./,
    ],
    [
      "an entity that still learns",
      { ...INVENTORY, [plainPath(T0)]: gz(V2, talk("10.0.20.11", T0)) },
      /Still learning, until 2026-10-08: RDSQueryLogger/,
    ],
    [
      "functions that share an interface",
      {
        ...INVENTORY,
        "inventory/functions.json": {
          Functions: [...FUNCTIONS.Functions, lambdaFunction("Twin", ["subnet-a"], ["sg-1"])],
        },
        ...story(),
      },
      /Share one interface.*RDSQueryLogger or Twin/,
    ],
    [
      "an interface of nobody",
      { ...INVENTORY, "inventory/functions.json": { Functions: [] }, ...story() },
      /No function has the subnet and security groups of the interfaces of group:vpc-1:sg-1/,
    ],
  ])("%s", async (_, files, note) => {
    const run = await plumbline("replay", folder(files));
    expect(run.status).toBe(0);
    expect(run.stdout.replaceAll(/\n +/g, " ")).toMatch(note);
  });

  test("an entity that keeps meeting new peers", async () => {
    const days = Array.from({ length: 9 }, (_, day) => T0 + day * DAY);
    const rotating = days.map((at, day) => [plainPath(at), gz(V2, talk(`203.0.113.${day}`, at))]);
    const run = await plumbline("replay", folder({ ...INVENTORY, ...Object.fromEntries(rotating) }));
    expect(run.stdout).toMatch(/^No findings\./);
    expect(run.stdout.replaceAll(/\n +/g, " ")).toContain(
      "Keeps meeting external peers that it never meets again, so new ones are not reported: RDSQueryLogger.",
    );
  });

  test("a wide entity", async () => {
    const many = Array.from({ length: 12 }, (_, i) => talk(`10.0.30.${i}`, T0));
    const dir = folder({ ...INVENTORY, [plainPath(T0)]: gz(V2, ...many), "c.json": { maxPeers: 10 } });
    const run = await plumbline("replay", dir, "--config", join(dir, "c.json"));
    expect(run.stdout.replaceAll(/\n +/g, " ")).toContain("Wide, with more than 10 peers");
  });
});

test("a name with terminal escapes reaches no terminal", async () => {
  const evil = {
    ...INTERFACES.NetworkInterfaces[1],
    TagSet: [{ Key: "Name", Value: "\u001b]0;owned\u0007\u001b[31mdb" }],
  };
  const dir = folder({
    ...INVENTORY,
    "inventory/network-interfaces.json": { NetworkInterfaces: [INTERFACES.NetworkInterfaces[0], evil] },
    ...story(),
  });
  const { stdout } = await plumbline("replay", dir, "--json");
  expect(JSON.parse(stdout).subject.peer).toBe("]0;owned  [31mdb (RDS)");
});

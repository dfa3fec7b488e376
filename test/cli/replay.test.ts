import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lambdaFunction, lambdaInterface } from "../support/account";
import { DAY, file, gz, T0, V2 } from "../support/flow-log";
import { folder, jsonLines, plumbline, removeFolders } from "../support/folder";
import { FUNCTIONS, flowLogName, INTERFACES, INVENTORY, plainPath, story, talk } from "../support/story";

afterAll(removeFolders);

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

/** What containment would have done, in a replay. */
import type { Containment } from "../../functions/core/containment/containment";
import { lambdaFunction, lambdaInterface } from "../support/account";
import { DAY, gz, T0, V2 } from "../support/flow-log";
import { folder, jsonLines, plumbline, removeFolders } from "../support/folder";
import { plainPath, talk } from "../support/story";

afterAll(removeFolders);

const LISTED = "203.0.113.7";
const inventory = {
  "inventory/functions.json": {
    Functions: ["Billing", "Reports"].map((name, i) => lambdaFunction(name, [`subnet-${i}`], [`sg-${i}`])),
  },
  "inventory/network-interfaces.json": {
    NetworkInterfaces: [
      lambdaInterface("eni-0", "10.0.0.10", "sg-0", { SubnetId: "subnet-0" }),
      lambdaInterface("eni-1", "10.0.1.10", "sg-1", { SubnetId: "subnet-1" }),
    ],
  },
};
const reports = (at: number) => talk(LISTED, at, "eni-1", "10.0.1.10");
const billing = (at: number) => talk(LISTED, at, "eni-0", "10.0.0.10");

/** A folder in which Billing, and maybe Reports before it, talks to what is on a list. */
const replayed = (lines: [number, string][], more: object = {}) =>
  folder({
    ...inventory,
    "threat-lists/list.txt": `${LISTED}\n`,
    ...Object.fromEntries(lines.map(([at, line]) => [plainPath(at), gz(V2, line)])),
    ...more,
  });

async function containments(dir: string, ...flags: string[]): Promise<(Containment | undefined)[]> {
  const run = await plumbline("replay", dir, "--json", ...flags);
  expect([run.status, run.stderr]).toEqual([0, expect.any(String)]);
  return jsonLines(run)
    .filter(({ type, functionName }) => type === "ThreatListPeer" && functionName === "Billing")
    .map(({ containment }) => containment as Containment | undefined);
}

test("a dry run says what would have been blocked, where, from when and until when", async () => {
  const dir = replayed([[T0, billing(T0 + 60)]]);
  expect(await containments(dir, "--contain", "dry-run")).toEqual([
    {
      mode: "dryRun",
      action: "networkAcl",
      target: `${LISTED}/32`,
      where: ["subnet-0"],
      from: "2026-10-01T00:00:00Z",
      until: "2026-10-02T00:00:00Z",
      blastRadius: [],
      refused: null,
    },
  ]);
});

test("without the option nothing is said of it", async () => {
  expect(await containments(replayed([[T0, billing(T0 + 60)]]))).toEqual([undefined]);
});

test("it says whom it would have hit, too, and that it would not have been done", async () => {
  const dir = replayed([
    [T0, reports(T0 + 60)],
    [T0 + DAY, billing(T0 + DAY + 60)],
  ]);
  const [containment] = await containments(dir, "--contain", "dry-run");
  expect(containment?.blastRadius).toMatchObject([{ functionName: "Reports", lastSeen: "2026-10-01" }]);
  expect(containment?.refused).toMatch(/1 other function talked to this destination/);
});

test("who talked to it more than 30 days ago is no longer hit", async () => {
  const dir = replayed([
    [T0, reports(T0 + 60)],
    [T0 + 31 * DAY, billing(T0 + 31 * DAY + 60)],
  ]);
  expect(await containments(dir, "--contain", "dry-run")).toMatchObject([{ blastRadius: [], refused: null }]);
});

test("the owner's settings count, and an enforcing one is a dry run here", async () => {
  const config = { containment: { mode: "enforce", ttlHours: 2, allowList: ["198.51.100.0/24"] } };
  const dir = replayed([[T0, billing(T0 + 60)]], { "config.json": config });
  expect(await containments(dir, "--contain", "dry-run", "--config", `${dir}/config.json`)).toMatchObject([
    { mode: "dryRun", until: "2026-10-01T02:00:00Z" },
  ]);
});

test("the text says it in words, and counts a finding once", async () => {
  const run = await plumbline("replay", replayed([[T0, billing(T0 + 60)]]), "--contain", "dry-run");
  expect(run.stdout).toMatch(/^1 finding\./);
  expect(run.stdout.replaceAll("\n", " ")).toContain(
    `Containment: dry run, would be a deny for ${LISTED}/32, in and out, in the network ACLs of subnet-0`,
  );
});

test("settings that cannot be used are refused by name", async () => {
  const dir = replayed([], { "config.json": { containment: { ttlHours: 0 } } });
  const run = await plumbline("replay", dir, "--contain", "dry-run", "--config", `${dir}/config.json`);
  expect([run.status, run.stderr]).toEqual([1, expect.stringMatching(/in "containment".*\n.*ttlHours/)]);
});

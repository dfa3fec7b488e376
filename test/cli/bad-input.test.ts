/** Input that cannot be read is named, and stops nothing. */
import { join } from "node:path";
import { lambdaInterface } from "../support/account";
import { DAY, gz, T0, V2 } from "../support/flow-log";
import { folder, jsonLines, plumbline, type Run, removeFolders } from "../support/folder";
import { INTERFACES, INVENTORY, plainPath, story, talk } from "../support/story";

afterAll(removeFolders);

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
    [
      "damaged Parquet",
      { [at(3).replace(".log.gz", ".log.parquet")]: "PAR1" },
      "log.parquet",
      /its Parquet data is damaged/,
    ],
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

test.each([
  ["of the next century", 4_000_000_000],
  ["of last century", 1],
])("a record %s unsettles nothing that was learned", async (_, time) => {
  const path = plainPath(T0 + 9 * DAY + 300);
  const strange = talk("10.0.20.11", T0).replaceAll(String(T0), String(time));
  const quiet = await plumbline("replay", folder({ ...INVENTORY, ...story() }), "--json");
  const run = await plumbline(
    "replay",
    folder({ ...INVENTORY, ...story(), [path]: gz(V2, strange) }),
    "--json",
  );
  const titles = (of: Run) => jsonLines(of).map(({ title }) => title);
  expect(titles(run)).toEqual(titles(quiet));
  expect(titles(run)).toHaveLength(1);
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

test("neither do names of files, what is quoted of them, or what an error quotes", async () => {
  const control = "\u001b]0;owned\u0007";
  const dir = folder({
    ...INVENTORY,
    ...story(),
    [`metrics/${control}.json`]: `${control}{`,
    [`inventory/${control}.json`]: "{}",
    [plainPath(T0).replace("abcd", control)]: `${control} no header`,
    [`AWSLogs/111122223333/CloudTrail/us-east-1/${control}.json`]: `{"${control}`,
    [`threat-lists/${control}.txt`]: `${control}\n`,
    "settings.json": { [control]: 1 },
  });
  const replayed = await plumbline("replay", dir);
  expect(replayed.status).toBe(4);
  expect(replayed.stdout).toContain("metrics/ ]0;owned .json");
  const refused = await plumbline("replay", dir, "--config", join(dir, "settings.json"));
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain('Unrecognized key: " ]0;owned');
  for (const { stdout, stderr } of [replayed, refused]) expect(stdout + stderr).not.toMatch(/[^\n\P{Cc}]/u);
});

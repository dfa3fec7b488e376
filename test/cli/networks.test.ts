/** Public peers in a replay: what stays the same when its address changes, and what the owner's lists condemn. */
import { join } from "node:path";
import { DAY, gz, T0, V2, v2 } from "../support/flow-log";
import { folder, jsonLines, plumbline, type Run, removeFolders } from "../support/folder";
import { INVENTORY, plainPath } from "../support/story";

afterAll(removeFolders);

const RANGES = {
  syncToken: "1790812800",
  prefixes: [
    ["52.216.0.0/15", "AMAZON"],
    ["52.216.0.0/15", "S3"],
    ["3.5.0.0/19", "EC2"],
    ["3.5.0.0/19", "S3"],
    ["54.144.0.0/14", "EC2"],
  ].map(([ip_prefix, service]) => ({ ip_prefix, service, region: "us-east-1" })),
  ipv6_prefixes: [],
};
const RANGES_FILE = { "inventory/ip-ranges.json": RANGES };

const talk = (to: string, at: number) => v2({ eni: "eni-1", from: "10.0.1.21", to, at, port: 443 });

/** Ten days on which each of these addresses is talked to, `DAY` in it replaced by the number of the day. */
function days(addresses: string[], last: string[]): Record<string, Uint8Array> {
  const of = (day: number, some: string[]) => {
    const at = T0 + day * DAY;
    return [
      plainPath(at),
      gz(V2, ...some.map((address) => talk(address.replace("DAY", String(day + 10)), at + 60))),
    ] as const;
  };
  return Object.fromEntries([...Array.from({ length: 10 }, (_, day) => of(day, addresses)), of(10, last)]);
}

const replay = (files: object, ...flags: string[]) =>
  plumbline("replay", folder({ ...INVENTORY, ...files }), "--json", ...flags);
const words = (run: Run) => jsonLines(run).map(({ title }) => title);

describe("after learning, addresses that rotate raise nothing", () => {
  test.each<[string, string[], string[]]>([
    ["of S3, by its published ranges", ["52.216.DAY.7", "3.5.1.DAY"], ["52.217.9.9", "3.5.30.200"]],
    ["of GitHub, by its network", ["140.82.112.DAY", "140.82.121.DAY"], ["140.82.114.3", "192.30.255.112"]],
    ["of a site without a network, by its block", ["203.0.113.DAY"], ["203.0.113.250"]],
  ])("%s", async (_, learned, last) => {
    const run = await replay({ ...RANGES_FILE, ...days(learned, last) });
    expect([run.status, words(run)]).toEqual([0, []]);
  });
});

describe("a new one is found, by network, number and country", () => {
  test.each<[string, string[], string[], string[]]>([
    [
      "network",
      ["140.82.112.DAY"],
      ["140.82.112.200", "185.220.101.34"],
      ["RDSQueryLogger talks to a new external peer: Stiftung Erneuerbare Freiheit (AS60729, DE)"],
    ],
    [
      "rented machine in a network full of known ones",
      ["45.77.31.9"],
      ["45.77.31.10"],
      ["RDSQueryLogger talks to a new external peer: 45.77.31.10, The Constant Company, LLC (AS20473, JP)"],
    ],
    [
      "machine in EC2",
      ["54.145.1.1"],
      ["54.145.1.2"],
      ["RDSQueryLogger talks to a new external peer: 54.145.1.2, Amazon.com, Inc. (AS16509, US)"],
    ],
    [
      "AWS service",
      ["140.82.112.DAY"],
      ["52.216.1.1"],
      ["RDSQueryLogger talks to a new external peer: AWS S3 (us-east-1)"],
    ],
  ])("%s", async (_, learned, last, expected) => {
    expect(words(await replay({ ...RANGES_FILE, ...days(learned, last) }))).toEqual(expected);
  });
});

describe("AWS's ranges", () => {
  const story = days(["52.216.DAY.7"], ["52.217.9.9"]);
  test("may come from a file elsewhere, or with a dated snapshot", async () => {
    const elsewhere = join(folder({ "ranges.json": RANGES }), "ranges.json");
    expect(words(await replay(story, "--ip-ranges", elsewhere))).toEqual([]);
    const dated = { "inventory/2026-10-05T00-00-00Z/ip-ranges.json": RANGES };
    const run = await replay({ ...story, ...dated });
    expect([run.status, words(run)]).toEqual([0, []]);
  });

  test("that are missing are said to be", async () => {
    const run = await replay(story);
    expect(run.stderr.replaceAll(/\n +/g, " ")).toContain("No inventory/ip-ranges.json");
  });

  test("in the folder that cannot be read are named, and the rest is done", async () => {
    const run = await replay({ ...story, "inventory/ip-ranges.json": "<html>" });
    expect(run.status).toBe(4);
    expect(run.stderr).toContain("! inventory/ip-ranges.json: ");
  });

  test("that were asked for and cannot be read stop the replay", async () => {
    const run = await replay(story, "--ip-ranges", join(folder({}), "nowhere.json"));
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/The ranges .*nowhere\.json cannot be used/);
  });
});

test("a database of one's own that is none stops the replay with words", async () => {
  const file = join(folder({ "own.mmdb": "no database" }), "own.mmdb");
  const run = await replay(days(["140.82.112.3"], []), "--network-db", file);
  expect(run.status).toBe(1);
  expect(run.stderr).toContain("must be an .mmdb file");
});

describe("threat lists", () => {
  const story = days(["140.82.112.3"], ["140.82.112.3"]);
  const first = { "threat-lists/botnets.txt": "# mine\n140.82.112.0/24\n0.0.0.0/0\n" };
  test("in the folder are used from the first minute, and what is refused is said", async () => {
    const run = await replay({ ...story, ...first });
    expect(run.status).toBe(0);
    expect(jsonLines(run)).toEqual([
      expect.objectContaining({
        type: "ThreatListPeer",
        severity: "high", // nothing comes back in this telemetry
        count: 11,
        firstSeen: "2026-10-01T00:01:00Z",
        explanation: expect.stringMatching(
          /GitHub, Inc\. \(AS36459, US\) at 140\.82\.112\.3.*threat list botnets\.txt: line 2 within 140\.82\.112\.0\/24/,
        ),
      }),
    ]);
    const notes = run.stderr.replaceAll(/\n +/g, " ");
    expect(notes).toContain("1 threat list with 1 entry");
    expect(notes).toMatch(
      /Refused in the threat list botnets\.txt, line 3: "0\.0\.0\.0\/0" holds more than a \/8/,
    );
  });

  test("may lie elsewhere", async () => {
    const dir = folder({ "tor/exits.txt": "140.82.112.3\n" });
    expect(words(await replay(story, "--threat-lists", dir))).toEqual([
      "RDSQueryLogger talks to a Tor exit: 140.82.112.3",
    ]);
    const run = await replay(story, "--threat-lists", join(dir, "nowhere"));
    expect([run.status, run.stderr]).toEqual([1, expect.stringContaining("cannot be read")]);
  });

  test("without a single entry are another file by mistake", async () => {
    const run = await replay({ ...story, "threat-lists/page.html": "<html>\n</html>\n" });
    expect(run.status).toBe(4);
    expect(run.stderr).toContain("none of their lines is an address");
  });
});

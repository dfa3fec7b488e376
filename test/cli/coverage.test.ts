/** What a replay could not see, it says. */
import { join } from "node:path";
import { lambdaFunction } from "../support/account";
import { DAY, file, gz, T0, V2 } from "../support/flow-log";
import { folder, plumbline, removeFolders } from "../support/folder";
import { FUNCTIONS, INVENTORY, plainPath, story, talk } from "../support/story";

afterAll(removeFolders);

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
      "CloudTrail without an inventory",
      { "AWSLogs/1/CloudTrail/us-east-1/2026/10/01/a.json": { Records: [] } },
      /1 CloudTrail file, 0 records.*only calls that AWS itself ties to a function are told apart/s,
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

  test("an entity that keeps meeting new peers: rented machines, which do not fold", async () => {
    const days = Array.from({ length: 9 }, (_, day) => T0 + day * DAY);
    const rotating = days.map((at, day) => [plainPath(at), gz(V2, talk(`45.77.31.${day}`, at))]);
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
    expect(run.stdout.replaceAll(/\n +/g, " ")).toContain(
      "Wide, with more than 10 peers, so new internal ones are not reported: RDSQueryLogger.",
    );
  });
});

import { createHash } from "node:crypto";
import { inventoryStore } from "../../functions/adapters/dynamodb/inventory-store";
import { type Address, parseAddress } from "../../functions/core/address";
import { parseAwsRanges } from "../../functions/core/attribution/aws-ranges";
import { arnOf, lambdaFunction, lambdaInterface } from "../support/account";
import { T0 } from "../support/flow-log";
import { type Pipeline, startPipeline } from "../support/pipeline";

const F = lambdaFunction("F", ["subnet-a"], ["sg-1"]);
const ENI = lambdaInterface("eni-1", "10.0.1.1", "sg-1");

let pipeline: Pipeline;
beforeEach(async () => {
  pipeline = await startPipeline();
});
afterEach(() => pipeline.stop());

const items = async () => (await pipeline.tables())["plumbline-inventory"] as Record<string, unknown>[];

test("a look is stored: the function, its interface, and whom the interface belongs to", async () => {
  await pipeline.sync([F], [ENI], T0);
  expect(await items()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: "function", key: `${arnOf("F")}@2026-10-01T00:00:00Z`, validTo: null }),
      expect.objectContaining({
        kind: "interface",
        interfaceId: "eni-1",
        candidates: [arnOf("F")],
        validFrom: T0,
      }),
      { kind: "sync", key: "last", at: T0, isWhole: true },
    ]),
  );
});

test("the same look again writes nothing", async () => {
  await pipeline.sync([F], [ENI], T0);
  const before = await items();
  await pipeline.sync([F], [ENI], T0 + 900);
  expect(await items()).toEqual(before);
});

test("an interface that is gone is closed, and goes by itself only after the retention", async () => {
  await pipeline.sync([F], [ENI], T0);
  await pipeline.sync([F], [], T0 + 900);
  const closed = (await items()).find(({ kind }) => kind === "interface");
  expect(closed).toMatchObject({ validTo: T0 + 900, expiresAt: T0 + 900 + 35 * 86_400 });
});

test("a look that is older than what is stored changes nothing", async () => {
  await pipeline.sync([F], [ENI], T0);
  const before = await items();
  await pipeline.sync([], [], T0 - 900);
  expect(await items()).toEqual(before);
});

test("a look that is overtaken by a later one closes nothing of what that one saw", async () => {
  const { client } = pipeline.database;
  const slow = Object.create(client);
  let isOvertaken = false;
  slow.send = async (command: { constructor: { name: string } }) => {
    if (!isOvertaken) {
      isOvertaken = true;
      await pipeline.sync([F], [ENI], T0 + 5);
    }
    return client.send(command as never);
  };
  await pipeline.sync([], [], T0, null, slow);
  expect((await items()).filter(({ validTo }) => typeof validTo === "number")).toEqual([]);
});

test("a look that ended before it said that it was whole is made whole by the next one, and reaches who is running", async () => {
  let now = T0 + 61;
  const { client, tables } = pipeline.database;
  const reader = inventoryStore(client, tables.inventory, 35, () => now);
  await pipeline.sync([F], [], T0);
  expect((await reader.current()).lambdaInterfaces.size).toBe(0);
  const killed = Object.create(client);
  killed.send = (command: { input: { Item?: { isWhole?: boolean } } }) =>
    command.input.Item?.isWhole ? Promise.reject(new Error("killed")) : client.send(command as never);
  await expect(pipeline.sync([F], [ENI], T0 + 100, null, killed)).rejects.toThrow("killed");

  now += 61;
  // Who knows the whole of the look before goes by that.
  expect((await reader.current()).lambdaInterfaces.size).toBe(0);
  await pipeline.sync([F], [ENI], T0 + 1000);
  now += 61;
  expect((await reader.current()).lambdaInterfaces.size).toBe(1);
});

test("a reader uses what it has for a minute, then asks whether there is more", async () => {
  let now = T0;
  let calls = 0;
  const client = Object.create(pipeline.database.client);
  client.send = (command: never) => {
    calls++;
    return pipeline.database.client.send(command);
  };
  const store = inventoryStore(client, pipeline.database.tables.inventory, 35, () => now);
  await pipeline.sync([F], [], T0);
  expect((await store.current()).lambdaInterfaces.size).toBe(0);
  await pipeline.sync([F], [ENI], T0 + 10);

  calls = 0;
  now = T0 + 30;
  expect((await store.current()).lambdaInterfaces.size).toBe(0);
  expect(calls).toBe(0);
  now = T0 + 61;
  expect((await store.current()).lambdaInterfaces.size).toBe(1);
  now = T0 + 122;
  calls = 0;
  await store.current();
  expect(calls).toBe(1);
});

describe("AWS's ranges", () => {
  const published = (syncToken: string, blocks = 1) => {
    const prefixes = Array.from({ length: blocks }, (_, i) => ({
      ip_prefix: `52.${200 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}/32`,
      // Nothing to compress away: what is to be stored shall need more than one item.
      service: `S${createHash("sha256").update(String(i)).digest("hex").toUpperCase().slice(0, 40)}`,
      region: "us-east-1",
    }));
    return parseAwsRanges({ syncToken, prefixes, ipv6_prefixes: [] });
  };
  const stored = async () =>
    (await items())
      .filter(({ key }) => String(key) === "aws-ranges" || /#/.test(String(key)))
      .map(({ data: _, ...item }) => item)
      .sort((a, b) => (String(a.kind) < String(b.kind) ? -1 : 1));
  const owner = async () => {
    const store = inventoryStore(pipeline.database.client, pipeline.database.tables.inventory, 35, () => T0);
    return (await store.current()).awsRanges.ownerOf(parseAddress("52.200.0.0") as Address);
  };

  test("are read once a day, stored, and used by whoever reads the inventory", async () => {
    const latest = jest.fn(async () => published("1"));
    await pipeline.sync([F], [ENI], T0, { latest });
    await pipeline.sync([F], [ENI], T0 + 86_399, { latest });
    expect(latest).toHaveBeenCalledTimes(1);
    expect(await owner()).toMatchObject({ region: "us-east-1" });
    await pipeline.sync([F], [ENI], T0 + 86_400, { latest });
    expect(latest).toHaveBeenCalledTimes(2);
    expect(await stored()).toEqual([
      { kind: "aws-ranges", key: "1#0" },
      { kind: "sync", key: "aws-ranges", syncToken: "1", chunks: 1, checkedAt: T0 + 86_400 },
    ]);
  });

  test("of a later publication take the place of the ones before, in as many items as they need", async () => {
    await pipeline.sync([F], [ENI], T0, { latest: async () => published("1", 20_000) });
    expect((await stored()).length).toBeGreaterThan(2);
    await pipeline.sync([F], [ENI], T0 + 86_400, { latest: async () => published("2") });
    expect(await stored()).toEqual([
      { kind: "aws-ranges", key: "2#0" },
      { kind: "sync", key: "aws-ranges", syncToken: "2", chunks: 1, checkedAt: T0 + 86_400 },
    ]);
    expect(await owner()).toMatchObject({ region: "us-east-1" });
  });

  test("that cannot be had leave what is stored, and the account is looked at all the same", async () => {
    await pipeline.sync([F], [], T0, { latest: async () => published("1") });
    await pipeline.sync([F], [ENI], T0 + 86_400, { latest: () => Promise.reject(new Error("no way out")) });
    expect(pipeline.warnings).toEqual([expect.stringContaining("address ranges could not be read")]);
    expect(await owner()).toMatchObject({ region: "us-east-1" });
    expect((await items()).some(({ interfaceId }) => interfaceId === "eni-1")).toBe(true);
  });
});

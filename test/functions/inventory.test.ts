import { inventoryStore } from "../../functions/adapters/dynamodb/inventory-store";
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
      { kind: "sync", key: "last", at: T0 },
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

import { type EmbeddedDynamoDb, startEmbeddedDynamoDb } from "../../../cli/local/embedded-dynamodb";
import { baselineStore } from "../../../functions/adapters/dynamodb/baseline-store";
import { blockStore } from "../../../functions/adapters/dynamodb/block-store";
import type { BlockStore } from "../../../functions/adapters/ports";
import { EMPTY_BASELINE } from "../../../functions/core/baseline/baseline";
import { seenOn } from "../../../functions/core/baseline/history";
import { confirmBlock, endBlock, orderBlock } from "../../../functions/core/containment/block";
import { HOUR } from "../../../functions/core/time";
import { T0 } from "../../support/flow-log";

let database: EmbeddedDynamoDb;
let blocks: BlockStore;
beforeAll(async () => {
  database = await startEmbeddedDynamoDb();
  blocks = blockStore(database.client, database.tables.blocks, 365);
});
afterAll(() => database.stop());

const order = { mode: "enforce", action: "networkAcl", resource: "acl-1", before: null } as const;
const asking = { by: "finding f", isPerson: false, finding: "f", at: T0, until: T0 + HOUR };
const block = (target: string) => orderBlock(null, { ...order, target }, asking);

test("a block comes back as it went, through all that becomes of it", async () => {
  const made = await blocks.change(block("a").id, () => block("a"));
  const ended = { by: "schedule", isPerson: false, why: "over" };
  const gone = confirmBlock(endBlock(made, T0 + HOUR, ended), T0 + HOUR);
  await blocks.change(made.id, (stored) =>
    confirmBlock(endBlock(stored as typeof made, T0 + HOUR, ended), T0 + HOUR),
  );
  expect(await blocks.all()).toEqual([gone]);
});

test("only one has the lease, until it gives it back or its time is over, and it gives back its own only", async () => {
  const first = await blocks.lease(T0);
  expect(await blocks.lease(T0 + 299)).toBeNull();
  const second = await blocks.lease(T0 + 301);
  expect(second).not.toBeNull();
  await first?.();
  expect(await blocks.lease(T0 + 302)).toBeNull();
  await second?.();
  expect(await blocks.lease(T0 + 303)).not.toBeNull();
  expect((await blocks.all()).map(({ id }) => id)).not.toContain("lease");
});

test("who talked to a peer, under any of its names, and when last; in any number", async () => {
  const baselines = baselineStore(database.client, database.tables.baselines, 35);
  const peer = (key: string, day: number) => ({
    facet: `PEER#${key}` as const,
    kind: "internet" as const,
    name: key,
    contact: seenOn(day),
    ports: {},
    manyPorts: false,
    interfaces: [],
    volume: { days: [], hours: [] } as never,
  });
  const save = (entity: string, key: string, day: number) =>
    baselines.save(entity, { merged: [peer(key, day)], dropped: [] }, EMPTY_BASELINE);
  await save("f1", "network/AS1", 20_000);
  await save("f1", "internet/203.0.113.7", 20_003);
  await save("f150", "internet/203.0.113.7", 20_001);
  await save("f2", "internet/198.51.100.1", 20_001);
  const entities = Array.from({ length: 200 }, (_, i) => `f${i}`);
  expect(await baselines.contacts(entities, ["network/AS1", "internet/203.0.113.7"])).toEqual(
    new Map([
      ["f1", 20_003],
      ["f150", 20_001],
    ]),
  );
  expect(await baselines.contacts([], ["network/AS1"])).toEqual(new Map());
});

import { type EmbeddedDynamoDb, startEmbeddedDynamoDb } from "../../../cli/local/embedded-dynamodb";
import { rememberedBaselines } from "../../../cli/local/remembered-baselines";
import { baselineStore } from "../../../functions/adapters/dynamodb/baseline-store";
import { absorb } from "../../../functions/core/baseline/absorb";
import { detectionConfig } from "../../../functions/core/config";
import { dayOf } from "../../../functions/core/time";
import { DAY, T0 } from "../../support/flow-log";
import { connection, type Talk } from "../../support/watch";

const config = { ...detectionConfig.parse({}), maxPeers: 10 };
let database: EmbeddedDynamoDb;
beforeAll(async () => {
  database = await startEmbeddedDynamoDb();
});
afterAll(() => database.stop());

test("what is remembered is what is stored, whatever is merged, dropped or forgotten", async () => {
  const store = baselineStore(database.client, database.tables.baselines, config.retentionDays);
  const remembered = rememberedBaselines(store, config.retentionDays);
  const crowd = Array.from({ length: 15 }, (_, i): Talk => ({ to: `host-${i}`, bytes: 200_000 }));
  const story: [number, Talk[]][] = [
    [0, [{ to: "z" }]],
    [1, crowd],
    [2, [{ to: "a" }, { to: "z", port: 22 }]],
    [60, [{ to: "b" }]],
  ];
  for (const [day, talks] of story) {
    const on = dayOf(T0 + day * DAY);
    await remembered.flush();
    const before = await remembered.load("entity", on);
    expect(before).toEqual(await store.load("entity", on));
    await remembered.save(
      "entity",
      absorb(
        before,
        talks.map((talk) => connection(day, talk)),
        config,
      ).changes,
      before,
    );
  }
});

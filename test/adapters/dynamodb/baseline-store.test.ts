import { type EmbeddedDynamoDb, startEmbeddedDynamoDb } from "../../../cli/local/embedded-dynamodb";
import { baselineStore } from "../../../functions/adapters/dynamodb/baseline-store";
import { EMPTY_BASELINE } from "../../../functions/core/baseline/baseline";
import type { Facet } from "../../../functions/core/baseline/facets";
import { dayOf } from "../../../functions/core/time";
import { T0 } from "../../support/flow-log";

let database: EmbeddedDynamoDb;
beforeAll(async () => {
  database = await startEmbeddedDynamoDb();
});
afterAll(() => database.stop());

test("for usage, lines and deploys are loaded, and no hours, peers or calls", async () => {
  const store = baselineStore(database.client, database.tables.baselines, 35);
  const day = dayOf(T0);
  const contact = { firstDay: day, days: [day] };
  const facets = [
    {
      facet: `AT#${new Date(T0 * 1000).toISOString().slice(0, 13)}`,
      hour: Math.floor(T0 / 3600),
      traces: {},
    },
    { facet: "CALL#s3", contact, actions: {} },
    { facet: "PEER#internal/db", contact, volume: {}, ports: {} },
    { facet: "PROFILE", activity: contact, volume: {}, wide: {} },
    { facet: "TRAIL", activity: contact },
    { facet: "USAGE#Duration", upTo: T0, since: T0, line: {}, episodes: [] },
    { facet: "USAGE#Invocations", upTo: T0, since: T0, line: {}, episodes: [] },
  ] as unknown as Facet[];
  await store.save("entity", { merged: facets, dropped: [] }, EMPTY_BASELINE);
  const { profile, peers, hours, calls, trail, usage } = await store.load("entity", day, "usage");
  expect({ profile, peers: peers.size, hours: hours.size, calls: calls.size }).toEqual({
    profile: null,
    peers: 0,
    hours: 0,
    calls: 0,
  });
  expect([...usage.keys()]).toEqual(["Duration", "Invocations"]);
  expect(trail).not.toBeNull();
  expect((await store.load("entity", day)).peers.size).toBe(1);
});

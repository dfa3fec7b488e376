import { type EmbeddedDynamoDb, startEmbeddedDynamoDb } from "../../../cli/local/embedded-dynamodb";
import { mergeItem } from "../../../functions/adapters/dynamodb/merge-item";

let database: EmbeddedDynamoDb;
beforeAll(async () => {
  database = await startEmbeddedDynamoDb();
});
afterAll(() => database.stop());

interface Bag {
  entity: string;
  facet: string;
  members: number[];
}

const add = (facet: string, member: number) =>
  mergeItem<Bag>(database.client, database.tables.baselines, { entity: "e", facet }, (stored) => ({
    entity: "e",
    facet,
    members: [...new Set([...(stored?.members ?? []), member])].sort((a, b) => a - b),
  }));

test("what many add at once is all there", async () => {
  await Promise.all(Array.from({ length: 12 }, (_, i) => add("busy", i)));
  expect((await add("busy", 0)).after.members).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

test("it tells what was and what is", async () => {
  expect(await add("told", 1)).toMatchObject({ before: null, after: { members: [1] } });
  expect(await add("told", 2)).toMatchObject({ before: { members: [1] }, after: { members: [1, 2] } });
});

test("a merge that changes nothing writes nothing", async () => {
  await add("same", 1);
  const client = Object.create(database.client);
  const sent: string[] = [];
  client.send = (command: { constructor: { name: string } }) => {
    sent.push(command.constructor.name);
    return database.client.send(command as never);
  };
  await mergeItem<Bag>(
    client,
    database.tables.baselines,
    { entity: "e", facet: "same" },
    (stored) => stored as Bag,
  );
  expect(sent).toEqual(["GetCommand"]);
});

test("whoever never wins gives up with an error that names the item", async () => {
  const steal = async () => {
    let member = 0;
    const client = Object.create(database.client);
    client.send = async (command: { constructor: { name: string } }) => {
      if (command.constructor.name === "PutCommand") await add("stolen", ++member);
      return database.client.send(command as never);
    };
    await mergeItem<Bag>(client, database.tables.baselines, { entity: "e", facet: "stolen" }, () => ({
      entity: "e",
      facet: "stolen",
      members: [-1],
    }));
  };
  await expect(steal()).rejects.toThrow(
    /item {"entity":"e","facet":"stolen"} was changed by others 25 times/,
  );
});

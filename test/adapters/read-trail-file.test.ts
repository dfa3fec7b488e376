import { gzipSync } from "node:zlib";
import { readTrailObject } from "../../functions/adapters/read-trail-file";
import { onDay, trailRecord } from "../support/trail";

const read = (...pieces: Uint8Array[]) =>
  readTrailObject(
    {
      open: async () =>
        (async function* () {
          yield* pieces;
        })(),
    },
    { bucket: "", key: "a.json.gz" },
  );

test("a file gives its events", async () => {
  const file = { Records: [trailRecord(onDay(0), "ListBuckets")] };
  expect(await read(gzipSync(JSON.stringify(file)))).toMatchObject({
    events: [{ action: "ListBuckets" }],
    problem: null,
  });
});

test.each([
  ["brackets", "["],
  ["empty objects", "{},"],
])("of a file that is made of %s no object is made", async (_, part) => {
  const bomb = gzipSync(part.repeat(1_000_000));
  const { problem, events } = await read(gzipSync('{"Records":['), ...Array(9).fill(bomb));
  expect(problem).toBe("it holds more than 8000000 values");
  expect(events).toEqual([]);
});

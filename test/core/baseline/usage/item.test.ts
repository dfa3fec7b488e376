import { count, countLine } from "../../../../functions/core/baseline/usage/counts";
import { decode, encode } from "../../../../functions/core/baseline/usage/item";
import { level, levelLine } from "../../../../functions/core/baseline/usage/levels";
import { failures, rateLine } from "../../../../functions/core/baseline/usage/rates";
import { duration, shiftLine } from "../../../../functions/core/baseline/usage/shift";
import { at, daily, noisy } from "../../../support/usage";

const values = noisy(daily(123_456), 12);

interface Kind {
  make(): object;
  feed(line: never, point: number): { score: number };
}

const KINDS: [string, Kind][] = [
  ["counts", { make: countLine, feed: (line, i) => count(line, at(i), values[i] as number) }],
  ["levels", { make: levelLine, feed: (line, i) => level(line, at(i), Math.sqrt(values[i] as number)) }],
  [
    "durations",
    { make: shiftLine, feed: (line, i) => duration(line, at(i), Math.sqrt(values[i] as number)) },
  ],
  [
    "failures",
    {
      make: rateLine,
      feed: (line, i) => failures(line, at(i), (values[i] as number) % 97, values[i] as number),
    },
  ],
];

describe.each(KINDS)("the item of a line of %s", (_, { make, feed }) => {
  const line = make();
  const half = values.length - 500;
  for (let i = 0; i < half; i++) feed(line as never, i);
  const item = encode(line);

  test("has less than 4 KB", () => {
    expect(Buffer.byteLength(JSON.stringify(item))).toBeLessThan(4096);
  });

  test("goes through JSON, and the line that is read has the same future", () => {
    const read = decode(make(), JSON.parse(JSON.stringify(item)));
    expect(read).toEqual(line);
    const went = structuredClone(line);
    for (let i = half; i < values.length; i++) {
      expect(feed(read as never, i)).toEqual(feed(went as never, i));
    }
    expect(read).toEqual(went);
  });

  test("twice the same points, or late ones, change nothing but how many were refused", () => {
    const read = decode(make(), item) as { refused?: number; order?: { refused: number } };
    for (let i = half - 300; i < half; i++) feed(read as never, i);
    expect((read.order ?? read).refused).toBe(300);
    Object.assign(read.order ?? read, { refused: 0 });
    // A reading is what is said of the last point: nothing of a refused one.
    expect({ ...read, reading: null }).toEqual({ ...line, reading: null });
  });

  test.each<[string, unknown]>([
    ["none", undefined],
    ["a text", "item"],
    ["one without its parts", {}],
    ["one of another line", encode({ order: 1 })],
    ["one whose array was cut off", { ...item, ...firstText(item, (text) => text.slice(0, 40)) }],
    [
      "one whose array holds what is no number",
      { ...item, ...firstText(item, (text) => text.replace(/./g, "/")) },
    ],
  ])("is refused if it is %s", (_name, damaged) => {
    expect(decode(make(), damaged)).toBeNull();
  });
});

/** The first array of an item, changed. */
function firstText(item: object, change: (text: string) => string): object {
  for (const [name, value] of Object.entries(item)) {
    if (typeof value === "string") return { [name]: change(value) };
  }
  throw new Error("An item has an array");
}

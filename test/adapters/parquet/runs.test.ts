import fc from "fast-check";
import { readRuns } from "../../../functions/adapters/parquet/runs";

function read(bytes: number[], bits: number, count: number): number[] {
  const into = new Int32Array(count);
  const slice = { bytes: Uint8Array.from(bytes), from: 0, to: bytes.length };
  readRuns({ ...slice, count, bits, limit: 2 ** 24 }, null, into);
  return [...into];
}

describe("runs give the values that they hold", () => {
  test.each<[string, number[], number, number[]]>([
    ["one value, repeated", [4 << 1, 5], 3, [5, 5, 5, 5]],
    ["a repeated value of two bytes", [2 << 1, 0x34, 0x02], 10, [0x234, 0x234]],
    // The example of the format's specification: 0 to 7, three bits each.
    [
      "a group of eight, packed",
      [(1 << 1) | 1, 0b10001000, 0b11000110, 0b11111010],
      3,
      [0, 1, 2, 3, 4, 5, 6, 7],
    ],
    ["a last group that is not full", [(1 << 1) | 1, 0b101], 1, [1, 0, 1]],
    ["packed, then repeated", [(1 << 1) | 1, 0xff, 2 << 1, 0], 1, [1, 1, 1, 1, 1, 1, 1, 1, 0, 0]],
    ["a length of two bytes", [0x80 | 72, 2, 1], 1, new Array(164).fill(1)],
    ["no bits at all: all are zero", [], 0, [0, 0, 0]],
  ])("%s", (_, bytes, bits, values) => {
    expect(read(bytes, bits, values.length)).toEqual(values);
  });
});

test("those at some places are the same as among all", () => {
  const bits = fc.integer({ min: 1, max: 20 });
  const groups = fc.integer({ min: 1, max: 6 });
  fc.assert(
    fc.property(
      bits,
      groups,
      fc.infiniteStream(fc.nat(255)),
      fc.array(fc.integer({ min: -1, max: 55 })),
      (width, eights, noise, some) => {
        const packed = [...noise.take(eights * width)];
        const bytes = [(eights << 1) | 1, ...packed, 8 << 1, 1, ...new Array((width - 1) >> 3).fill(0)];
        const all = new Int32Array(eights * 8 + 8);
        const runs = {
          bytes: Uint8Array.from(bytes),
          from: 0,
          to: bytes.length,
          count: all.length,
          bits: width,
          limit: 2 ** 24,
        };
        readRuns(runs, null, all);
        const places = Int32Array.from([...new Set(some)].filter((place) => place < all.length)).sort();
        const picked = new Int32Array(places.length);
        readRuns(runs, places, picked);
        for (const [i, place] of places.entries()) if (place >= 0) expect(picked[i]).toBe(all[place]);
      },
    ),
  );
});

describe("runs that cannot be true are errors", () => {
  test.each<[string, number[], number, number]>([
    ["longer than what was asked for", [5 << 1, 1], 1, 4],
    ["of two thousand million", [0xfe, 0xff, 0xff, 0xff, 0x0f, 1], 1, 4],
    ["of nothing", [0, 1, 0, 1], 1, 4],
    ["packed, but cut", [(1 << 1) | 1, 0xff], 3, 8],
    ["with a length that does not end", [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1], 1, 4],
    ["missing", [], 1, 1],
    ["of more bits than an index has", [2, 1, 1, 1, 1], 32, 1],
  ])("%s", (_, bytes, bits, count) => {
    expect(() => read(bytes, bits, count)).toThrow(RangeError);
  });

  test.each<[string, number[], number]>([
    ["repeated", [1 << 1, 5], 3],
    ["packed", [(1 << 1) | 1, 5, 0, 0], 3],
    ["of no bits", [], 0],
  ])("%s, beyond the dictionary", (_, bytes, bits) => {
    const runs = { bytes: Uint8Array.from(bytes), from: 0, to: bytes.length, count: 1, bits };
    const beyond = () => readRuns({ ...runs, limit: bits === 0 ? 0 : 5 }, null, new Int32Array(1));
    expect(beyond).toThrow(RangeError);
  });
});

import { readRuns } from "../../../functions/adapters/parquet/runs";

function read(bytes: number[], bits: number, count: number): number[] {
  const into = new Int32Array(count);
  readRuns({ bytes: Uint8Array.from(bytes), from: 0, to: bytes.length }, bits, into, 0, count);
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
});

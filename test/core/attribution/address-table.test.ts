import fc from "fast-check";
import { type Address, parseAddress, parseCidr } from "../../../functions/core/address";
import { addressTableBuilder, NONE, valueAt } from "../../../functions/core/attribution/address-table";

/** A table of CIDR blocks and `a-b` ranges; each one's value is its place in the list. */
function tableOf(...ranges: string[]) {
  const builder = addressTableBuilder();
  for (const [value, text] of ranges.entries()) {
    const [from, to] = text.split("-");
    const { first, prefix } = parseCidr(from as string) as { first: Address; prefix: number };
    const bits = first.family === 4 ? 32 : 128;
    const last = to === undefined ? first.value + (1n << BigInt(bits - prefix)) - 1n : at(to).value;
    if (first.family === 4) builder.addIpv4(Number(first.value), Number(last), value);
    else builder.addIpv6(first.value, last, value);
  }
  return builder.build();
}
const at = (text: string) => parseAddress(text) as Address;

test.each<[string, string[], Record<string, number>]>([
  ["an empty table", [], { "1.2.3.4": NONE, "2001:db8::1": NONE }],
  ["a single address", ["1.2.3.4"], { "1.2.3.3": NONE, "1.2.3.4": 0, "1.2.3.5": NONE }],
  [
    "both ends of a block",
    ["10.0.0.0/8"],
    { "9.255.255.255": NONE, "10.0.0.0": 0, "10.255.255.255": 0, "11.0.0.0": NONE },
  ],
  [
    "the most specific of nested blocks",
    ["1.0.0.0/8", "1.2.0.0/16", "1.2.3.0/24"],
    { "1.1.0.0": 0, "1.2.0.0": 1, "1.2.3.255": 2, "1.2.4.0": 1, "1.3.0.0": 0, "2.0.0.0": NONE },
  ],
  [
    "nested blocks that begin or end together",
    ["1.0.0.0/8", "1.0.0.0/24", "1.255.255.0/24"],
    { "1.0.0.9": 1, "1.0.1.0": 0, "1.255.255.255": 2, "2.0.0.0": NONE },
  ],
  [
    "ranges that overlap in part: the later one",
    ["1.0.0.0-1.0.0.10", "1.0.0.5-1.0.0.15"],
    { "1.0.0.4": 0, "1.0.0.5": 1, "1.0.0.15": 1, "1.0.0.16": NONE },
  ],
  ["the first of equal ranges", ["1.2.3.0/24", "1.2.3.0/24"], { "1.2.3.4": 0 }],
  ["neighbours", ["1.0.0.0/24", "1.0.1.0/24"], { "1.0.0.255": 0, "1.0.1.0": 1 }],
  [
    "the last address there is",
    ["255.255.255.255", "ffff::/16"],
    { "255.255.255.255": 0, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff": 1 },
  ],
  ["everything", ["0.0.0.0/0", "::/0"], { "0.0.0.0": 0, "255.255.255.255": 0, "::": 1, "ffff::": 1 }],
  [
    "IPv6 by each of its words",
    ["2001:db8::/32", "2001:db8:0:0:8000::/65", "2001:db8::1"],
    { "2001:db8::1": 2, "2001:db8::2": 0, "2001:db8::8000:0:0:0": 1, "2001:db9::": NONE },
  ],
])("finds %s", (_, ranges, expected) => {
  const { table } = tableOf(...ranges);
  const found = Object.fromEntries(Object.keys(expected).map((text) => [text, valueAt(table, at(text))]));
  expect(found).toEqual(expected);
});

test("counts what is there twice and what lies in another range", () => {
  expect(tableOf("1.0.0.0/8", "1.2.3.0/24", "1.2.3.0/24", "1.2.3.4", "9.9.9.9")).toMatchObject({
    duplicates: 1,
    overlapping: 2,
  });
});

test("what is no range is none", () => {
  const builder = addressTableBuilder();
  builder.addIpv4(9, 5, 0);
  builder.addIpv4(5, 2 ** 32, 1);
  builder.addIpv4(-1, 5, 2);
  builder.addIpv6(9n, 5n, 3);
  builder.addIpv6(5n, 1n << 128n, 4);
  expect(builder.build().table).toMatchObject({
    v4: { starts: { length: 0 } },
    v6: { starts: { length: 0 } },
  });
});

test("agrees with looking at every range in turn, for any nested blocks", () => {
  const block = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 24, max: 32 }));
  fc.assert(
    fc.property(fc.array(block, { maxLength: 20 }), fc.integer({ min: 0, max: 255 }), (blocks, host) => {
      const { table } = tableOf(...blocks.map(([from, prefix]) => `192.0.2.${from}/${prefix}`));
      let best: { prefix: number; value: number } = { prefix: -1, value: NONE };
      for (const [value, [from, prefix]] of blocks.entries()) {
        if (from >> (32 - prefix) === host >> (32 - prefix) && prefix > best.prefix) best = { prefix, value };
      }
      expect(valueAt(table, at(`192.0.2.${host}`))).toBe(best.value);
    }),
  );
});

import fc from "fast-check";
import {
  type Address,
  canonicalAddress,
  contains,
  formatAddress,
  isPrivate,
  parseAddress,
  parseCidr,
  plainAddress,
} from "../../functions/core/address";

test.each([
  ["10.0.1.21", "10.0.1.21"],
  ["0.0.0.0", "0.0.0.0"],
  ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["::", "::"],
  ["::1", "::1"],
  ["1::", "1::"],
  ["::ffff:10.1.2.3", "::ffff:a01:203"],
  ["2001:db8:1234:a100:8d6e:3477:df66:f105", "2001:db8:1234:a100:8d6e:3477:df66:f105"],
  ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
])("%s is the address %s", (text, canonical) => {
  expect(canonicalAddress(text)).toBe(canonical);
});

test.each([
  "",
  "-",
  "10.0.1",
  "10.0.1.256",
  "10.0.01.1",
  "10.0.0.1.1",
  " 10.0.0.1",
  "::1::",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4:5:6:7::8",
  "12345::",
  "fe80::1%eth0",
  "10.0.0.1::",
  "1.2.3.4:5::",
  "a".repeat(10_000),
])("%p is no address", (text) => {
  expect(parseAddress(text)).toBeNull();
});

test("every address survives being printed and read", () => {
  const address = fc.oneof(
    fc.bigInt(0n, 2n ** 32n - 1n).map((value): Address => ({ family: 4, value })),
    fc.bigInt(0n, 2n ** 128n - 1n).map((value): Address => ({ family: 6, value })),
  );
  fc.assert(fc.property(address, (one) => expect(parseAddress(formatAddress(one))).toEqual(one)));
});

test.each([
  ["10.0.0.0/8", "10.255.0.1", true],
  ["10.0.0.0/8", "11.0.0.1", false],
  ["10.1.2.3/8", "10.9.9.9", true],
  ["0.0.0.0/0", "203.0.113.1", true],
  ["0.0.0.0/0", "::1", false],
  ["203.0.113.7", "203.0.113.7", true],
  ["203.0.113.7", "203.0.113.8", false],
  ["2001:db8::/32", "2001:db8:ffff::1", true],
  ["2001:db8::/32", "2001:db9::1", false],
])("%s holds %s: %p", (block, address, expected) => {
  expect(contains(parseCidr(block) as never, parseAddress(address) as Address)).toBe(expected);
});

test.each(["10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0.0/-1", "x/8"])(
  "%p is no block",
  (text) => {
    expect(parseCidr(text)).toBeNull();
  },
);

test.each([
  ["10.0.0.1", true],
  ["172.16.0.1", true],
  ["172.32.0.1", false],
  ["192.168.1.1", true],
  ["100.64.0.1", true],
  ["100.128.0.1", false],
  ["169.254.169.254", true],
  ["224.0.0.251", true],
  ["255.255.255.255", true],
  ["223.255.255.255", false],
  ["ff02::fb", true],
  ["fd00::1", true],
  ["fe80::1", true],
  ["2001:db8::1", false],
  ["::ffff:10.0.0.1", true],
  ["::ffff:8.8.8.8", false],
  ["64:ff9b::10.0.0.1", true],
  ["64:ff9b::8.8.8.8", false],
  ["8.8.8.8", false],
])("%s is private: %p", (text, expected) => {
  expect(isPrivate(parseAddress(text) as Address)).toBe(expected);
});

test.each([
  ["8.8.8.8", "8.8.8.8"],
  ["::ffff:8.8.8.8", "8.8.8.8"],
  ["64:ff9b::808:808", "8.8.8.8"],
  ["64:ff9b:1::808:808", "64:ff9b:1::808:808"],
  ["2001:db8::808:808", "2001:db8::808:808"],
])("who answers at %s is %s", (text, plain) => {
  expect(formatAddress(plainAddress(parseAddress(text) as Address))).toBe(plain);
});

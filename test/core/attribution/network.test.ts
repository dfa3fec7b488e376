import { type Address, parseAddress } from "../../../functions/core/address";
import {
  firstThatKnows,
  NO_NETWORKS,
  networkName,
  siteOf,
} from "../../../functions/core/attribution/network";
import { compileNetworks, networksIn } from "../../../functions/core/attribution/network-file";
import { networksOf } from "../../support/networks";

const at = (text: string) => parseAddress(text) as Address;
const number = (text: string) => at(text).value;

test.each([
  [{ asn: 36459, name: "GitHub, Inc.", country: "US" }, "GitHub, Inc. (AS36459, US)"],
  [{ asn: 36459, name: "GitHub, Inc.", country: null }, "GitHub, Inc. (AS36459)"],
  [{ asn: 36459, name: null, country: "US" }, "AS36459 (US)"],
  [{ asn: null, name: null, country: "US" }, "US"],
  [{ asn: null, name: null, country: null }, null],
])("%j is named %s", (network, name) => {
  expect(networkName(network)).toBe(name);
});

test.each([
  ["203.0.113.77", "203.0.113.0/24"],
  ["2001:db8:1:2::3", "2001:db8:1::/48"],
])("the site of %s is %s", (address, site) => {
  expect(siteOf(at(address))).toBe(site);
});

describe("several databases", () => {
  const own = networksOf({ "203.0.113.0/24": { asn: 64500, name: "Partner", country: null } });
  const countries = networksOf({
    "0.0.0.0/1": { asn: null, name: null, country: "DE" },
    "192.0.0.0/2": { asn: 1, name: "Level 3", country: "US" },
  });
  const all = firstThatKnows([own, countries]);
  test.each<[string, string, object | null]>([
    [
      "the first goes first, and the next fills in",
      "203.0.113.9",
      { asn: 64500, name: "Partner", country: "US" },
    ],
    ["the next where the first knows nothing", "5.5.5.5", { asn: null, name: null, country: "DE" }],
    ["nothing where none knows", "150.0.0.1", null],
  ])("%s", (_, address, expected) => {
    expect(all.networkOf(at(address))).toEqual(expected);
  });
  test("none of them know nothing", () => {
    expect(firstThatKnows([NO_NETWORKS]).networkOf(at("1.1.1.1"))).toBeNull();
  });
});

describe("a compiled list", () => {
  const ipv4 = [
    `${number("140.82.112.0")},${number("140.82.127.255")},36459,"GitHub, Inc."`,
    `${number("198.51.100.0")},${number("198.51.100.255")},64501,"A ""quoted"" name\u001b[2J"`,
    `${number("203.0.113.0")},${number("203.0.113.255")},64502,`,
    "no line of it",
    "1,2,3",
    "",
  ].join("\r\n");
  const ipv6 = `${number("2606:50c0::")},${number("2606:50c0:ffff:ffff:ffff:ffff:ffff:ffff")},36459,Another name`;
  const file = compileNetworks(ipv4, ipv6);
  const networks = networksIn(file);

  test.each<[string, string, object | null]>([
    ["a network with its name", "140.82.112.3", { asn: 36459, name: "GitHub, Inc.", country: null }],
    [
      "a name without what a terminal would act on",
      "198.51.100.7",
      { asn: 64501, name: 'A "quoted" name [2J', country: null },
    ],
    ["a network without a name", "203.0.113.1", { asn: 64502, name: null, country: null }],
    [
      "IPv6, by the name that came first",
      "2606:50c0::1",
      { asn: 36459, name: "GitHub, Inc.", country: null },
    ],
    ["nothing elsewhere", "8.8.8.8", null],
  ])("knows %s", (_, address, expected) => {
    expect(networks.networkOf(at(address))).toEqual(expected);
  });

  test("reads from any place in a buffer", () => {
    const shifted = new Uint8Array(file.length + 1);
    shifted.set(file, 1);
    expect(networksIn(shifted.subarray(1)).networkOf(at("140.82.112.3"))?.asn).toBe(36459);
  });

  test.each([
    ["empty", new Uint8Array()],
    ["cut off", file.subarray(0, file.length - 1)],
    ["something else", new TextEncoder().encode("a".repeat(100))],
  ])("is refused when it is %s", (_, bytes) => {
    expect(() => networksIn(bytes)).toThrow(/no file of networks .* or is cut off/);
  });
});

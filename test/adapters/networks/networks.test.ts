/** The databases of networks as files: those of npm, the folder of a deployment, the owner's own. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mmdbNetworks, networkOfRecord } from "../../../functions/adapters/networks/mmdb";
import { NETWORK_FILES, openNetworkFolder } from "../../../functions/adapters/networks/network-folder";
import { npmNetworks, writeNetworkFolder } from "../../../functions/adapters/networks/npm-databases";
import { type Address, parseAddress } from "../../../functions/core/address";
import { networkName } from "../../../functions/core/attribution/network";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "plumbline-networks-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const name = (networks: ReturnType<typeof npmNetworks>, address: string) => {
  const network = networks.networkOf(parseAddress(address) as Address);
  return network && networkName(network);
};

test.each([
  ["140.82.112.3", "GitHub, Inc. (AS36459, US)"],
  ["8.8.8.8", "Google LLC (AS15169, US)"],
  ["2600:1f14::1", "Amazon.com, Inc. (AS16509, US)"],
])("the databases of npm know %s", (address, expected) => {
  expect(name(npmNetworks(), address)).toBe(expected);
});

test("the folder that a deployment carries knows the same, and says what it lacks", () => {
  writeNetworkFolder(dir, undefined);
  const { networks, missing } = openNetworkFolder(dir);
  expect(name(networks, "140.82.112.3")).toBe("GitHub, Inc. (AS36459, US)");
  expect(missing).toEqual([]);
  rmSync(join(dir, NETWORK_FILES.asn));
  const less = openNetworkFolder(dir);
  expect(less.missing).toEqual([NETWORK_FILES.asn]);
  expect(name(less.networks, "140.82.112.3")).toBe("US");
  expect(openNetworkFolder(join(dir, "nowhere")).missing).toHaveLength(2);
});

test("a file that is none is named", () => {
  const file = join(dir, NETWORK_FILES.own);
  writeFileSync(file, "this is no database");
  expect(() => mmdbNetworks(file)).toThrow(
    `The network database ${file} cannot be used: it must be an .mmdb file`,
  );
  expect(() => writeNetworkFolder(join(dir, "out"), file)).toThrow(file);
  writeFileSync(join(dir, NETWORK_FILES.asn), "nor this");
  rmSync(file);
  expect(() => openNetworkFolder(dir)).toThrow(/asn\.bin cannot be used: it is no file of networks/);
});

test.each<[string, unknown, object]>([
  [
    "MaxMind's systems",
    { autonomous_system_number: 36459, autonomous_system_organization: "GitHub" },
    { asn: 36459, name: "GitHub", country: null },
  ],
  ["MaxMind's countries", { country: { iso_code: "US" } }, { asn: null, name: null, country: "US" }],
  [
    "IPinfo's",
    { asn: "AS36459", as_name: "GitHub", country_code: "US" },
    { asn: 36459, name: "GitHub", country: "US" },
  ],
  ["ip-location-db's", { country_code: "DE" }, { asn: null, name: null, country: "DE" }],
  [
    "a hostile one",
    { asn: -1, as_name: "\u001b[31mred", country: "<b>" },
    { asn: null, name: "[31mred", country: null },
  ],
  ["a strange one", { asn: {}, as_name: 7, country: ["US"] }, { asn: null, name: null, country: null }],
  ["none", null, { asn: null, name: null, country: null }],
])("a record is read that is %s", (_, record, expected) => {
  expect(networkOfRecord(record)).toEqual(expected);
});

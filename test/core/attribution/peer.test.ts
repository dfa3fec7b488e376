import {
  type AwsRanges,
  NO_AWS_RANGES,
  parseAwsRanges,
} from "../../../functions/core/attribution/aws-ranges";
import { inventoryOf } from "../../../functions/core/attribution/inventory";
import { type Networks, NO_NETWORKS } from "../../../functions/core/attribution/network";
import { peerOf } from "../../../functions/core/attribution/peer";
import { portLabel, portName } from "../../../functions/core/attribution/port";
import { reconcile } from "../../../functions/core/attribution/reconcile";
import { parseInterfaces } from "../../../functions/core/attribution/snapshot";
import type { Flow } from "../../../functions/core/telemetry/flow-log";
import { named, networkInterface } from "../../support/account";
import { networksOf } from "../../support/networks";

const interfaces = parseInterfaces({
  NetworkInterfaces: [
    networkInterface("eni-db", "10.0.20.11", { ...named("users-db"), Description: "RDSNetworkInterface" }),
    networkInterface("eni-web", "10.0.20.12", {
      ...named("web"),
      Attachment: { InstanceId: "i-1" },
      PrivateIpAddresses: [{ PrivateIpAddress: "10.0.20.12", Association: { PublicIp: "198.51.100.12" } }],
      Ipv6Addresses: [{ Ipv6Address: "2001:db8::12" }],
    }),
  ],
}).items;

const RANGES = parseAwsRanges({
  syncToken: "1",
  prefixes: [
    ["52.216.0.0/15", "S3", "us-east-1"],
    ["52.94.0.0/22", "AMAZON", "us-east-1"],
    ["54.1.0.0/16", "EC2", "us-east-1"],
    ["99.84.0.0/16", "CLOUDFRONT", "GLOBAL"],
  ].map(([ip_prefix, service, region]) => ({ ip_prefix, service, region })),
  ipv6_prefixes: [],
}).ranges;

const NETWORKS = networksOf({
  "140.82.112.0/20": { asn: 36459, name: "GitHub, Inc.", country: "US" },
  "203.0.113.0/25": { asn: 24940, name: "Hetzner Online GmbH", country: "DE" },
  "54.0.0.0/8": { asn: 16509, name: "Amazon.com, Inc.", country: "US" },
  "192.0.2.0/24": { asn: null, name: null, country: "FR" },
  "198.18.0.0/15": { asn: 64500, name: null, country: null },
});

const peer = (address: string, awsService: string | null, ranges: AwsRanges, networks: Networks) => {
  const inventory = inventoryOf(reconcile([], { functions: [], interfaces }, 0), ranges);
  return peerOf({ address, awsService, firstSeen: 5 } as Flow, "vpc-1", inventory, networks);
};

type Case = [string, string, string | null, string, string, string];

describe("with ranges and networks", () => {
  test.each<Case>([
    ["a database by its interface", "10.0.20.11", null, "internal", "internal/RDS:eni-db", "users-db (RDS)"],
    [
      "an instance by its public address",
      "198.51.100.12",
      "EC2",
      "internal",
      "internal/EC2:web",
      "web (EC2)",
    ],
    ["an instance by IPv6", "2001:db8::12", null, "internal", "internal/EC2:web", "web (EC2)"],
    ["a private address that nobody knows", "10.9.9.9", null, "internal", "internal/10.9.9.9", "10.9.9.9"],
    [
      "an AWS service and its Region",
      "52.216.1.1",
      "S3",
      "service",
      "service/S3/us-east-1",
      "AWS S3 (us-east-1)",
    ],
    [
      "a service that the flow log does not name",
      "52.217.8.8",
      null,
      "service",
      "service/S3/us-east-1",
      "AWS S3 (us-east-1)",
    ],
    [
      "a service without Regions",
      "99.84.1.1",
      null,
      "service",
      "service/CLOUDFRONT/GLOBAL",
      "AWS CLOUDFRONT",
    ],
    [
      "AWS's API endpoints",
      "52.94.1.1",
      "AMAZON",
      "service",
      "service/AMAZON/us-east-1",
      "AWS API endpoints (us-east-1)",
    ],
    [
      "a service that the flow log knows more closely",
      "52.94.1.1",
      "DYNAMODB",
      "service",
      "service/DYNAMODB",
      "AWS DYNAMODB",
    ],
    ["a service newer than the ranges", "52.220.1.1", "S3", "service", "service/S3", "AWS S3"],
    [
      "a rented machine of AWS",
      "54.1.2.3",
      "EC2",
      "internet",
      "internet/54.1.2.3",
      "54.1.2.3, Amazon.com, Inc. (AS16509, US)",
    ],
    [
      "one that the flow log calls AMAZON's",
      "54.1.2.3",
      "AMAZON",
      "internet",
      "internet/54.1.2.3",
      "54.1.2.3, Amazon.com, Inc. (AS16509, US)",
    ],
    [
      "one of AMAZON's that the flow log calls EC2's",
      "52.94.1.1",
      "EC2",
      "internet",
      "internet/52.94.1.1",
      "52.94.1.1",
    ],
    [
      "an address of AWS that no range names",
      "54.9.9.9",
      null,
      "internet",
      "internet/54.9.9.9",
      "54.9.9.9, Amazon.com, Inc. (AS16509, US)",
    ],
    ["an accelerator's", "75.2.1.1", "GLOBALACCELERATOR", "internet", "internet/75.2.1.1", "75.2.1.1"],
    ["a network", "140.82.112.3", null, "internet", "network/AS36459", "GitHub, Inc. (AS36459, US)"],
    ["a network without a name", "198.18.0.1", null, "internet", "network/AS64500", "AS64500"],
    [
      "a rented machine elsewhere",
      "203.0.113.9",
      null,
      "internet",
      "internet/203.0.113.9",
      "203.0.113.9, Hetzner Online GmbH (AS24940, DE)",
    ],
    ["a site in a country", "192.0.2.9", null, "internet", "network/192.0.2.0/24", "192.0.2.0/24 (FR)"],
    [
      "a site of which nothing is known",
      "203.0.113.200",
      null,
      "internet",
      "network/203.0.113.0/24",
      "203.0.113.0/24",
    ],
    [
      "a site by IPv6",
      "2a00:1450:4001:81b::200e",
      null,
      "internet",
      "network/2a00:1450:4001::/48",
      "2a00:1450:4001::/48",
    ],
    [
      "a network behind NAT64",
      "64:ff9b::8c52:7003",
      null,
      "internet",
      "network/AS36459",
      "GitHub, Inc. (AS36459, US)",
    ],
    [
      "a rented machine behind NAT64",
      "64:ff9b::3601:203",
      "EC2",
      "internet",
      "internet/54.1.2.3",
      "54.1.2.3, Amazon.com, Inc. (AS16509, US)",
    ],
    ["what is no address", "-", null, "internet", "internet/-", "-"],
  ])("%s", (_, address, awsService, kind, key, name) => {
    expect(peer(address, awsService, RANGES, NETWORKS)).toMatchObject({ kind, key, name });
  });
});

describe("with nothing but the flow log", () => {
  test.each<Case>([
    ["an AWS service, whatever its address", "52.216.1.1", "S3", "service", "service/S3", "AWS S3"],
    ["AWS's API endpoints", "52.94.1.1", "AMAZON", "service", "service/AMAZON", "AWS API endpoints"],
    ["an address that anyone can rent", "54.1.2.3", "EC2", "internet", "internet/54.1.2.3", "54.1.2.3"],
    ["a public address", "203.0.113.9", null, "internet", "network/203.0.113.0/24", "203.0.113.0/24"],
  ])("%s", (_, address, awsService, kind, key, name) => {
    expect(peer(address, awsService, NO_AWS_RANGES, NO_NETWORKS)).toMatchObject({ kind, key, name });
  });
});

test("a peer knows the keys it had where less was known", () => {
  const others = (address: string) => peer(address, null, RANGES, NETWORKS).otherKeys;
  expect(others("52.216.1.1")).toEqual(["service/S3", "network/52.216.1.0/24", "internet/52.216.1.1"]);
  expect(others("140.82.112.3")).toEqual(["network/140.82.112.0/24", "internet/140.82.112.3"]);
  expect(others("203.0.113.9")).toEqual([]);
});

test.each([
  [5432, 6, "5432/tcp", "port 5432/tcp"],
  [53, 17, "53/udp", "port 53/udp"],
  [0, 1, "icmp", "icmp"],
  [50_001, 6, "dynamic/tcp", "port 50001/tcp"],
  [443, 132, "443/protocol 132", "port 443/protocol 132"],
  [-1, -1, "unknown", "unknown"],
])("port %d of protocol %d is %s", (port, protocol, label, name) => {
  expect([portLabel({ port, protocol }), portName({ port, protocol })]).toEqual([label, name]);
});

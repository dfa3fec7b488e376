import { inventoryOf } from "../../../functions/core/attribution/inventory";
import { peerOf } from "../../../functions/core/attribution/peer";
import { portLabel, portName } from "../../../functions/core/attribution/port";
import { reconcile } from "../../../functions/core/attribution/reconcile";
import { parseInterfaces } from "../../../functions/core/attribution/snapshot";
import type { Flow } from "../../../functions/core/telemetry/flow-log";
import { named, networkInterface } from "../../support/account";

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
const inventory = inventoryOf(reconcile([], { functions: [], interfaces }, 0));

test.each<[string, string, string | null, string, string, string]>([
  ["a database by its interface", "10.0.20.11", null, "internal", "internal/RDS:eni-db", "users-db (RDS)"],
  ["an instance by its public address", "198.51.100.12", "EC2", "internal", "internal/EC2:web", "web (EC2)"],
  ["an instance by IPv6", "2001:db8::12", null, "internal", "internal/EC2:web", "web (EC2)"],
  ["a private address that nobody knows", "10.9.9.9", null, "internal", "internal/10.9.9.9", "10.9.9.9"],
  ["an AWS service, whatever its address", "52.216.1.1", "S3", "service", "service/S3", "AWS S3"],
  ["AWS's API endpoints", "52.94.1.1", "AMAZON", "service", "service/AMAZON", "AWS API endpoints"],
  ["an address that anyone can rent", "54.1.2.3", "EC2", "internet", "internet/54.1.2.3", "54.1.2.3"],
  ["an accelerator's", "75.2.1.1", "GLOBALACCELERATOR", "internet", "internet/75.2.1.1", "75.2.1.1"],
  ["a public address", "203.0.113.9", null, "internet", "internet/203.0.113.9", "203.0.113.9"],
])("%s", (_, address, awsService, kind, key, name) => {
  expect(peerOf({ address, awsService, firstSeen: 5 } as Flow, "vpc-1", inventory)).toMatchObject({
    kind,
    key,
    name,
  });
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

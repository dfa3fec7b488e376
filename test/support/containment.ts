/** Findings, facts and places for tests of containment. */
import { awsRanges, NO_AWS_RANGES } from "../../functions/core/attribution/aws-ranges";
import { inventoryOf } from "../../functions/core/attribution/inventory";
import type { Facts, Request } from "../../functions/core/containment/decide";
import type { AclEntry, NetworkAcl } from "../../functions/core/containment/network-acl";
import { type ContainmentPolicy, containmentPolicy } from "../../functions/core/containment/policy";
import type { FindingRecord } from "../../functions/core/finding";
import { HOUR } from "../../functions/core/time";
import { T0 } from "./flow-log";
import { days, live } from "./watch";

export const REMOTE = "203.0.113.7";

const [SEEN] = live([
  ...days(8, { to: "users-db" }),
  [{ to: "stranger", kind: "internet", address: REMOTE }],
]).get(8) as [FindingRecord];

/** A high finding of RDSQueryLogger about a remote address. */
export const beacon = (address = REMOTE, more: Partial<FindingRecord> = {}): FindingRecord => ({
  ...SEEN,
  id: `beacon-${address}`,
  type: "Beaconing",
  severity: "high",
  score: 8,
  subject: { peer: address, address, port: 443, protocol: "tcp", direction: "egress", bytes: 100 },
  status: "open",
  ...more,
});

export const policyOf = (settings: object = {}): ContainmentPolicy =>
  containmentPolicy.parse({ mode: "enforce", ...settings });

export const requestOf = (more: Partial<Request> = {}): Request => ({
  action: "networkAcl",
  mode: "enforce",
  by: "finding",
  isPerson: false,
  isConfirmed: false,
  at: T0,
  until: T0 + 24 * HOUR,
  ...more,
});

/** The ACL that AWS makes with a VPC: it lets everything through. */
export const aclOf = (
  aclId: string,
  subnets: string[],
  more: AclEntry[] = [],
  isTagged = true,
): NetworkAcl => ({
  aclId,
  subnets,
  isTagged,
  entries: [true, false].flatMap((egress) => [
    { number: 100, egress, cidr: "0.0.0.0/0", protocol: "-1", allows: true },
    { number: 32_767, egress, cidr: "0.0.0.0/0", protocol: "-1", allows: false },
    ...more.filter((entry) => entry.egress === egress),
  ]),
});

export const deny = (number: number, egress: boolean, cidr: string): AclEntry => ({
  number,
  egress,
  cidr,
  protocol: "-1",
  allows: false,
});

export const RANGES = awsRanges(
  [{ block: "52.216.0.0/15", service: "S3", region: "us-east-1" }],
  "1790812800",
);
export const NOTHING_KNOWN = { inventory: inventoryOf([]), awsRanges: NO_AWS_RANGES, networks: [] };

export const factsOf = (more: Partial<Facts> = {}): Facts => ({
  forbidden: { ...NOTHING_KNOWN, awsRanges: RANGES },
  subnets: ["subnet-a"],
  acls: [aclOf("acl-1", ["subnet-a"])],
  ipSets: [],
  reservedConcurrency: undefined,
  bystanders: [],
  blocks: [],
  ...more,
});

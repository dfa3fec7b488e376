/** An account in memory in which something can be cut off: network ACLs behind the EC2 API, tables, and a clock. */
import {
  CreateNetworkAclEntryCommand,
  DeleteNetworkAclEntryCommand,
  DescribeNetworkAclsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import { networkAcls } from "../../functions/adapters/aws/network-acls";
import type { ContainmentWorld } from "../../functions/adapters/containment/facts";
import { type Responder, responder } from "../../functions/adapters/containment/responder";
import type { BlockStore, FindingStore } from "../../functions/adapters/ports";
import type { Alert } from "../../functions/core/alert";
import { inventoryOf } from "../../functions/core/attribution/inventory";
import { NO_NETWORKS } from "../../functions/core/attribution/network";
import type { Block } from "../../functions/core/containment/block";
import type { ContainmentPolicy } from "../../functions/core/containment/policy";
import type { FindingRecord } from "../../functions/core/finding";
import { storedFunction } from "./account";
import { RANGES } from "./containment";
import { T0 } from "./flow-log";
import { silent } from "./log";

/** What a process that is killed leaves behind: nothing runs after it. */
export class Killed extends Error {}

export interface Entry {
  RuleNumber: number;
  Egress: boolean;
  CidrBlock: string;
  RuleAction: "allow" | "deny";
  Protocol: string;
}

export interface ContainedAccount {
  /** Entries of the one network ACL. */
  readonly entries: Entry[];
  readonly blocks: Map<string, Block>;
  readonly findings: Map<string, FindingRecord>;
  readonly alerts: Alert[];
  now: number;
  /** After so many further effects on the world the process is killed. */
  fuse: number;
  /** A responder, as a new container would have it. */
  responder(): Responder;
}

const ALLOWS = [true, false].map((Egress) => ({
  RuleNumber: 100,
  Egress,
  CidrBlock: "0.0.0.0/0",
  RuleAction: "allow" as const,
  Protocol: "-1",
}));

const fail = (name: string) => Object.assign(new Error(name), { name });

export function containedAccount(
  policy: ContainmentPolicy,
  contacts = new Map<string, number>(),
): ContainedAccount {
  let lease: number | null = null;
  const account: ContainedAccount = {
    entries: [...ALLOWS],
    blocks: new Map(),
    findings: new Map(),
    alerts: [],
    now: T0,
    fuse: Number.POSITIVE_INFINITY,
    responder: () =>
      responder({
        policy,
        places: { networkAcl: acls, ipSet: elsewhere, stopFunction: elsewhere },
        world,
        blocks,
        findings,
        alerts: { publish: (alert) => step(() => void account.alerts.push(alert)) },
        inventory: { current: async () => inventory },
        baselines: { contacts: async () => contacts },
        networks: NO_NETWORKS,
        clock: () => account.now,
        log: silent,
      }),
  };

  /** One effect on the world; a killed process has no more of them. */
  async function step<T>(effect: () => T): Promise<T> {
    if (account.fuse <= 0) throw new Killed();
    const result = effect();
    account.fuse--;
    if (account.fuse === 0) throw new Killed();
    return result;
  }

  const ec2 = mockClient(EC2Client);
  ec2.on(DescribeNetworkAclsCommand).callsFake(() => ({
    NetworkAcls: [
      {
        NetworkAclId: "acl-1",
        Associations: [{ SubnetId: "subnet-a" }],
        Tags: [{ Key: "plumbline:contain", Value: "true" }],
        Entries: account.entries.map((entry) => ({ ...entry })),
      },
    ],
  }));
  const at =
    ({ RuleNumber, Egress }: Entry) =>
    (entry: Entry) =>
      entry.RuleNumber === RuleNumber && entry.Egress === Egress;
  ec2.on(CreateNetworkAclEntryCommand).callsFake((input: Entry) =>
    step(() => {
      if (account.entries.some(at(input))) throw fail("NetworkAclEntryAlreadyExists");
      account.entries.push(input);
      return {};
    }),
  );
  ec2.on(DeleteNetworkAclEntryCommand).callsFake((input: Entry) =>
    step(() => {
      const index = account.entries.findIndex(at(input));
      if (index < 0) throw fail("InvalidNetworkAclEntry.NotFound");
      account.entries.splice(index, 1);
      return {};
    }),
  );
  const acls = networkAcls(new EC2Client({ region: "us-east-1" }), policy);
  const elsewhere = { settle: async () => null };

  const world: ContainmentWorld = {
    networks: async () => [],
    acls: (subnets) => acls.ofSubnets(subnets),
    ipSets: async () => [],
    reservedConcurrency: async () => undefined,
  };
  const blocks: BlockStore = {
    all: async () => [...account.blocks.values()],
    change: (id, change) =>
      step(() => {
        const block = change(account.blocks.get(id) ?? null);
        account.blocks.set(id, block);
        return block;
      }),
    async lease(now) {
      if (lease !== null && lease > now) return null;
      lease = now + 300;
      return async () => {
        // A killed process gives nothing back.
        if (account.fuse > 0) lease = null;
      };
    },
  };
  const findings = {
    get: async (id: string) => account.findings.get(id) ?? null,
    amend: (id: string, amend: (stored: FindingRecord) => FindingRecord) =>
      step(() => {
        const stored = account.findings.get(id);
        if (stored === undefined) return null;
        const amended = amend(stored);
        account.findings.set(id, amended);
        return amended;
      }),
    alertSent: (id: string) =>
      step(() => {
        const { alertDue: _, ...sent } = account.findings.get(id) as FindingRecord;
        account.findings.set(id, sent);
      }),
  } as unknown as FindingStore;
  const inventory = inventoryOf(
    [storedFunction("RDSQueryLogger", { vpc: [{ subnets: ["subnet-a"], securityGroups: ["sg-1"] }] })],
    RANGES,
  );
  return account;
}

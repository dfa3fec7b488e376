/** An account on moto's server: one function in one subnet, a network ACL, IP sets, tables, and a clock. */

import {
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeNetworkAclsCommand,
  EC2Client,
  ReplaceNetworkAclAssociationCommand,
} from "@aws-sdk/client-ec2";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { CreateIPSetCommand, type IPAddressVersion, WAFV2Client } from "@aws-sdk/client-wafv2";
import type { Pluggable } from "@smithy/types";
import { startEmbeddedDynamoDb } from "../../cli/local/embedded-dynamodb";
import { containmentWorld } from "../../functions/adapters/aws/containment-world";
import { ipSets } from "../../functions/adapters/aws/ip-sets";
import { networkAcls } from "../../functions/adapters/aws/network-acls";
import { reservedConcurrency } from "../../functions/adapters/aws/reserved-concurrency";
import { type Responder, responder } from "../../functions/adapters/containment/responder";
import { blockStore } from "../../functions/adapters/dynamodb/block-store";
import { findingStore } from "../../functions/adapters/dynamodb/finding-store";
import type { Alert } from "../../functions/core/alert";
import { inventoryOf } from "../../functions/core/attribution/inventory";
import { NO_NETWORKS } from "../../functions/core/attribution/network";
import { iso } from "../../functions/core/time";
import { REGION, storedFunction } from "../support/account";
import { beacon, policyOf, RANGES } from "../support/containment";
import { T0 } from "../support/flow-log";
import { silent } from "../support/log";

export const FUNCTION = "RDSQueryLogger";

export interface World {
  readonly ec2: EC2Client;
  readonly waf: WAFV2Client;
  readonly lambda: LambdaClient;
  readonly aclId: string;
  readonly sets: { readonly v4: string; readonly v6: string };
  readonly alerts: Alert[];
  now: number;
  /** How many addresses were used up. */
  addresses: number;
  readonly url: string;
  /** Stores a finding about an address, and gives its id. */
  find(address: string): Promise<string>;
  /**
   * A responder as a new container has it, killed after so many calls that it made of AWS; `meanwhile` happens once before
   * its first call of `command`.
   */
  responder(
    settings?: object,
    callsUntilKilled?: number,
    command?: string,
    meanwhile?: () => Promise<void>,
  ): Responder;
  /** The rules of Plumbline's range, as `10 out 203.0.113.7/32`. */
  rules(): Promise<string[]>;
  stop(): Promise<void>;
}

/** A process that was killed. */
export class Killed extends Error {}

export async function startWorld(url: string): Promise<World> {
  const options = {
    endpoint: url,
    region: REGION,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
  const [ec2, waf, lambda] = [new EC2Client(options), new WAFV2Client(options), new LambdaClient(options)];
  await fetch(`${url}/moto-api/reset`, { method: "POST" });
  const { aclId, subnetId } = await network(ec2);
  const sets = { v4: await ipSet(waf, "IPV4"), v6: await ipSet(waf, "IPV6") };
  const database = await startEmbeddedDynamoDb();
  const findings = findingStore(database.client, database.tables.findings, 365);
  const world: World = {
    ec2,
    waf,
    lambda,
    aclId,
    sets,
    alerts: [],
    now: T0,
    addresses: 0,
    url,
    async find(address) {
      const finding = beacon(address);
      await findings.merge(finding, iso(world.now));
      return finding.id;
    },
    responder(settings = {}, callsUntilKilled = Number.POSITIVE_INFINITY, command, meanwhile) {
      const clients = disturbed(options, callsUntilKilled, command, meanwhile);
      const policy = policyOf(settings);
      const places = {
        networkAcl: networkAcls(clients.ec2, policy),
        ipSet: ipSets(clients.waf),
        stopFunction: reservedConcurrency(clients.lambda),
      };
      const { networkAcl, ipSet, stopFunction } = places;
      return responder({
        policy,
        places,
        world: containmentWorld(clients.ec2, networkAcl, ipSet, stopFunction, [sets.v4, sets.v6]),
        blocks: blockStore(database.client, database.tables.blocks, 365),
        findings,
        alerts: { publish: async (alert) => void world.alerts.push(alert) },
        inventory: { current: async () => inventoryWith(subnetId) },
        baselines: { contacts: async () => new Map() },
        networks: NO_NETWORKS,
        clock: () => world.now,
        log: silent,
      });
    },
    async rules() {
      const { NetworkAcls } = await ec2.send(new DescribeNetworkAclsCommand({ NetworkAclIds: [aclId] }));
      return (NetworkAcls?.[0]?.Entries ?? [])
        .filter(({ RuleNumber = 0 }) => RuleNumber < 100)
        .map(
          ({ RuleNumber, Egress, CidrBlock, Ipv6CidrBlock }) =>
            `${RuleNumber} ${Egress ? "out" : "in"} ${CidrBlock ?? Ipv6CidrBlock}`,
        )
        .sort();
    },
    stop: () => database.stop(),
  };
  return world;
}

/** Clients of a process that is killed after so many calls: the last one had its effect, and none comes after it. */
function disturbed(options: object, calls: number, command?: string, meanwhile?: () => Promise<void>) {
  let left = calls;
  let isQuiet = false;
  const clients = {
    ec2: new EC2Client(options),
    waf: new WAFV2Client(options),
    lambda: new LambdaClient(options),
  };
  // biome-ignore lint/suspicious/noExplicitAny: it goes on the stack of any client
  const disturb: Pluggable<any, any> = {
    applyToStack: (stack) =>
      stack.add(
        (next, { commandName }) =>
          async (args) => {
            if (left <= 0) throw new Killed();
            if (commandName === command && !isQuiet) {
              isQuiet = true;
              await meanwhile?.();
            }
            const answer = await next(args);
            if (--left === 0) throw new Killed();
            return answer;
          },
        { step: "initialize" },
      ),
  };
  clients.ec2.middlewareStack.use(disturb);
  clients.waf.middlewareStack.use(disturb);
  clients.lambda.middlewareStack.use(disturb);
  return clients;
}

/** A VPC with one subnet, whose ACL lets everything through and may be changed. */
async function network(ec2: EC2Client): Promise<{ aclId: string; subnetId: string }> {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
  const place = { VpcId: Vpc?.VpcId };
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ ...place, CidrBlock: "10.0.1.0/24" }));
  const subnetId = Subnet?.SubnetId as string;
  const { NetworkAcl } = await ec2.send(
    new CreateNetworkAclCommand({
      ...place,
      TagSpecifications: [
        { ResourceType: "network-acl", Tags: [{ Key: "plumbline:contain", Value: "true" }] },
      ],
    }),
  );
  const aclId = NetworkAcl?.NetworkAclId as string;
  for (const Egress of [true, false])
    await ec2.send(
      new CreateNetworkAclEntryCommand({
        NetworkAclId: aclId,
        RuleNumber: 100,
        Egress,
        Protocol: "-1",
        RuleAction: "allow",
        CidrBlock: "0.0.0.0/0",
      }),
    );
  const { NetworkAcls } = await ec2.send(
    new DescribeNetworkAclsCommand({ Filters: [{ Name: "association.subnet-id", Values: [subnetId] }] }),
  );
  const association = NetworkAcls?.[0]?.Associations?.find(({ SubnetId }) => SubnetId === subnetId);
  await ec2.send(
    new ReplaceNetworkAclAssociationCommand({
      AssociationId: association?.NetworkAclAssociationId,
      NetworkAclId: aclId,
    }),
  );
  return { aclId, subnetId };
}

async function ipSet(waf: WAFV2Client, IPAddressVersion: IPAddressVersion): Promise<string> {
  const { Summary } = await waf.send(
    new CreateIPSetCommand({
      Name: `Blocked${IPAddressVersion}`,
      Scope: "REGIONAL",
      IPAddressVersion,
      Addresses: [],
    }),
  );
  return Summary?.ARN as string;
}

function inventoryWith(subnetId: string) {
  const item = storedFunction(FUNCTION, { vpc: [{ subnets: [subnetId], securityGroups: ["sg-1"] }] });
  return inventoryOf([item], RANGES);
}

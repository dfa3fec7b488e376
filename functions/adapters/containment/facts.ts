/** What has to be known before something is cut off: gathered from the tables and, where it runs in AWS, from AWS. */
import { formatAddress } from "../../core/address";
import { entityName, entityOf } from "../../core/attribution/entity";
import type { Inventory, NetworkInterface } from "../../core/attribution/inventory";
import type { Networks } from "../../core/attribution/network";
import { peerOf } from "../../core/attribution/peer";
import type { Action, Bystander } from "../../core/containment/containment";
import { type Facts, remoteOf } from "../../core/containment/decide";
import type { NetworkAcl } from "../../core/containment/network-acl";
import type { Finding } from "../../core/finding";
import { DAY, dayOf, isoDay } from "../../core/time";
import type { BaselineStore, InventoryStore } from "../ports";

/** What only AWS can tell. */
export interface ContainmentWorld {
  /** CIDR blocks of the account's VPCs and of those peered with them. */
  networks(): Promise<string[]>;
  /** Network ACLs of subnets; `null` where nobody can look. */
  acls(subnets: readonly string[]): Promise<NetworkAcl[] | null>;
  ipSets(): Promise<Facts["ipSets"]>;
  /** `null`: it has none; `undefined`: nobody can look. */
  reservedConcurrency(functionArn: string): Promise<number | null | undefined>;
}

export interface FactSources {
  readonly inventory: Pick<InventoryStore, "current">;
  readonly baselines: Pick<BaselineStore, "contacts">;
  readonly networks: Networks;
  readonly world: ContainmentWorld;
}

/** For so long a function that talked to a destination is one that would be hit. */
const LOOK_BACK_DAYS = 30;

/** Gathers what an action about a finding has to know, at `at` (seconds since 1970). */
export async function gatherFacts(
  finding: Finding,
  action: Action,
  at: number,
  { inventory: store, baselines, networks, world }: FactSources,
): Promise<Omit<Facts, "blocks">> {
  const inventory = await store.current();
  const isStop = action === "stopFunction";
  const subnets = action === "networkAcl" ? subnetsOf(finding, inventory) : [];
  return {
    forbidden: {
      inventory,
      awsRanges: inventory.awsRanges,
      networks: isStop ? [] : await world.networks(),
    },
    subnets,
    acls: action === "networkAcl" ? await world.acls(subnets) : [],
    ipSets: action === "ipSet" ? await world.ipSets() : [],
    reservedConcurrency:
      isStop && finding.functionArn !== null
        ? await world.reservedConcurrency(finding.functionArn)
        : undefined,
    bystanders: isStop ? [] : await bystandersOf(finding, at, inventory, networks, baselines),
  };
}

/** The subnets of every function that it may have been. */
function subnetsOf({ candidates }: Finding, inventory: Inventory): string[] {
  const attachments = candidates.flatMap(({ functionArn }) => inventory.functionOf(functionArn)?.vpc ?? []);
  return [...new Set(attachments.flatMap(({ subnets }) => subnets))].sort();
}

/** Other functions that talked to the destination of late, by whatever name their baselines know it. */
async function bystandersOf(
  finding: Finding,
  at: number,
  inventory: Inventory,
  networks: Networks,
  baselines: Pick<BaselineStore, "contacts">,
): Promise<Bystander[]> {
  const remote = remoteOf(finding);
  if (remote === null) return [];
  const interfaces = [...inventory.lambdaInterfaces.keys()].flatMap(
    (id) => inventory.interfaceAt(id, at) ?? [],
  );
  const others = new Map(
    interfaces.map(entityOf).flatMap((entity) => (entity.id === finding.entity ? [] : [[entity.id, entity]])),
  );
  const keys = peerKeys(formatAddress(remote), at, interfaces, inventory, networks);
  const contacts = await baselines.contacts([...others.keys()], keys);
  return [...others.values()].flatMap((entity) => {
    const last = contacts.get(entity.id);
    return last === undefined || last <= dayOf(at - LOOK_BACK_DAYS * DAY)
      ? []
      : [{ functionArn: entity.functionArn, functionName: entityName(entity), lastSeen: isoDay(last) }];
  });
}

/** Every key under which an address may be known in a baseline. */
function peerKeys(
  address: string,
  at: number,
  interfaces: readonly NetworkInterface[],
  inventory: Inventory,
  networks: Networks,
): string[] {
  const vpcs = new Set(interfaces.map(({ vpcId }) => vpcId));
  const peers = [...vpcs].map((vpcId) =>
    peerOf({ address, firstSeen: at, awsService: null }, vpcId, inventory, networks),
  );
  return [...new Set(peers.flatMap(({ key, otherKeys }) => [key, ...otherKeys]))];
}

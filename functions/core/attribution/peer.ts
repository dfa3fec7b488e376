/**
 * Who a function talks to, named as its owner would name it: a resource in the VPC, an AWS service and Region, a network
 * of the internet, or an address. The key is what stays the same when the address does not.
 */
import { type Address, formatAddress, isPrivate, parseAddress, plainAddress } from "../address";
import type { Flow } from "../telemetry/flow-log";
import type { Inventory } from "./inventory";
import { type Network, type Networks, networkName, siteOf } from "./network";
import { isRentableNetwork, isRentableService } from "./rentable";

export type PeerKind = "internal" | "service" | "internet";

/** Peers are held against their own class: who meets strangers all day is still at home in few places. */
export type PeerClass = "internal" | "external";

export const PEER_CLASSES = ["internal", "external"] as const satisfies PeerClass[];

export const classOf = (kind: PeerKind): PeerClass => (kind === "internal" ? "internal" : "external");

export interface Peer {
  readonly key: string;
  readonly kind: PeerKind;
  readonly name: string;
  /** The interface at which an internal peer was met; `null` where the inventory knows none. */
  readonly interfaceId: string | null;
  /** Whose a public address is; `null` for other peers, and where no database knows. */
  readonly network: Network | null;
  /** Keys that it has where less is known of its address; the same peer may have been learned under one of them. */
  readonly otherKeys: readonly string[];
}

/** What of a flow tells who is at its other end. */
export type RemoteEnd = Pick<Flow, "address" | "firstSeen" | "awsService">;

/** Names the remote end of a flow that left an interface in `vpcId`. */
export function peerOf(flow: RemoteEnd, vpcId: string, inventory: Inventory, networks: Networks): Peer {
  const holder = inventory.holderAt(flow.address, vpcId, flow.firstSeen);
  if (holder !== null) {
    const { interfaceId, resource } = holder;
    return internal(`internal/${resource.key}`, `${resource.name} (${resource.type})`, interfaceId);
  }
  const parsed = parseAddress(flow.address);
  if (parsed === null) return internet(flow.address, `internet/${flow.address}`, null, []);
  if (isPrivate(parsed)) return internal(unnamedPeerKey(flow.address), flow.address, null);
  // Behind NAT64 everybody has an address in one block: who answers is the IPv4 address in it.
  const address = plainAddress(parsed);
  const service = serviceOf(address, flow, inventory);
  return service === null || isRentableService(service.name)
    ? networkAt(address, networks, service !== null)
    : servicePeer(service, address);
}

/** The key of an internal address that the inventory does not know. */
export const unnamedPeerKey = (address: string): string => `internal/${address}`;

const internal = (key: string, name: string, interfaceId: string | null): Peer => ({
  key,
  kind: "internal",
  name,
  interfaceId,
  network: null,
  otherKeys: [],
});

const internet = (name: string, key: string, network: Network | null, otherKeys: string[]): Peer => ({
  key,
  kind: "internet",
  name,
  interfaceId: null,
  network,
  otherKeys: otherKeys.filter((other) => other !== key),
});

interface Service {
  readonly name: string;
  /** `null` where only the flow log tells of the service. */
  readonly region: string | null;
}

/**
 * The AWS service that an address belongs to. The published ranges tell the Region as well; what the flow log says goes
 * first where it knows more, as with addresses that are newer than the ranges at hand.
 */
function serviceOf(address: Address, { awsService }: RemoteEnd, { awsRanges }: Inventory): Service | null {
  const block = awsRanges.ownerOf(address);
  const isCloser = awsService !== null && closeness(awsService) > closeness(block?.service ?? null);
  if (isCloser) return { name: awsService, region: null };
  return block && { name: block.service, region: block.region };
}

/** How closely the name of a service tells who answers there. `AMAZON` holds rented machines, too. */
function closeness(service: string | null): number {
  if (service === null) return 0;
  if (service === "AMAZON") return 1;
  return isRentableService(service) ? 2 : 3;
}

function servicePeer({ name, region }: Service, address: Address): Peer {
  const everywhere = serviceKey(name);
  return {
    key: region === null ? everywhere : `${everywhere}/${region}`,
    kind: "service",
    name: serviceName(name, region),
    interfaceId: null,
    network: null,
    otherKeys: [...(region === null ? [] : [everywhere]), ...keysOfAddress(address)],
  };
}

const serviceKey = (service: string) => `service/${service}`;

/** `AMAZON` stands for every AWS address that no other service claims: the endpoints of its APIs. */
function serviceName(service: string, region: string | null): string {
  const name = service === "AMAZON" ? "AWS API endpoints" : `AWS ${service}`;
  return region === null || region === "GLOBAL" ? name : `${name} (${region})`;
}

/** A network by its number, else by the block of one site; addresses that anyone can rent are peers of their own. */
function networkAt(address: Address, networks: Networks, isRentableAws: boolean): Peer {
  const text = formatAddress(address);
  const network = networks.networkOf(address);
  const asn = network?.asn ?? null;
  const name = network && networkName(network);
  if (isRentableAws || (asn !== null && isRentableNetwork(asn))) {
    return internet(name === null ? text : `${text}, ${name}`, `internet/${text}`, network, []);
  }
  const keys = keysOfAddress(address);
  const site = siteOf(address);
  if (asn === null)
    return internet(name === null ? site : `${site} (${name})`, `network/${site}`, network, keys);
  return internet(name ?? site, `network/AS${asn}`, network, keys);
}

/** Keys of a public address where nothing is known of it. */
const keysOfAddress = (address: Address) => [
  `network/${siteOf(address)}`,
  `internet/${formatAddress(address)}`,
];

/**
 * Who a function talks to, named as its owner would name it: a resource in the VPC, an AWS service, or an internet
 * address. The key is what stays the same when the address does not.
 */
import { isPrivate, parseAddress } from "../address";
import type { Flow } from "../telemetry/flow-log";
import type { Inventory } from "./inventory";

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
}

/**
 * Addresses in these ranges can be rented by anyone, so the owner's name says nothing of who answers there.
 * Source: AWS ip-ranges services EC2, GLOBALACCELERATOR, CLOUD9, WORKSPACES_GATEWAYS.
 */
const RENTABLE = new Set(["EC2", "GLOBALACCELERATOR", "CLOUD9", "WORKSPACES_GATEWAYS"]);

/** Names the remote end of a flow that left an interface in `vpcId`. */
export function peerOf(flow: Flow, vpcId: string, inventory: Inventory): Peer {
  const holder = inventory.holderAt(flow.address, vpcId, flow.firstSeen);
  if (holder !== null) {
    const { interfaceId, resource } = holder;
    const name = `${resource.name} (${resource.type})`;
    return { key: `internal/${resource.key}`, kind: "internal", name, interfaceId };
  }
  const address = parseAddress(flow.address);
  if (address !== null && isPrivate(address)) {
    return { key: unnamedPeerKey(flow.address), kind: "internal", name: flow.address, interfaceId: null };
  }
  if (flow.awsService !== null && !RENTABLE.has(flow.awsService)) {
    const name = serviceName(flow.awsService);
    return { key: `service/${flow.awsService}`, kind: "service", name, interfaceId: null };
  }
  return { key: `internet/${flow.address}`, kind: "internet", name: flow.address, interfaceId: null };
}

/** The key of an internal address that the inventory does not know. */
export const unnamedPeerKey = (address: string): string => `internal/${address}`;

/** `AMAZON` stands for every AWS address that no other service claims: the endpoints of its APIs. */
const serviceName = (service: string) => (service === "AMAZON" ? "AWS API endpoints" : `AWS ${service}`);

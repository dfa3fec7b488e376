/** Ties the flows of one object to entities and peers. */
import type { Flow } from "../telemetry/flow-log";
import { type Attribution, type Entity, entityOf } from "./entity";
import type { Inventory } from "./inventory";
import type { Networks } from "./network";
import { type Peer, peerOf } from "./peer";

/** An entity talked to a peer: one flow, with its names. */
export interface Connection {
  readonly kind: "connection";
  readonly flow: Flow;
  readonly peer: Peer;
  /** The flow log object it was read from. */
  readonly ref: string;
}

export interface EntityConnections {
  readonly entity: Entity;
  readonly connections: Connection[];
}

/** Groups flows by entity; an entity of the same id but other candidates (two subnets of one group) stays apart. */
export function attribute(
  flows: readonly Flow[],
  inventory: Inventory,
  networks: Networks,
  ref: string,
): EntityConnections[] {
  const byEntity = new Map<string, EntityConnections>();
  for (const flow of flows) {
    const item = inventory.interfaceAt(flow.interfaceId, flow.firstSeen);
    if (item === null) continue; // the scanner keeps known interfaces only
    const entity = entityOf(item);
    const key = [entity.id, ...item.candidates].join(" ");
    const group = byEntity.get(key) ?? { entity, connections: [] };
    byEntity.set(key, group);
    const peer = peerOf(flow, item.vpcId, inventory, networks);
    group.connections.push({ kind: "connection", flow, peer, ref });
  }
  return [...byEntity.values()];
}

/** Connections by how far their function is known. */
export function countByAttribution(groups: readonly EntityConnections[]): Record<Attribution, number> {
  const counts = { certain: 0, ambiguous: 0, unattributed: 0 };
  for (const { entity, connections } of groups) {
    for (const { flow } of connections) counts[entity.attribution] += Math.max(1, flow.starts.length);
  }
  return counts;
}

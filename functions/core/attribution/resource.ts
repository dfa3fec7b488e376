/**
 * Names what stands behind a network interface, from what `DescribeNetworkInterfaces` says of it. AWS services leave
 * their mark in the description; everything else has a Name tag, an instance or just its id.
 */
import { cleanText } from "../text";
import type { Resource } from "./inventory";

/** Longest id in characters: an id becomes part of a table key, which has a limit in bytes. */
const LONGEST_ID = 120;

export interface InterfaceTraits {
  readonly interfaceId: string;
  readonly description: string;
  readonly interfaceType: string;
  readonly instanceId: string | null;
  readonly tags: ReadonlyMap<string, string>;
}

interface Mark {
  readonly type: string;
  readonly description: RegExp;
  /** The resource's name from the match; without it the interface itself is the resource. */
  readonly name?: (match: RegExpMatchArray) => string;
}

/** Descriptions as AWS's services write them, most specific first. */
const MARKS: readonly Mark[] = [
  { type: "RDS Proxy", description: /DBProxy[ :]+(\S+)/, name: (m) => m[1] as string },
  { type: "RDS", description: /^RDSNetworkInterface/ },
  // Node ids end in shard and node numbers (-0001-002, -001): a failover moves within one cluster.
  {
    type: "ElastiCache",
    description: /^ElastiCache \+?(\S+)/,
    name: (m) => (m[1] as string).replace(/(-\d{3,4}){1,2}$/, ""),
  },
  { type: "ELB", description: /^ELB (?:(?:app|net|gwy)\/)?([^/\s]+)/, name: (m) => m[1] as string },
  { type: "VPC endpoint", description: /\b(vpce-[0-9a-z]+)/, name: (m) => m[1] as string },
  { type: "EFS", description: /\b(fs-[0-9a-f]+)/, name: (m) => m[1] as string },
  { type: "NAT gateway", description: /\b(nat-[0-9a-f]+)/, name: (m) => m[1] as string },
  { type: "Redshift", description: /^RedshiftNetworkInterface/ },
  { type: "OpenSearch", description: /^ES (\S+)/, name: (m) => m[1] as string },
  { type: "MSK", description: /kafka:[^:]*:\d+:cluster\/([^/\s]+)/, name: (m) => m[1] as string },
  { type: "EKS", description: /^Amazon EKS (\S+)/, name: (m) => m[1] as string },
  { type: "Directory Service", description: /\b(d-[0-9a-f]{10})\b/, name: (m) => m[1] as string },
  { type: "Route 53 Resolver", description: /\b(rslvr-[0-9a-z-]+)/, name: (m) => m[1] as string },
  { type: "Transit gateway", description: /\b(tgw-attach-[0-9a-f]+)/, name: (m) => m[1] as string },
];

const ECS_SERVICE = "aws:ecs:serviceName";

/** The resource behind an interface; a Name tag, which is its owner's own word, goes before what AWS calls it. */
export function resourceOf(traits: InterfaceTraits): Resource {
  const tagged = traits.tags.get("Name");
  for (const { type, description, name } of MARKS) {
    const match = traits.description.match(description);
    if (match === null) continue;
    const own = name?.(match);
    return named(type, own ?? traits.interfaceId, tagged ?? own ?? traits.interfaceId);
  }
  const service = traits.tags.get(ECS_SERVICE);
  if (service !== undefined) return named("ECS", service, tagged ?? service);
  // Instances of one name come and go with their group: together they are one resource.
  if (traits.instanceId !== null)
    return named("EC2", tagged ?? traits.instanceId, tagged ?? traits.instanceId);
  return named("interface", tagged ?? traits.interfaceId, tagged ?? traits.interfaceId);
}

const named = (type: string, id: string, name: string): Resource => ({
  type,
  key: `${type}:${cleanText(id, LONGEST_ID)}`,
  name: cleanText(name, LONGEST_ID),
});

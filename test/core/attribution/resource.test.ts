import { resourceOf } from "../../../functions/core/attribution/resource";

const resource = (description: string, tags: Record<string, string> = {}, instanceId: string | null = null) =>
  resourceOf({
    interfaceId: "eni-1",
    description,
    interfaceType: "interface",
    instanceId,
    tags: new Map(Object.entries(tags)),
  });

test.each<[string, ReturnType<typeof resource>, [string, string, string]]>([
  ["a database", resource("RDSNetworkInterface"), ["RDS", "RDS:eni-1", "eni-1"]],
  [
    "a database with a name",
    resource("RDSNetworkInterface", { Name: "orders" }),
    ["RDS", "RDS:eni-1", "orders"],
  ],
  [
    "a database proxy",
    resource("Network interface for DBProxy orders"),
    ["RDS Proxy", "RDS Proxy:orders", "orders"],
  ],
  [
    "a cache node",
    resource("ElastiCache sessions-0001-002"),
    ["ElastiCache", "ElastiCache:sessions", "sessions"],
  ],
  ["a single cache node", resource("ElastiCache +jobs-001"), ["ElastiCache", "ElastiCache:jobs", "jobs"]],
  ["a load balancer", resource("ELB app/pricing/50dc6c495c0c9188"), ["ELB", "ELB:pricing", "pricing"]],
  ["a classic load balancer", resource("ELB old-one"), ["ELB", "ELB:old-one", "old-one"]],
  [
    "an endpoint",
    resource("VPC Endpoint Interface vpce-0a1b"),
    ["VPC endpoint", "VPC endpoint:vpce-0a1b", "vpce-0a1b"],
  ],
  ["a file system", resource("EFS mount target for fs-0a1b (fsmt-2)"), ["EFS", "EFS:fs-0a1b", "fs-0a1b"]],
  ["an instance by its Name tag", resource("", { Name: "web" }, "i-1"), ["EC2", "EC2:web", "web"]],
  ["an instance without one", resource("", {}, "i-1"), ["EC2", "EC2:i-1", "i-1"]],
  [
    "a container by its service",
    resource("arn:aws:ecs:x", { "aws:ecs:serviceName": "api" }),
    ["ECS", "ECS:api", "api"],
  ],
  ["anything else by its id", resource("what is this"), ["interface", "interface:eni-1", "eni-1"]],
])("%s is named", (_, { type, key, name }, expected) => {
  expect([type, key, name]).toEqual(expected);
});

test("a failover within a cluster stays with the same resource", () => {
  expect(resource("ElastiCache sessions-0001-001").key).toBe(resource("ElastiCache sessions-0002-003").key);
});

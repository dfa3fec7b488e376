/** Networks for tests, by CIDR block. */
import { type Cidr, contains, parseCidr } from "../../functions/core/address";
import type { Network, Networks } from "../../functions/core/attribution/network";

export function networksOf(blocks: Record<string, Network>): Networks {
  const all = Object.entries(blocks).map(([block, network]) => [parseCidr(block) as Cidr, network] as const);
  return {
    networkOf: (address) => all.find(([block]) => contains(block, address))?.[1] ?? null,
  };
}

/** Addresses that are never blocked, whoever asks. A block there would cut off the owner, or half of AWS. */
import { type Address, contains, formatAddress, parseCidr } from "../address";
import type { AwsRanges } from "../attribution/aws-ranges";
import type { Inventory } from "../attribution/inventory";
import { objectionTo, rangeOfBlock } from "../threat-list-line";

export interface Forbidden {
  readonly inventory: Pick<Inventory, "holdersOf">;
  readonly awsRanges: AwsRanges;
  /** CIDR blocks of the account's VPCs and of those peered with them. */
  readonly networks: readonly string[];
  /** The owner's own list: addresses and CIDR blocks. */
  readonly allowList: readonly string[];
}

/** All of IPv6 that is routed on the internet (RFC 4291). */
const GLOBAL_UNICAST = parseCidr("2000::/3");

/** Why an address is not blocked, as a sentence; `null` where it may be. */
export function whyForbidden(
  address: Address,
  { inventory, awsRanges, networks, allowList }: Forbidden,
): string | null {
  const text = formatAddress(address);
  const objection = objectionTo(rangeOfBlock({ first: address, prefix: address.family === 4 ? 32 : 128 }));
  if (objection !== null) return `${text} ${objection.replace(/^holds /, "belongs to: ")}.`;
  if (address.family === 6 && !(GLOBAL_UNICAST && contains(GLOBAL_UNICAST, address)))
    return `${text} is not routed on the internet.`;
  const lies = (blocks: readonly string[]) =>
    blocks.find((block) => {
      const cidr = parseCidr(block);
      return cidr !== null && contains(cidr, address);
    });
  const network = lies(networks);
  if (network !== undefined) return `${text} lies in ${network}, a network of a VPC of yours or of its peer.`;
  const allowed = lies(allowList);
  if (allowed !== undefined) return `${text} is on your allow-list (${allowed}).`;
  const [holder] = inventory.holdersOf(text);
  if (holder !== undefined) {
    const { name, type } = holder.resource;
    return `${text} is an address of your own: ${name} (${type}).`;
  }
  const aws = awsRanges.ownerOf(address);
  if (aws !== null)
    return `${text} is one of AWS's own addresses (${aws.service}, ${aws.region}), behind which other things stand, too.`;
  return null;
}

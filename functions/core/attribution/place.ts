/**
 * Where a call came from, named so that it stays the same when the address does not: an endpoint of the VPC, an interface
 * of the account, AWS in a Region, a network of the internet.
 */
import { isPrivate, parseAddress, plainAddress } from "../address";
import type { TrailEvent } from "../telemetry/trail-event";
import type { Inventory, LambdaFunction, NetworkInterface } from "./inventory";
import { type Networks, networkName, siteOf } from "./network";

export interface Place {
  readonly key: string;
  readonly name: string;
  /** Whether the function runs there, as far as the inventory and AWS's ranges tell; `null` where they do not. */
  readonly isHome: boolean | null;
  /** Whether it is outside of AWS, and of the account. */
  readonly isForeign: boolean;
}

/** Numbers under which AWS announces its addresses. */
const AWS_NETWORKS = [16509, 14618, 8987, 7224];

/** The place of a call with the credentials of `functionArn`. */
export function placeOf(
  event: TrailEvent,
  functionArn: string,
  inventory: Inventory,
  networks: Networks,
): Place {
  const { sourceIp, vpcEndpointId, vpcEndpointAccountId, accountId } = event;
  const address = sourceIp === null ? null : parseAddress(sourceIp);
  const caller = inventory.functionOf(functionArn);
  if (sourceIp === null || address === null) {
    // AWS itself (`AWS Internal`, `states.amazonaws.com`), or a text that tells nothing.
    const isAws = sourceIp !== null && /^AWS Internal$|\.amazonaws\.com$/.test(sourceIp);
    const name = sourceIp ?? "an unknown place";
    return {
      key: isAws ? `service/${name}` : "unknown",
      name,
      isHome: isAws ? true : null,
      isForeign: false,
    };
  }
  const held = holderOf(inventory.holdersOf(sourceIp), caller);
  if (held !== null) return held;
  if (vpcEndpointId !== null) {
    const isTheirs =
      vpcEndpointAccountId !== null && accountId !== null && vpcEndpointAccountId !== accountId;
    const name = `${vpcEndpointId}${isTheirs ? ` of account ${vpcEndpointAccountId}` : ""}`;
    return { key: `endpoint/${vpcEndpointId}`, name, isHome: isTheirs ? false : null, isForeign: isTheirs };
  }
  if (isPrivate(address)) {
    return { key: "private", name: `the private address ${sourceIp}`, isHome: null, isForeign: false };
  }
  const plain = plainAddress(address);
  const block = inventory.awsRanges.ownerOf(plain);
  const network = networks.networkOf(plain);
  if (block !== null || (network?.asn != null && AWS_NETWORKS.includes(network.asn))) {
    return inAws(block?.region ?? null, event, caller, functionArn, inventory);
  }
  const owner = network === null ? null : networkName(network);
  const abroad = { isHome: false, isForeign: true };
  if (network?.asn != null && owner !== null)
    return { key: `network/AS${network.asn}`, name: owner, ...abroad };
  const site = siteOf(plain);
  return { key: `network/${site}`, name: owner === null ? site : `${site} (${owner})`, ...abroad };
}

/** An interface of the account: the function's own, a NAT gateway, or a machine that is neither. */
function holderOf(holders: readonly NetworkInterface[], caller: LambdaFunction | null): Place | null {
  const [holder] = holders;
  if (holder === undefined) return null;
  const own = holders.find((one) => one.isLambda && one.candidates.includes(caller?.functionArn ?? ""));
  const gateway = holders.find(({ resource }) => resource.type === "NAT gateway");
  const { resource } = own ?? gateway ?? holder;
  return {
    key: `interface/${resource.key}`,
    name: `${resource.name} (${resource.type})`,
    isHome: own !== undefined || (gateway !== undefined && caller?.vpc.length !== 0),
    isForeign: false,
  };
}

/** Lambda's own logger writes with the function's credentials from outside the VPC. */
const BY_THE_SERVICE = /^logs CreateLog(Stream|Group)$/;

function inAws(
  region: string | null,
  { service, action }: TrailEvent,
  caller: LambdaFunction | null,
  functionArn: string,
  { hasNatGateway }: Inventory,
): Place {
  const isAnywhere = region === null || region === "GLOBAL";
  const isNear = isAnywhere || region === functionArn.split(":")[3];
  if (isNear && BY_THE_SERVICE.test(`${service} ${action}`))
    return { key: "service/lambda", name: "Lambda's own logger", isHome: true, isForeign: false };
  let isHome: boolean | null = isNear ? null : false;
  if (isNear && caller?.vpc.length === 0) isHome = true;
  // In a VPC, the way to the internet is through a gateway of the account, which the inventory knows.
  if (isHome === null && caller !== null && hasNatGateway) isHome = false;
  return {
    key: isAnywhere ? "aws" : `aws/${region}`,
    name: isAnywhere ? "AWS" : `AWS in ${region}`,
    isHome,
    isForeign: false,
  };
}

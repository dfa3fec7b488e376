/**
 * What the account has: functions, network interfaces, and which belong to which, each with the time it was so.
 * Flow logs arrive late and name interfaces that are gone, so a mapping is closed, never deleted at once.
 */

import { groupBy } from "../group";
import type { LambdaInterfaces } from "../telemetry/flow-log";
import { type AwsRanges, NO_AWS_RANGES } from "./aws-ranges";

export interface VpcAttachment {
  readonly subnets: readonly string[];
  /** Sorted ids. */
  readonly securityGroups: readonly string[];
}

/** What Lambda bills the time of a function by. */
export interface FunctionSize {
  readonly memoryMb: number;
  readonly architecture: "x86_64" | "arm64";
}

export interface LambdaFunction {
  readonly kind: "function";
  /** The ARN without version. */
  readonly functionArn: string;
  readonly functionName: string;
  readonly role: string | null;
  /** One for each distinct VPC configuration among its versions; empty outside a VPC. */
  readonly vpc: readonly VpcAttachment[];
  /** Runs on Lambda Managed Instances, whose interfaces are not Lambda's: its flows cannot be told. */
  readonly managedInstances: boolean;
  /** Absent where it was not told, or where time is not what is billed. */
  readonly size?: FunctionSize;
}

/** What stands behind an interface, as its owner would call it. */
export interface Resource {
  /** `RDS`, `ELB`, `EC2`, `VPC endpoint`, `Lambda` and so on. */
  readonly type: string;
  /** The same for every interface of one resource. */
  readonly key: string;
  readonly name: string;
}

export interface NetworkInterface {
  readonly kind: "interface";
  readonly interfaceId: string;
  readonly accountId: string | null;
  readonly region: string | null;
  readonly vpcId: string;
  readonly subnetId: string;
  /** Sorted ids. */
  readonly securityGroups: readonly string[];
  /** Its private and IPv6 addresses, canonical, and the public ones that lead to it. */
  readonly addresses: readonly string[];
  readonly isLambda: boolean;
  readonly resource: Resource;
  /** For a Lambda interface: ARNs of the functions that it may serve, sorted. */
  readonly candidates: readonly string[];
}

export type InventoryItem = LambdaFunction | NetworkInterface;

/** An item and the time for which it held: seconds since 1970, `validTo` exclusive, `null` while it still holds. */
export type Valid<T extends InventoryItem = InventoryItem> = T & {
  readonly validFrom: number;
  readonly validTo: number | null;
};

export interface Inventory {
  readonly lambdaInterfaces: LambdaInterfaces;
  /** AWS's own addresses, as last published. */
  readonly awsRanges: AwsRanges;
  /** Functions that exist now, by name. */
  readonly functions: readonly Valid<LambdaFunction>[];
  /** Functions of this name in any Region, those that are gone included, the latest first. */
  functionNamed(name: string): readonly LambdaFunction[];
  /** The latest that is known of a function; `null` where nothing is. */
  functionOf(functionArn: string): LambdaFunction | null;
  /** Whether a NAT gateway is known. */
  readonly hasNatGateway: boolean;
  /** Interfaces that had `address` at any time. */
  holdersOf(address: string): readonly NetworkInterface[];
  /** The interface as it was at `at`; before it was first seen, as it was first seen. */
  interfaceAt(interfaceId: string, at: number): NetworkInterface | null;
  /** What had `address` at `at`, or got it next: in `vpcId`, else in the one other VPC that knows the address. */
  holderAt(address: string, vpcId: string, at: number): NetworkInterface | null;
}

export const idOf = (item: InventoryItem): string =>
  item.kind === "function" ? item.functionArn : item.interfaceId;

/** Indexes what is stored, past and present, in any order. */
export function inventoryOf(items: readonly Valid[], awsRanges: AwsRanges = NO_AWS_RANGES): Inventory {
  const interfaces = items.filter((item) => item.kind === "interface");
  const everyFunction = items
    .filter((item) => item.kind === "function")
    .sort((a, b) => b.validFrom - a.validFrom);
  const functions = everyFunction.filter(({ validTo }) => validTo === null);
  const byName = groupBy(everyFunction, (one) => one.functionName);
  const byArn = groupBy(everyFunction, (one) => one.functionArn);
  const byId = interfacesBy(interfaces, (item) => [item.interfaceId]);
  const byAddress = interfacesBy(interfaces, (item) => item.addresses);
  const isLambda = (versions: readonly NetworkInterface[]) => versions.some((version) => version.isLambda);
  return {
    lambdaInterfaces: new Map(
      [...byId]
        .filter(([, versions]) => isLambda(versions))
        .map(([id, versions]) => [id, [...new Set(versions.flatMap(({ addresses }) => addresses))]]),
    ),
    awsRanges,
    functions: functions.sort((a, b) => (a.functionArn < b.functionArn ? -1 : 1)),
    functionNamed: (name) => byName.get(name) ?? [],
    functionOf: (functionArn) => byArn.get(functionArn)?.[0] ?? null,
    hasNatGateway: interfaces.some(({ resource }) => resource.type === "NAT gateway"),
    holdersOf: (address) => byAddress.get(address) ?? [],
    interfaceAt: (interfaceId, at) => versionAt(byId.get(interfaceId) ?? [], at),
    holderAt(address, vpcId, at) {
      // A look at the account proved who was gone, so who ended is not meant; who came after a look may have been there.
      const holders = (byAddress.get(address) ?? []).filter(
        ({ validTo }) => validTo === null || at < validTo,
      );
      const here = holders.find((holder) => holder.vpcId === vpcId);
      const isUnique = holders.every((holder) => holder.vpcId === holders[0]?.vpcId);
      return here ?? (isUnique ? (holders[0] ?? null) : null);
    },
  };
}

/** Groups by every key of an interface; within a group, in the order in which they began. */
function interfacesBy(
  items: readonly Valid<NetworkInterface>[],
  keysOf: (item: NetworkInterface) => readonly string[],
): Map<string, Valid<NetworkInterface>[]> {
  const groups = new Map<string, Valid<NetworkInterface>[]>();
  for (const item of [...items].sort((a, b) => a.validFrom - b.validFrom)) {
    for (const key of keysOf(item)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
  }
  return groups;
}

/** The last version that began by `at`, else the first: ids are not used again, so no other can be meant. */
function versionAt<T extends Valid>(versions: readonly T[], at: number): T | null {
  return versions.findLast((version) => version.validFrom <= at) ?? versions[0] ?? null;
}

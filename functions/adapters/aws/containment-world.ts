/** What AWS tells before something is cut off. */
import {
  type EC2Client,
  paginateDescribeVpcPeeringConnections,
  paginateDescribeVpcs,
  type VpcPeeringConnectionVpcInfo,
} from "@aws-sdk/client-ec2";
import type { ContainmentWorld } from "../containment/facts";
import type { IpSets } from "./ip-sets";
import type { NetworkAcls } from "./network-acls";
import type { ReservedConcurrency } from "./reserved-concurrency";

/** `ipSetArns` may be empty. */
export function containmentWorld(
  ec2: EC2Client,
  acls: NetworkAcls,
  sets: IpSets,
  concurrency: ReservedConcurrency,
  ipSetArns: readonly string[],
): ContainmentWorld {
  return {
    async networks() {
      const blocks: (string | undefined)[] = [];
      for await (const { Vpcs = [] } of paginateDescribeVpcs({ client: ec2 }, {}))
        for (const vpc of Vpcs) {
          blocks.push(
            vpc.CidrBlock,
            ...(vpc.CidrBlockAssociationSet ?? []).map(({ CidrBlock }) => CidrBlock),
          );
          blocks.push(...(vpc.Ipv6CidrBlockAssociationSet ?? []).map(({ Ipv6CidrBlock }) => Ipv6CidrBlock));
        }
      for await (const page of paginateDescribeVpcPeeringConnections({ client: ec2 }, {}))
        for (const { AccepterVpcInfo, RequesterVpcInfo } of page.VpcPeeringConnections ?? [])
          blocks.push(...blocksOf(AccepterVpcInfo), ...blocksOf(RequesterVpcInfo));
      return [...new Set(blocks.filter((block) => block !== undefined))].sort();
    },
    acls: (subnets) => acls.ofSubnets(subnets),
    ipSets: () => Promise.all(ipSetArns.map(async (arn) => ({ arn, ...(await sets.read(arn)) }))),
    reservedConcurrency: (functionArn) => concurrency.read(functionArn),
  };
}

const blocksOf = (vpc: VpcPeeringConnectionVpcInfo | undefined) => [
  vpc?.CidrBlock,
  ...(vpc?.CidrBlockSet ?? []).map(({ CidrBlock }) => CidrBlock),
  ...(vpc?.Ipv6CidrBlockSet ?? []).map(({ Ipv6CidrBlock }) => Ipv6CidrBlock),
];

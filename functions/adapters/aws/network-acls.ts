/** Network ACLs by the EC2 API. */
import {
  CreateNetworkAclEntryCommand,
  DeleteNetworkAclEntryCommand,
  type DescribeNetworkAclsCommandInput,
  type EC2Client,
  type NetworkAcl as FoundAcl,
  paginateDescribeNetworkAcls,
} from "@aws-sdk/client-ec2";
import { canonicalCidr } from "../../core/address";
import { holds } from "../../core/containment/block";
import { type AclEntry, type NetworkAcl, planAcl } from "../../core/containment/network-acl";
import { ACL_TAG, type ContainmentPolicy } from "../../core/containment/policy";
import type { Place } from "../ports";

export interface NetworkAcls extends Place {
  /** The ACLs that these subnets go by. */
  ofSubnets(subnets: readonly string[]): Promise<NetworkAcl[]>;
}

/** Somebody else may change an ACL at the same time; then it is looked at once more. */
const MAX_ATTEMPTS = 3;

export function networkAcls(ec2: EC2Client, { ruleNumbers }: ContainmentPolicy): NetworkAcls {
  async function describe(which: DescribeNetworkAclsCommandInput): Promise<NetworkAcl[]> {
    const found: FoundAcl[] = [];
    try {
      for await (const page of paginateDescribeNetworkAcls({ client: ec2 }, which))
        found.push(...(page.NetworkAcls ?? []));
    } catch (error) {
      if ((error as Error).name !== "InvalidNetworkAclID.NotFound") throw error;
    }
    return found.map(toAcl);
  }

  const remove = (aclId: string, { number, egress }: AclEntry) =>
    ec2.send(new DeleteNetworkAclEntryCommand({ NetworkAclId: aclId, RuleNumber: number, Egress: egress }));
  const create = (aclId: string, { number, egress, cidr }: AclEntry) =>
    ec2.send(
      new CreateNetworkAclEntryCommand({
        NetworkAclId: aclId,
        RuleNumber: number,
        Egress: egress,
        Protocol: "-1",
        RuleAction: "deny",
        ...(cidr.includes(":") ? { Ipv6CidrBlock: cidr } : { CidrBlock: cidr }),
      }),
    );

  return {
    async ofSubnets(subnets) {
      return subnets.length === 0
        ? []
        : describe({ Filters: [{ Name: "association.subnet-id", Values: [...subnets] }] });
    },

    async settle(aclId, blocks) {
      const wanted = blocks.filter(holds).map(({ target }) => target);
      const known = new Set(blocks.map(({ target }) => target));
      for (let attempt = 1; ; attempt++) {
        const [acl] = await describe({ NetworkAclIds: [aclId] });
        if (acl === undefined)
          return wanted.length === 0 ? null : `There is no network ACL ${aclId} any more.`;
        const plan = planAcl(acl, wanted, known, ruleNumbers);
        if (plan.remove.length + plan.create.length > 0 && !acl.isTagged) return untagged(aclId);
        try {
          for (const entry of plan.remove) await remove(aclId, entry);
          for (const entry of plan.create) await create(aclId, entry);
          return plan.refused;
        } catch (error) {
          if (!CHANGED_MEANWHILE.has((error as Error).name) || attempt === MAX_ATTEMPTS) throw error;
        }
      }
    },
  };
}

const CHANGED_MEANWHILE = new Set(["NetworkAclEntryAlreadyExists", "InvalidNetworkAclEntry.NotFound"]);

const untagged = (aclId: string) =>
  `${aclId} has no tag ${ACL_TAG.key}=${ACL_TAG.value} any more, so it is not changed.`;

const toAcl = ({ NetworkAclId, Associations, Tags, Entries }: FoundAcl): NetworkAcl => ({
  aclId: NetworkAclId ?? "",
  subnets: (Associations ?? []).flatMap(({ SubnetId }) => SubnetId ?? []),
  isTagged: (Tags ?? []).some(({ Key, Value }) => Key === ACL_TAG.key && Value === ACL_TAG.value),
  entries: (Entries ?? []).map((entry) => ({
    number: entry.RuleNumber ?? 0,
    egress: entry.Egress ?? false,
    cidr: canonicalCidr(entry.CidrBlock ?? entry.Ipv6CidrBlock ?? ""),
    protocol: entry.Protocol ?? "-1",
    allows: entry.RuleAction === "allow",
  })),
});

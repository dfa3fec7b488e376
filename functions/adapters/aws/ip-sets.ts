/** IP sets of AWS WAF. Each update needs the lock token of what was read: a stale one is refused, and it is read anew. */
import { GetIPSetCommand, UpdateIPSetCommand, type WAFV2Client } from "@aws-sdk/client-wafv2";
import { canonicalCidr } from "../../core/address";
import { holds, isSettled } from "../../core/containment/block";
import { planIpSet } from "../../core/containment/ip-set";
import type { Place } from "../ports";

export interface IpSets extends Place {
  /** Addresses in a set, as CIDR blocks in canonical form, and their family. */
  read(arn: string): Promise<{ readonly family: 4 | 6; readonly lists: readonly string[] }>;
}

const MAX_ATTEMPTS = 5;

export function ipSets(waf: WAFV2Client): IpSets {
  async function load(arn: string) {
    const { IPSet, LockToken } = await waf.send(new GetIPSetCommand(locate(arn)));
    return {
      family: IPSet?.IPAddressVersion === "IPV6" ? (6 as const) : (4 as const),
      lists: (IPSet?.Addresses ?? []).map(canonicalCidr),
      description: IPSet?.Description,
      lockToken: LockToken,
    };
  }

  return {
    read: load,
    async settle(arn, blocks) {
      const wanted = blocks.filter(holds).map(({ target }) => target);
      const over = blocks
        .filter((block) => !holds(block) && !isSettled(block) && !wasListed(block.before))
        .map(({ target }) => target);
      for (let attempt = 1; ; attempt++) {
        const { lists, lockToken, description } = await load(arn);
        const { addresses, refused } = planIpSet(lists, wanted, over);
        if (addresses === null) return refused;
        try {
          await waf.send(
            new UpdateIPSetCommand({
              ...locate(arn),
              Addresses: [...addresses],
              LockToken: lockToken,
              ...(description && { Description: description }),
            }),
          );
          return null;
        } catch (error) {
          if ((error as Error).name !== "WAFOptimisticLockException" || attempt === MAX_ATTEMPTS) throw error;
        }
      }
    },
  };
}

const wasListed = (before: object | null): boolean =>
  before !== null && "wasListed" in before && before.wasListed === true;

/** `arn:aws:wafv2:<region>:<account>:regional/ipset/<name>/<id>` */
function locate(arn: string): { Name: string; Id: string; Scope: "REGIONAL" | "CLOUDFRONT" } {
  const [scope, , Name, Id] = arn.split(":").slice(5).join(":").split("/");
  if (Name === undefined || Id === undefined) throw new Error(`"${arn}" is no ARN of an IP set`);
  return { Name, Id, Scope: scope === "global" ? "CLOUDFRONT" : "REGIONAL" };
}

/** What containment would have done in a replay: the deployed responder, which can look at no network ACL here. */
import { type ResponderDependencies, responder } from "../../functions/adapters/containment/responder";
import type { Alert } from "../../functions/core/alert";
import type { ContainmentPolicy } from "../../functions/core/containment/policy";
import type { FindingRecord } from "../../functions/core/finding";

export type DryRunDependencies = Omit<ResponderDependencies, "world" | "places">;

/** Answers alerts, in the order in which they were sent; gives the findings that got a containment. */
export type DryRun = (alerts: readonly Alert[]) => Promise<FindingRecord[]>;

export function dryRun(dependencies: DryRunDependencies): DryRun {
  // A dry run's blocks are nowhere, so no place is ever asked for.
  const nowhere = { settle: async () => null };
  const { respond } = responder({
    ...dependencies,
    policy: inDryRun(dependencies.policy),
    places: { networkAcl: nowhere, ipSet: nowhere, stopFunction: nowhere },
    world: {
      networks: async () => [],
      acls: async () => null,
      ipSets: async () =>
        ([4, 6] as const).map((family) => ({ arn: `the IP set for IPv${family}`, family, lists: [] })),
      reservedConcurrency: async () => undefined,
    },
  });
  return async (alerts) => {
    const contained: FindingRecord[] = [];
    for (const { json, attributes } of alerts) {
      const record = attributes.containment === undefined ? await respond(JSON.parse(json).id) : null;
      if (record !== null) contained.push(record);
    }
    return contained;
  };
}

/** The policy as it is, but that nothing is done in earnest. */
const inDryRun = (policy: ContainmentPolicy): ContainmentPolicy => ({
  ...policy,
  mode: "dryRun",
  types: Object.fromEntries(
    Object.entries(policy.types).map(([type, rule]) => [type, rule && { ...rule, mode: "dryRun" as const }]),
  ),
});

/** Functions and their interfaces: what can be told apart, and what cannot be seen. */
import type { LambdaFunction } from "../../../functions/core/attribution/inventory";
import { functionNameOf } from "../../../functions/core/attribution/snapshot";
import { listed, plural } from "../../../functions/core/text";
import { check, type Remark } from "../check";

const names = (functions: readonly LambdaFunction[]) =>
  listed(
    functions.map(({ functionName }) => functionName),
    10,
  );

const outsideVpc = check({
  id: "outside-vpc",
  needs: ["account"],
  fine: "Every function is in a VPC.",
  look({ account }): Remark[] {
    const outside = account.functions.filter((one) => one.vpc.length === 0 && !one.managedInstances);
    return outside.length === 0
      ? []
      : [
          {
            mark: "warning",
            says: `Outside a VPC, so without flow logs: ${names(outside)}. Their connections are not seen; their calls, changes and usage are.`,
            fix: "Attach those that matter to a VPC. Without a NAT gateway or endpoints they have no way to the internet then.",
          },
        ];
  },
});

const managedInstances = check({
  id: "managed-instances",
  needs: ["account"],
  fine: "None runs on Lambda Managed Instances.",
  look({ account }): Remark[] {
    const managed = account.functions.filter((one) => one.managedInstances);
    return managed.length === 0
      ? []
      : [
          {
            mark: "warning",
            says: `On Lambda Managed Instances, whose interfaces are not Lambda's: ${names(managed)}. Their connections are not seen.`,
            fix: "Nothing can be done about it here; run what matters on plain Lambda.",
          },
        ];
  },
});

const sharedInterfaces = check({
  id: "shared-interfaces",
  needs: ["account"],
  fine: "No two functions share an interface.",
  look({ account }) {
    const groups = new Map(
      account.interfaces
        .filter(({ candidates }) => candidates.length > 1)
        .map((one) => [one.candidates.join(" "), one] as const),
    );
    return [...groups.values()].map(({ candidates, vpcId, securityGroups }) => ({
      mark: "warning",
      says: `${listed(candidates.map(functionNameOf), 10)} share interfaces (${vpcId}, ${securityGroups.join(" and ")}): their connections are those of one group, and a finding names all of them.`,
      fix: "Give each a security group of its own, even an equal one. CloudTrail's data events of Invoke tell at least who ran.",
    }));
  },
});

/** Lambda's codes for why it could not make an interface. */
const CODES: Readonly<Record<string, string>> = {
  InsufficientRolePermissions:
    "Allow the function's role ec2:CreateNetworkInterface, ec2:DescribeNetworkInterfaces and ec2:DeleteNetworkInterface, as AWSLambdaVPCAccessExecutionRole does.",
  EniLimitExceeded: "Ask AWS for more interfaces in this VPC (Service Quotas).",
  SubnetOutOfIPAddresses: "Give the function a subnet with free addresses.",
  Idle: "Nothing, if it is not needed: Lambda took the interface of a function that was not invoked for weeks, and makes it again.",
};

const interfacePermissions = check({
  id: "interface-permissions",
  needs: ["withoutInterface"],
  fine: "Every function in a VPC has an interface there.",
  look: ({ withoutInterface }) =>
    withoutInterface.map(({ functionName, state, reason }): Remark => {
      const code = Object.keys(CODES).find((one) => reason?.includes(one));
      return {
        mark: "warning",
        says: `${functionName} is set to run in a VPC and has no interface there${state === null ? "" : `: it is ${state}`}${reason === null ? "" : ` (${reason})`}.`,
        fix:
          (code && CODES[code]) ??
          "Invoke it once: Lambda makes the interface then, or says what it lacks (mostly ec2:CreateNetworkInterface of the function's role).",
      };
    }),
});

const inventory = check({
  id: "inventory",
  needs: ["account", "storedInterfaces"],
  fine: "The inventory knows every interface of Lambda.",
  look({ account, storedInterfaces }): Remark[] {
    const unknown = account.interfaces.filter(({ interfaceId }) => !storedInterfaces.has(interfaceId));
    return unknown.length === 0
      ? []
      : [
          {
            mark: "problem",
            says: `${plural(unknown.length, "interface")} of Lambda ${unknown.length === 1 ? "is" : "are"} not in the inventory (${listed(unknown.map(({ interfaceId }) => interfaceId))}): records on them are not used.`,
            fix: "If they are older than a quarter of an hour, look at the log of the function that keeps the inventory, and at its queue.",
          },
        ];
  },
});

export const FUNCTION_CHECKS = [
  outsideVpc,
  managedInstances,
  sharedInterfaces,
  interfacePermissions,
  inventory,
];

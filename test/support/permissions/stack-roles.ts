/** What a synthesised stack deploys for each function: its environment, and what its role may do. */
import { type CfnTemplate, type DeployedNames, resolver } from "../cfn-references";
import type { Where } from "./api-call";
import { list, type Statement } from "./policy";

export interface StackRole {
  /** Logical id of the function. */
  readonly logicalId: string;
  /** What the function does, without Plumbline's name. */
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly Statement[];
}

/** The role of each function, with every reference resolved. */
export function stackRoles({ Resources }: CfnTemplate, names: DeployedNames): StackRole[] {
  const resolve = resolver(Resources, names);
  const policies = Object.values(Resources).filter(({ Type }) => Type === "AWS::IAM::Policy");
  return Object.entries(Resources)
    .filter(([, { Type }]) => Type === "AWS::Lambda::Function")
    .map(([logicalId, { Properties }]) => {
      const role = (Properties.Role as { "Fn::GetAtt": [string, string] })["Fn::GetAtt"][0];
      const statements = policies
        .filter((policy) =>
          list(policy.Properties.Roles as { Ref: string }[]).some(({ Ref }) => Ref === role),
        )
        .flatMap((policy) => (policy.Properties.PolicyDocument as { Statement: unknown[] }).Statement);
      return {
        logicalId,
        description: String(Properties.Description).replace("Plumbline: ", ""),
        environment: resolve(
          (Properties.Environment as { Variables: unknown }).Variables,
        ) as StackRole["environment"],
        statements: resolve(statements) as Statement[],
      };
    });
}

/** Where calls go, for `apiCall`. */
export function whereOf({ Resources }: CfnTemplate, { account, region, name }: DeployedNames): Where {
  const tables = Object.entries(Resources).filter(([, { Type }]) => Type === "AWS::DynamoDB::Table");
  const partitionKeys = tables.map(([logicalId, { Properties }]) => {
    const [key] = Properties.KeySchema as { AttributeName: string }[];
    return [name(logicalId), key?.AttributeName];
  });
  return { account, region, partitionKeys: Object.fromEntries(partitionKeys) };
}

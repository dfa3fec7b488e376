/** What was deployed: the template that was synthesised, and the names that its resources got. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ListStackResourcesCommand } from "@aws-sdk/client-cloudformation";
import { ACCOUNT, REGION } from "../support/account";
import type { CfnTemplate, DeployedNames } from "../support/cfn-references";
import type { Clients } from "./clients";

export const STACK = "Plumbline";

export interface Deployment extends DeployedNames {
  readonly template: CfnTemplate;
  /** The physical name of what a construct made, by its path below Plumbline: `FlowLogQueue/DeadLetters`. */
  of(path: string): string;
  /** Logical ids and properties of the resources of a type. */
  ofType(type: string): readonly (readonly [string, Record<string, unknown>])[];
}

export async function readDeployment({ cloudFormation }: Clients, cdkOut: string): Promise<Deployment> {
  const template: CfnTemplate = JSON.parse(readFileSync(join(cdkOut, `${STACK}.template.json`), "utf8"));
  const physical = new Map<string, string>();
  let NextToken: string | undefined;
  do {
    const page = await cloudFormation.send(new ListStackResourcesCommand({ StackName: STACK, NextToken }));
    for (const { LogicalResourceId = "", PhysicalResourceId = "" } of page.StackResourceSummaries ?? [])
      physical.set(LogicalResourceId, PhysicalResourceId);
    ({ NextToken } = page);
  } while (NextToken !== undefined);

  const name = (logicalId: string) => {
    const found = physical.get(logicalId);
    if (found === undefined) throw new Error(`The stack has no resource ${logicalId}`);
    return found;
  };
  const byPath = new Map(
    Object.entries(template.Resources).map(([logicalId, { Metadata }]) => [
      String(Metadata?.["aws:cdk:path"])
        .replace(`${STACK}/Plumbline/`, "")
        .replace(/\/Resource$/, ""),
      logicalId,
    ]),
  );
  return {
    account: ACCOUNT,
    region: REGION,
    stack: STACK,
    template,
    name,
    of(path) {
      const logicalId = byPath.get(path);
      if (logicalId === undefined) throw new Error(`The template has no ${path}: ${[...byPath.keys()]}`);
      return name(logicalId);
    },
    ofType: (type) =>
      Object.entries(template.Resources)
        .filter(([, { Type }]) => Type === type)
        .map(([logicalId, { Properties }]) => [logicalId, Properties] as const),
  };
}

/**
 * Each function as it is deployed, with the environment that its template gives it, through everything that it does: what
 * it calls, its role allows, and what its role allows, it calls.
 */
import { App } from "aws-cdk-lib";
import { PlumblineStack } from "../../lib/stack";
import { ACCOUNT, REGION } from "../support/account";
import type { CfnTemplate } from "../support/cfn-references";
import { apiCall } from "../support/permissions/api-call";
import { isDoneByAws } from "../support/permissions/in-the-role";
import { grantText, judge } from "../support/permissions/policy";
import { stackRoles, whereOf } from "../support/permissions/stack-roles";
import { type Worklife, worklife } from "../support/permissions/worklife";

const stack = new PlumblineStack(
  new App({
    context: {
      "aws:cdk:bundling-stacks": [],
      // As in cdk.json: statements are merged where they can be.
      "@aws-cdk/aws-iam:minimizePolicies": true,
      plumbline: { threatLists: "s3://lists/threats", detection: { maxPeers: 10 } },
    },
  }),
  "Plumbline",
  { env: { account: ACCOUNT, region: REGION } },
);
const template = (stack.node.root as App).synth().getStackByName("Plumbline").template as CfnTemplate;

/** Names of what stands for parts of the stack. */
const STANDS_FOR = {
  TablesInventory: "plumbline-inventory",
  TablesBaselines: "plumbline-baselines",
  TablesFindings: "plumbline-findings",
  FlowLogSourceBucket: "logs",
};
const names = {
  account: ACCOUNT,
  region: REGION,
  stack: "Plumbline",
  name: (logicalId: string) =>
    Object.entries(STANDS_FOR).find(([part]) => logicalId.includes(part))?.[1] ?? logicalId,
};
const roles = stackRoles(template, names);
const where = whereOf(template, names);

let lived: Worklife;
beforeAll(async () => {
  lived = await worklife(roles);
}, 120_000);

test("every function did what it is for", () => {
  expect(roles.map(({ description }) => description).sort()).toEqual(Object.keys(lived.calls).sort());
  expect(lived.findings).toEqual([
    "CodeChange",
    "InvocationSpike",
    "NewInternalPeer",
    "PublicInvokePermission",
  ]);
});

describe.each(roles)("the function that $description", ({ description, statements }) => {
  const verdict = () => {
    const calls = lived.calls[description] ?? [];
    return judge(
      calls.map(({ service, operation, input }) => apiCall(service, operation, input, where)),
      statements,
    );
  };

  test("calls nothing that its role does not allow", () => {
    expect(verdict().denied).toEqual([]);
  });

  test("is allowed nothing that it never calls", () => {
    const { unused } = verdict();
    expect(unused.filter((grant) => !isDoneByAws(grant)).map(grantText)).toEqual([]);
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { GlobalEventsStack } from "../../lib/global-events";
import { PlumblineStack } from "../../lib/stack";

const DEPLOYMENTS: [string, object][] = [
  [
    "a bucket of its own and flow logs",
    { vpcIds: ["vpc-0123456789abcdef0"], alertEmails: ["owner@example.com"] },
  ],
  [
    "an existing bucket and threat lists",
    {
      bucketName: "flow-logs-of-the-account",
      prefix: "network/",
      threatLists: "s3://lists-of-the-account/threats",
    },
  ],
  [
    "containment in earnest",
    {
      containment: {
        mode: "enforce",
        types: { Beaconing: { action: "networkAcl" }, CredentialsOutsideLambda: { action: "ipSet" } },
        stoppable: ["ImageResizer"],
      },
    },
  ],
];

test.each(DEPLOYMENTS)("cdk-nag AwsSolutions has nothing to say about stacks with %s", (_, plumbline) => {
  const app = new App({ context: { plumbline, "aws:cdk:bundling-stacks": [] } });
  new PlumblineStack(app, "Plumbline", { env: { account: "111122223333", region: "eu-central-1" } });
  new GlobalEventsStack(app, "PlumblineGlobalEvents", { to: "eu-central-1" });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  let failed: unknown = null;
  try {
    app.synth();
  } catch (error) {
    failed = error;
  }
  const report = failed === null ? null : readFileSync(join(app.outdir, "validation-report.json"), "utf8");
  expect(report).toBeNull();
});

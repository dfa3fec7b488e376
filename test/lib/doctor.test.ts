/** The doctor finds parts of the stack by what the template calls them. */
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { NAMED } from "../../cli/doctor/aws/parts";
import { READS } from "../../cli/doctor/aws/telemetry";
import { GlobalEventsStack } from "../../lib/global-events";
import { PlumblineStack } from "../../lib/stack";

const app = () => new App({ context: { "aws:cdk:bundling-stacks": [] } });
const whole = Template.fromStack(
  new PlumblineStack(app(), "Plumbline", { env: { account: "111122223333", region: "eu-central-1" } }),
);
const forwarder = Template.fromStack(new GlobalEventsStack(app(), "Global", { to: "eu-central-1" }));

test.each([
  ["the inventory table", "AWS::DynamoDB::Table", NAMED.inventoryTable, 1],
  ["the function that reads flow logs", "AWS::Lambda::Function", NAMED.flowLogsFunction, 1],
  ["every queue of what was set aside", "AWS::SQS::Queue", NAMED.setAside, 4],
])("%s is one that is called so", (_, type, name, count) => {
  expect(Object.keys(whole.findResources(type)).filter((logicalId) => name.test(logicalId))).toHaveLength(
    count,
  );
});

test.each(["FlowLogBucket", "AlertTopic", "FindingsTable"])("one output is called %s", (name) => {
  const outputs = Object.keys(whole.toJSON().Outputs);
  expect(outputs.filter((key) => key.includes(name))).toHaveLength(1);
});

test.each([
  ["Plumbline's Region", whole, 2],
  ["us-east-1", forwarder, 1],
])("in %s rules that see calls that only read are known by their description", (_, template, count) => {
  const rules = Object.values(template.findResources("AWS::Events::Rule")).map(
    ({ Properties }) => Properties,
  );
  const wantsReads = rules.filter(({ Description }) => READS.test(Description));
  expect(wantsReads).toHaveLength(count);
  expect(rules.filter(({ State }) => State === "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")).toEqual(
    wantsReads,
  );
  for (const { Description } of rules) expect(Description).toMatch(/^Plumbline: /);
});

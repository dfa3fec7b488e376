import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Context } from "aws-lambda";
import { mockClient } from "aws-sdk-client-mock";
import { deployedAlerts, lambdaHandler, measure } from "../../../functions/adapters/aws/runtime";

const context = { awsRequestId: "1", functionName: "Own-FlowLogs", memoryLimitInMB: "128" } as Context;

let printed: string[];
beforeEach(() => {
  process.env.PLUMBLINE_CONFIG = JSON.stringify({ stackName: "Own" });
  printed = [];
  jest.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
});
afterEach(() => {
  jest.restoreAllMocks();
  delete process.env.PLUMBLINE_CONFIG;
  delete process.env.PLUMBLINE_ALERT_TOPIC;
});

/** What CloudWatch takes from the log: metrics by name, and the values of the dimensions. */
const sent = () => printed.map((line) => JSON.parse(line)).filter((line) => line._aws !== undefined);

test("metrics are sent in one line when the handler is done, under the name of the stack", async () => {
  await lambdaHandler(() => async () => {
    measure("FlowLogLag", 640);
    measure("FlowLogLag", 700);
    measure("FlowLogRecords", 12);
  })({}, context);
  expect(sent()).toEqual([
    expect.objectContaining({ service: "Own", FlowLogLag: [640, 700], FlowLogRecords: 12 }),
  ]);
  const [directive] = sent()[0]._aws.CloudWatchMetrics;
  expect(directive).toMatchObject({ Namespace: "Plumbline", Dimensions: [["service"]] });
  expect(directive.Metrics).toContainEqual(expect.objectContaining({ Name: "FlowLogLag", Unit: "Seconds" }));
});

test("metrics are sent by a handler that fails, and only once", async () => {
  const failing = lambdaHandler(() => async () => {
    measure("AlertsDue", 2);
    throw new Error("SNS is down");
  });
  await expect(failing({}, context)).rejects.toThrow("SNS is down");
  await expect(lambdaHandler(() => async () => "done")({}, context)).resolves.toBe("done");
  expect(sent().map(({ AlertsDue }) => AlertsDue)).toEqual([2]);
});

test("a finding whose alert went out is counted, and not again when it is told what became of it", async () => {
  const sns = mockClient(SNSClient);
  sns.on(PublishCommand).resolves({});
  process.env.PLUMBLINE_ALERT_TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts";
  const attributes = {
    type: "NewExternalPeer",
    severity: "high",
    accountId: null,
    functionNames: [],
  } as const;
  await lambdaHandler(() => async () => {
    const { publish } = deployedAlerts();
    await publish({ subject: "", text: "", json: "{}", attributes });
    await publish({
      subject: "",
      text: "",
      json: "{}",
      attributes: { ...attributes, containment: "dryRun" },
    });
  })({}, context);
  expect(sns.commandCalls(PublishCommand)).toHaveLength(2);
  expect(sent().map(({ FindingsHigh }) => FindingsHigh)).toEqual([1]);
});

test("a count of nothing is not sent, for it would be billed; a lag of nothing is", async () => {
  await lambdaHandler(() => async () => {
    measure("SkipDataRecords", 0);
    measure("TrailLag", 0);
  })({}, context);
  expect(sent()).toEqual([expect.objectContaining({ TrailLag: 0 })]);
  expect(sent()[0]).not.toHaveProperty("SkipDataRecords");
});

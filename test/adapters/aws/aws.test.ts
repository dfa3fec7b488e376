import { DescribeNetworkInterfacesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { mockClient } from "aws-sdk-client-mock";
import { awsAccount } from "../../../functions/adapters/aws/aws-account";
import { detectionSettings, ENVIRONMENT, setting } from "../../../functions/adapters/aws/environment";
import { s3Objects } from "../../../functions/adapters/aws/s3-objects";
import { snsAlerts } from "../../../functions/adapters/aws/sns-alerts";
import { alertOf } from "../../../functions/core/alert";
import { type FindingRecord, publicFinding } from "../../../functions/core/finding";
import { arnOf, lambdaFunction, lambdaInterface } from "../../support/account";
import { days, GROUP, live } from "../../support/watch";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts";

describe("the account", () => {
  const lambda = mockClient(LambdaClient);
  const ec2 = mockClient(EC2Client);
  const account = awsAccount(
    new LambdaClient({ region: "us-east-1" }),
    new EC2Client({ region: "us-east-1" }),
  );

  test("is looked at page by page, with all versions of the functions", async () => {
    lambda
      .on(ListFunctionsCommand)
      .resolvesOnce({ Functions: [lambdaFunction("F", ["subnet-a"], ["sg-1"])], NextMarker: "more" })
      .resolvesOnce({ Functions: [lambdaFunction("G", ["subnet-a"], ["sg-1"])] });
    ec2
      .on(DescribeNetworkInterfacesCommand)
      .resolvesOnce({
        NetworkInterfaces: [lambdaInterface("eni-1", "10.0.0.1", "sg-1")] as never,
        NextToken: "more",
      })
      .resolvesOnce({ NetworkInterfaces: [lambdaInterface("eni-2", "10.0.0.2", "sg-1")] as never });
    const { snapshot, problems } = await account.look();
    expect(problems).toEqual([]);
    expect(snapshot.functions?.map((one) => one.functionArn)).toEqual([arnOf("F"), arnOf("G")]);
    expect(snapshot.interfaces?.map((one) => one.interfaceId)).toEqual(["eni-1", "eni-2"]);
    expect(lambda.commandCalls(ListFunctionsCommand)[0]?.args[0].input.FunctionVersion).toBe("ALL");
    expect(ec2.commandCalls(DescribeNetworkInterfacesCommand)[0]?.args[0].input.MaxResults).toBe(1000);
  });
});

describe("an alert", () => {
  const sns = mockClient(SNSClient);
  beforeEach(() => sns.reset());
  const publish = async (entity?: typeof GROUP) => {
    const record = live([...days(14, { to: "users-db" }), [{ to: "ledger-db" }]], {}, entity).get(14)?.[0];
    const alert = alertOf(publicFinding(record as FindingRecord));
    await snsAlerts(new SNSClient({ region: "us-east-1" }), TOPIC).publish(alert);
    return { alert, input: sns.commandCalls(PublishCommand)[0]?.args[0].input };
  };

  test("is text in a mail and the finding as JSON everywhere else", async () => {
    const { alert, input } = await publish();
    expect(input).toMatchObject({ TopicArn: TOPIC, Subject: alert.subject, MessageStructure: "json" });
    const message = JSON.parse(input?.Message ?? "");
    expect(message.email).toBe(alert.text);
    expect(JSON.parse(message.default)).toMatchObject({
      type: "NewInternalPeer",
      functionName: "RDSQueryLogger",
    });
  });

  test("carries the attributes that filter policies use", async () => {
    expect((await publish()).input?.MessageAttributes).toEqual({
      type: { DataType: "String", StringValue: "NewInternalPeer" },
      severity: { DataType: "String", StringValue: "high" },
      accountId: { DataType: "String", StringValue: "111122223333" },
      functionName: { DataType: "String", StringValue: "RDSQueryLogger" },
    });
  });

  test("of a group is found by the name of each candidate", async () => {
    expect((await publish(GROUP)).input?.MessageAttributes?.functionName).toEqual({
      DataType: "String.Array",
      StringValue: '["A","B"]',
    });
  });
});

describe("an object", () => {
  test("that cannot be read is an error that names it and the permission", async () => {
    mockClient(S3Client).on(GetObjectCommand).rejects(new Error("Access Denied"));
    const objects = s3Objects(new S3Client({ region: "us-east-1" }));
    await expect(objects.open({ bucket: "logs", key: "a.log.gz" })).rejects.toThrow(
      /s3:\/\/logs\/a\.log\.gz cannot be read \(.*Access Denied\).*s3:GetObject/,
    );
  });
});

describe("the environment", () => {
  afterEach(() => {
    for (const name of Object.values(ENVIRONMENT)) delete process.env[name];
  });

  test("that lacks a variable is named", () => {
    expect(() => setting("alertTopic")).toThrow("PLUMBLINE_ALERT_TOPIC is not set");
  });

  test.each([
    ["no JSON", "{", "PLUMBLINE_CONFIG is no JSON"],
    ["a setting out of range", '{"learningDays":99}', "learningDays"],
    ["an unknown setting", '{"learnDays":7}', "learnDays"],
  ])("with %s in its configuration is an error that says so", (_, value, message) => {
    process.env[ENVIRONMENT.config] = value;
    expect(detectionSettings).toThrow(message);
  });

  test("gives the defaults for what is not set", () => {
    process.env[ENVIRONMENT.config] = '{"learningDays":3}';
    expect(detectionSettings()).toMatchObject({ learningDays: 3, maxPeers: 500, retentionDays: 35 });
  });
});

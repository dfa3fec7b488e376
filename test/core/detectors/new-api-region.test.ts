import { call, tellDays, typesOf } from "../../support/trail";

const at = (day: number, awsRegion: string, service = "dynamodb") =>
  call(day, service, "ListTables", { awsRegion });
const usual = (days: number) => Array.from({ length: days }, (_, day) => [at(day, "us-east-1")]);

test("a Region in which it never called is found, with the numbers", () => {
  const { findings } = tellDays([...usual(14), [at(14, "ap-south-1")]]);
  const [finding] = findings.get(14) ?? [];
  expect(finding).toMatchObject({
    type: "NewApiRegion",
    severity: "high",
    score: 7, // 4 + 2 + 1
    title: "RDSQueryLogger calls in ap-south-1, where it never did: dynamodb:ListTables",
    subject: { region: "ap-south-1" },
    baseline: { days: 14, expected: 1, observed: 2 },
  });
});

test.each([
  [
    "its own Region, in which it had not called yet",
    [...Array.from({ length: 14 }, (_, day) => [at(day, "eu-west-1")]), [at(14, "us-east-1")]],
  ],
  [
    "a Region that it knew while it was learned",
    [...usual(6), [at(6, "eu-west-1")], ...usual(13).slice(7), [at(13, "eu-west-1")]],
  ],
  ["a Region that is new while it is learned", [...usual(5), [at(5, "eu-west-1")]]],
  ["calls of IAM, which are recorded in us-east-1", [...usual(14), [at(14, "us-east-1", "iam")]]],
])("is quiet about %s", (_, story) => {
  expect(Object.values(typesOf(tellDays(story))).flat()).not.toContain("NewApiRegion");
});

test("a global service does not make us-east-1 a known Region", () => {
  const arn = "arn:aws:lambda:eu-west-1:111122223333:function:Exporter";
  const userIdentity = {
    type: "AssumedRole",
    accessKeyId: "ASIA1",
    inScopeOf: { issuerType: "AWS::Lambda::Function", credentialsIssuedTo: arn },
  };
  const days = Array.from({ length: 14 }, (_, day) => [
    call(day, "s3", "ListBuckets", { userIdentity, awsRegion: "eu-west-1" }),
    call(day, "iam", "GetRole", { userIdentity, awsRegion: "us-east-1" }),
    call(day, "ec2", "DescribeInstances", { userIdentity, awsRegion: "eu-west-1" }),
  ]);
  const story = [...days, [call(14, "ec2", "RunInstances", { userIdentity, awsRegion: "us-east-1" })]];
  expect(typesOf(tellDays(story))[14]).toContain("NewApiRegion");
});

test("hostile Regions do not break it", () => {
  expect(typesOf(tellDays([...usual(14), [at(14, "__proto__")]]))[14]).toEqual(["NewApiRegion"]);
});

import { callerOf } from "../../../functions/core/attribution/caller";
import { functionArnOf } from "../../../functions/core/attribution/function-arn";
import { inventoryOf, type LambdaFunction } from "../../../functions/core/attribution/inventory";
import { principalOf } from "../../../functions/core/attribution/principal";
import { readTrailEvent, type TrailEvent } from "../../../functions/core/telemetry/trail-event";
import { arnOf } from "../../support/account";
import { ACCOUNT_ID, asFunction, asRole, asUser, onDay, ROLE, trailRecord } from "../../support/trail";

const lambda = (name: string, role: string): LambdaFunction => ({
  kind: "function",
  functionArn: arnOf(name),
  functionName: name,
  role,
  vpc: [],
  managedInstances: false,
});
const inventory = inventoryOf([{ ...lambda("RDSQueryLogger", ROLE), validFrom: 0, validTo: null }]);
const calledBy = (userIdentity: unknown, fields = {}) =>
  callerOf(
    readTrailEvent(trailRecord(onDay(0), "ListBuckets", { userIdentity, ...fields })) as TrailEvent,
    inventory,
  );

/** As before 2025. */
const olderFunction = (name = "RDSQueryLogger") => ({ ...asFunction(name), inScopeOf: undefined });

test.each([
  [
    "whom the credentials were issued to",
    asFunction("OrderApi", "ASIA1", "7"),
    { functionArn: arnOf("OrderApi"), version: "7" },
  ],
  [
    "the session's name, where the role is that function's",
    olderFunction(),
    { functionArn: arnOf("RDSQueryLogger"), version: null },
  ],
])("a call is a function's by %s", (_, identity, caller) => {
  expect(calledBy(identity)).toEqual(caller);
});

test("a shared role does not matter: AWS names the function", () => {
  const shared = { ...asFunction("OrderApi"), ...asRole("shared", "RDSQueryLogger") };
  expect(calledBy(shared)?.functionArn).toBe(arnOf("OrderApi"));
});

test.each([
  ["a session that only calls itself so", asRole("somebody-else", "RDSQueryLogger")],
  ["the service that polls queues", asRole("RDSQueryLogger-role", "awslambda_42_20261001")],
  ["a session of the role under another name", asRole("RDSQueryLogger-role", "sst")],
  ["a function that nobody knows", olderFunction("Unknown")],
  [
    "an instance",
    { ...asFunction(), inScopeOf: { issuerType: "AWS::EC2::Instance", credentialsIssuedTo: "i-1" } },
  ],
  ["a service in its name", { ...asFunction(), invokedBy: "cloudformation.amazonaws.com" }],
  ["a user", asUser()],
  ["nobody", null],
  ["a list", []],
  [
    "a function whose ARN is none",
    { ...asFunction(), inScopeOf: { issuerType: "AWS::Lambda::Function", credentialsIssuedTo: "x y" } },
  ],
])("a call by %s is no function's", (_, identity) => {
  expect(calledBy(identity)).toBeNull();
});

test.each([
  ["f", arnOf("f")],
  ["f:1", arnOf("f")],
  ["f:$LATEST", arnOf("f")],
  [arnOf("f"), arnOf("f")],
  [`${arnOf("f")}:PROD`, arnOf("f")],
  [`${ACCOUNT_ID}:function:f`, arnOf("f")],
  [`${ACCOUNT_ID}:function:f:2`, arnOf("f")],
  ["999988887777:f", arnOf("f").replace(ACCOUNT_ID, "999988887777")],
  ["", null],
  ["two words", null],
  ["arn:aws:lambda:us-east-1:12:function:f", null],
  [null, null],
])("the function %p is %p", (name, arn) => {
  expect(functionArnOf(name, { accountId: ACCOUNT_ID, region: "us-east-1" })).toBe(arn);
});

test.each([
  ["cn-north-1", "aws-cn"],
  ["us-gov-west-1", "aws-us-gov"],
  ["eu-central-1", "aws"],
])("in %s the partition is %s", (region, partition) => {
  expect(functionArnOf("f", { accountId: ACCOUNT_ID, region })).toMatch(`arn:${partition}:lambda:${region}:`);
});

const SSO = asRole("aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef", "ada@example.com");

test.each([
  ["a user", asUser("ada"), true, "user ada"],
  ["the root user", { type: "Root", accountId: ACCOUNT_ID }, true, "the root user"],
  ["somebody from IAM Identity Center", SSO, true, "ada@example.com (IAM Identity Center, Admin)"],
  ["a federated user", { type: "FederatedUser", arn: "arn:aws:sts::1:federated-user/ada" }, true, "user ada"],
  [
    "somebody in the console",
    { ...asRole("Admin", "ada"), sessionCredentialFromConsole: "true" },
    true,
    "ada (role Admin, in the console)",
  ],
  ["a pipeline", asRole("deploy-pipeline", "run-1"), false, "role deploy-pipeline"],
  ["a service", { type: "AWSService", invokedBy: "lambda.amazonaws.com" }, false, "lambda.amazonaws.com"],
  ["nobody", null, false, "unknown"],
])("%s is a person: %p", (_, userIdentity, isPerson, name) => {
  const event = readTrailEvent(trailRecord(0, "x", { userIdentity })) as TrailEvent;
  expect(principalOf(event)).toMatchObject({ isPerson, name });
});

test("each run of a pipeline is the same principal, and each person of one role another", () => {
  const keyOf = (userIdentity: object) =>
    principalOf(readTrailEvent(trailRecord(0, "x", { userIdentity })) as TrailEvent).key;
  expect(keyOf(asRole("deploy", "run-1"))).toBe(keyOf(asRole("deploy", "run-2")));
  const grace = JSON.parse(JSON.stringify(SSO).replaceAll("ada@", "grace@"));
  expect(keyOf(SSO)).not.toBe(keyOf(grace));
});

test("a user whose keys a tool uses is no person with the tool, and another principal without it", () => {
  const by = (userAgent: string) =>
    principalOf(
      readTrailEvent(trailRecord(0, "x", { userIdentity: asUser("deploy"), userAgent })) as TrailEvent,
    );
  expect(by("APN/1.0 HashiCorp/1.0 Terraform/1.9.2")).toMatchObject({
    isPerson: false,
    name: "user deploy (Terraform)",
  });
  expect(by("aws-cli/2.31.0")).toMatchObject({ isPerson: true, name: "user deploy" });
  expect(by("Terraform/1.9").key).toBe(by("HashiCorp Terraform/1.8").key);
  expect(by("Terraform/1.9").key).not.toBe(by("aws-cli/2.31.0").key);
});

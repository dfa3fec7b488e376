/** CodeChange, LayerAdded, RoleChange and TriggerAdded: by whom, and who is learned. */
import { inventoryOf } from "../../../functions/core/attribution/inventory";
import { storedFunction } from "../../support/account";
import {
  anything,
  asRole,
  asUser,
  change,
  onDay,
  quietDays,
  ROLE,
  tellDays,
  trailRecord,
} from "../../support/trail";

const code = (day: number, fields = {}) =>
  change(day, "UpdateFunctionCode20150331v2", { s3Bucket: "builds" }, fields);
const configured = (day: number, request: Record<string, unknown>, fields = {}) =>
  change(day, "UpdateFunctionConfiguration20150331v2", request, fields);
const person = { userIdentity: asUser("mallory") };
const pipeline = (days: number, every = 3) =>
  Array.from({ length: days }, (_, day) =>
    day % every === 0 ? [anything(day), code(day)] : [anything(day)],
  );
const found = (story: readonly (readonly unknown[])[], setting = {}) =>
  [...tellDays(story, setting).findings].flatMap(([day, records]) =>
    records.map((record) => ({ day, ...record })),
  );
const layer = (account: string, name = "helper", version = 3) =>
  `arn:aws:lambda:us-east-1:${account}:layer:${name}:${version}`;

const inventory = inventoryOf([storedFunction("RDSQueryLogger", { role: ROLE })]);

const ofRole = (action: string, requestParameters: Record<string, unknown>) =>
  trailRecord(onDay(14), action, {
    eventSource: "iam.amazonaws.com",
    userIdentity: asUser("mallory"),
    requestParameters: { roleName: "RDSQueryLogger-role", ...requestParameters },
  });
const attach = (policyArn: string) => ofRole("AttachRolePolicy", { policyArn });

test.each<[string, object, string, number]>([
  ["new code", code(14, person), "CodeChange", 7],
  ["another handler", configured(14, { handler: "evil.handler" }, person), "CodeChange", 5.5],
  ["other variables", configured(14, { environment: {} }, person), "CodeChange", 5.5],
  [
    "a layer of another account",
    configured(14, { layers: [layer("999988887777")] }, person),
    "LayerAdded",
    8.5,
  ],
  [
    "a layer of its own account",
    configured(14, { layers: [layer("111122223333")] }, person),
    "LayerAdded",
    6,
  ],
  [
    "a layer as an object",
    configured(14, { layers: [{ arn: layer("999988887777") }] }, person),
    "LayerAdded",
    8.5,
  ],
  ["another role", configured(14, { role: "arn:aws:iam::111122223333:role/admin" }, person), "RoleChange", 7],
  [
    "an event source",
    change(
      14,
      "CreateEventSourceMapping20150331",
      { eventSourceArn: "arn:aws:sqs:us-east-1:111122223333:q" },
      person,
    ),
    "TriggerAdded",
    5.5,
  ],
  [
    "a permission for a service",
    change(
      14,
      "AddPermission20150331v2",
      { principal: "sns.amazonaws.com", action: "lambda:InvokeFunction", statementId: "s" },
      person,
    ),
    "TriggerAdded",
    5.5,
  ],
  [
    "new code, by a role that never did",
    code(14, { userIdentity: asRole("other-pipeline") }),
    "CodeChange",
    6,
  ],
])("%s fires", (_, record, type, score) => {
  expect(found([...pipeline(14), [record]]).map((one) => [one.type, one.score])).toEqual([[type, score]]);
});

test("the words name who did it, and who does", () => {
  const [finding] = found([...pipeline(14), [code(14, person)]]);
  expect(finding).toMatchObject({
    severity: "high",
    title: "New code of RDSQueryLogger by user mallory, who does not deploy it as a rule",
    subject: { eventName: "UpdateFunctionCode20150331v2", actor: "user mallory" },
    baseline: { days: 14, expected: 1, observed: 2 },
  });
  expect(finding?.explanation).toContain(
    "In 14 days of CloudTrail, it was changed by role deploy-pipeline since 2026-10-01.",
  );
});

test("the words tell a rare hand from a new one", () => {
  const story = [[anything(0), code(0, person)], ...pipeline(14).slice(1), [code(14, person)]];
  const [finding] = found(story);
  expect(finding?.baseline).toEqual({ days: 14, expected: 1, observed: 2, threshold: 1, rarity: "RARE" });
  expect(finding?.explanation).toContain("User mallory changed it on 1 day before.");
});

test("who changed it once, and was told of, is not named as one who does", () => {
  const other = { userIdentity: asUser("trudy") };
  const [, finding] = found([...pipeline(14), [code(14, other)], [code(15, person)]]);
  expect(finding?.explanation).toContain(
    "In 15 days of CloudTrail, it was changed by role deploy-pipeline since 2026-10-01. User mallory never changed it before.",
  );
});

test("the same person with something graver is a finding of its own", () => {
  const policy = (policyArn: string) => attach(policyArn);
  const story = [
    [configured(14, { environment: {} }, person), policy("arn:aws:iam::111122223333:policy/read-users")],
    [code(15, person), policy("arn:aws:iam::aws:policy/AdministratorAccess")],
  ];
  const both = found([...pipeline(14), ...story], { inventory });
  expect(both.map(({ type, score }) => [type, score])).toEqual([
    ["CodeChange", 5.5],
    ["RoleChange", 7],
    ["CodeChange", 7],
    ["RoleChange", 8.5],
  ]);
  expect(new Set(both.map(({ id }) => id)).size).toBe(4);
});

test("the same person again is the same finding, seen twice", () => {
  const both = found([...pipeline(14), [code(14, person)], [code(15, person)]]);
  expect(new Set(both.map(({ id }) => id)).size).toBe(1);
});

test.each<[string, readonly (readonly unknown[])[]]>([
  ["the pipeline that deploys every third day", pipeline(30)],
  [
    "a pipeline that deploys a function for the first time, as it does others",
    [
      ...Array.from({ length: 14 }, (_, day) => [
        change(day, "UpdateFunctionCode20150331v2", { functionName: "Other" }),
      ]),
      [code(14)],
    ],
  ],
  [
    "a person who deploys it on three days and more",
    [
      ...Array.from({ length: 5 }, (_, day) => [anything(day), code(day, person)]),
      ...quietDays(10).slice(5),
      [anything(10), code(10, person)],
    ],
  ],
  ["a change while CloudTrail is learned", [...quietDays(5), [code(5, person)]]],
  ["a change that failed", [...pipeline(14), [code(14, { ...person, errorCode: "AccessDenied" })]]],
  ["a trial run", [...pipeline(14), [change(14, "UpdateFunctionCode20150331v2", { dryRun: true }, person)]]],
  ["a longer timeout", [...pipeline(14), [configured(14, { timeout: 30 }, person)]]],
  [
    "an event source that is switched off",
    [...pipeline(14), [change(14, "UpdateEventSourceMapping20150331", { enabled: false }, person)]],
  ],
  ["an alias", [...pipeline(14), [change(14, "UpdateAlias20150331", { name: "PROD" }, person)]]],
])("is quiet about %s", (_, story) => {
  expect(found(story)).toEqual([]);
});

test("a person who deployed it once while it was learned is no deployer yet", () => {
  const story = [[anything(0), code(0, person)], ...quietDays(10).slice(1), [anything(10), code(10, person)]];
  expect(found(story).map(({ type }) => type)).toEqual(["CodeChange"]);
});

test("what may be done with the function's role is the function's", () => {
  const scores = (policyArn: string) =>
    found([...pipeline(14), [attach(policyArn)]], { inventory }).map(({ type, score, functionName }) => [
      type,
      score,
      functionName,
    ]);
  expect(scores("arn:aws:iam::aws:policy/AdministratorAccess")).toEqual([
    ["RoleChange", 8.5, "RDSQueryLogger"],
  ]);
  expect(scores("arn:aws:iam::111122223333:policy/read-users")).toEqual([
    ["RoleChange", 7, "RDSQueryLogger"],
  ]);
});

const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const allow = (Action: unknown) => ({ Effect: "Allow", Action, Resource: "*" });

test.each<[string, string, unknown, number]>([
  ["all actions", "PutRolePolicy", policy(allow("*")), 8.5],
  ["all actions, behind others", "PutRolePolicy", policy(allow("s3:GetObject"), allow(["s3:*", "*"])), 8.5],
  ["all of IAM", "PutRolePolicy", policy(allow("iam:*")), 8.5],
  ["all but some", "PutRolePolicy", policy({ Effect: "Allow", NotAction: "ec2:*", Resource: "*" }), 8.5],
  ["one statement", "PutRolePolicy", JSON.stringify({ Statement: allow("*:*") }), 8.5],
  ["all actions after much white space", "PutRolePolicy", `${" ".repeat(30_000)}${policy(allow("*"))}`, 8.5],
  ["some actions", "PutRolePolicy", policy(allow(["s3:GetObject", "s3:List*"])), 7],
  ["no actions at all", "PutRolePolicy", policy({ Effect: "Deny", Action: "*", Resource: "*" }), 7],
  ["what cannot be read", "PutRolePolicy", '{"Action":"*"', 7],
  ["nothing", "PutRolePolicy", { Action: "*" }, 7],
  [
    "another account in",
    "UpdateAssumeRolePolicy",
    policy({
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::999988887777:root" },
      Action: "sts:AssumeRole",
    }),
    8.5,
  ],
  [
    "everybody in",
    "UpdateAssumeRolePolicy",
    policy({ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" }),
    8.5,
  ],
  [
    "Lambda and its own account in",
    "UpdateAssumeRolePolicy",
    policy({
      Effect: "Allow",
      Principal: { Service: "lambda.amazonaws.com", AWS: "111122223333" },
      Action: "sts:AssumeRole",
    }),
    7,
  ],
])("a policy of the role that lets %s (%s)", (_, action, policyDocument, score) => {
  const findings = found([...pipeline(14), [ofRole(action, { policyName: "p", policyDocument })]], {
    inventory,
  });
  expect(findings.map((one) => [one.type, one.score])).toEqual([["RoleChange", score]]);
});

test.each<[string, string, object, string, number]>([
  [
    "a service in a list",
    "AddPermission20150331v2",
    { principal: { Service: ["s3.amazonaws.com"] }, sourceArn: "arn:aws:s3:::bucket" },
    "s3.amazonaws.com (arn:aws:s3:::bucket) can start it",
    5.5,
  ],
  [
    "a topic of another account",
    "AddPermission20150331v2",
    { principal: "sns.amazonaws.com", sourceArn: "arn:aws:sns:us-east-1:999988887777:t" },
    "sns.amazonaws.com (arn:aws:sns:us-east-1:999988887777:t) of account 999988887777 can start it",
    7,
  ],
  [
    "a queue of another account",
    "CreateEventSourceMapping20150331",
    { eventSourceArn: "arn:aws:sqs:us-east-1:999988887777:q" },
    "arn:aws:sqs:us-east-1:999988887777:q of account 999988887777 can start it",
    7,
  ],
  [
    "an event source that is switched on",
    "UpdateEventSourceMapping20150331",
    { uUID: "0a1b", enabled: "true" },
    "event source mapping 0a1b can start it",
    5.5,
  ],
])("a trigger by %s says so", (_, action, request, detail, score) => {
  const statement = { action: "lambda:InvokeFunction", statementId: "s" };
  const [finding, ...others] = found([
    ...pipeline(14),
    [change(14, action, { ...statement, ...request }, person)],
  ]);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ type: "TriggerAdded", score, subject: { detail } });
});

test("layer and role in one change are each a finding, and a layer's next version is the same", () => {
  const change = (version: number) =>
    configured(
      14,
      { layers: [layer("999988887777", "helper", version)], role: "arn:aws:iam::111122223333:role/admin" },
      person,
    );
  const findings = found([...pipeline(14), [change(3)], [change(4)]]);
  expect(findings.map(({ type }) => type)).toEqual(["LayerAdded", "RoleChange", "LayerAdded", "RoleChange"]);
  expect(new Set(findings.map(({ id }) => id)).size).toBe(2);
});

test("hostile parameters do not break it", () => {
  const odd = {
    layers: [null, 17, { arn: {} }, "x".repeat(9000)],
    role: ["r"],
    handler: null,
    environment: "x",
  };
  expect(
    found([...pipeline(14), [configured(14, odd, { ...person, userIdentity: null })]]).map(
      ({ type }) => type,
    ),
  ).toEqual(["CodeChange"]);
});

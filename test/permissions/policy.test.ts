import { apiCall } from "../support/permissions/api-call";
import { grantText, judge, type Statement } from "../support/permissions/policy";

const where = { account: "111122223333", region: "us-east-1", partitionKeys: { things: "kind" } };
const TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table/things";
const put = (kind: string) => apiCall("dynamodb", "PutItem", { TableName: "things", Item: { kind } }, where);
const allow = (Action: string, Resource: string, Condition?: Statement["Condition"]): Statement => ({
  Effect: "Allow",
  Action,
  Resource,
  ...(Condition && { Condition }),
});
const ofKindA = { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["a"] } };

test.each<[string, ReturnType<typeof apiCall>, Statement, boolean]>([
  ["its action on its resource", put("a"), allow("dynamodb:PutItem", TABLE), true],
  ["another action", put("a"), allow("dynamodb:GetItem", TABLE), false],
  ["another table", put("a"), allow("dynamodb:PutItem", `${TABLE}-of-others`), false],
  ["an index of the table only", put("a"), allow("dynamodb:PutItem", `${TABLE}/index/*`), false],
  [
    "an index, by its name",
    apiCall("dynamodb", "Query", { TableName: "things", IndexName: "byEntity" }, where),
    allow("dynamodb:Query", `${TABLE}/index/byEntity`),
    true,
  ],
  ["the partition key that the condition names", put("a"), allow("dynamodb:PutItem", TABLE, ofKindA), true],
  ["another partition key", put("b"), allow("dynamodb:PutItem", TABLE, ofKindA), false],
  [
    "another partition key, as it is sent",
    apiCall("dynamodb", "DeleteItem", { TableName: "things", Key: { kind: { S: "b" } } }, where),
    allow("dynamodb:DeleteItem", TABLE, ofKindA),
    false,
  ],
  [
    "an object below the prefix",
    apiCall("s3", "GetObject", { Bucket: "logs", Key: "AWSLogs/1/a.log.gz" }, where),
    allow("s3:GetObject", "arn:aws:s3:::logs/AWSLogs/*"),
    true,
  ],
  [
    "an object beside it",
    apiCall("s3", "GetObject", { Bucket: "logs", Key: "other/a.log.gz" }, where),
    allow("s3:GetObject", "arn:aws:s3:::logs/AWSLogs/*"),
    false,
  ],
  [
    "listing another prefix than the condition names",
    apiCall("s3", "ListObjectsV2", { Bucket: "lists", Prefix: "" }, where),
    allow("s3:ListBucket", "arn:aws:s3:::lists", { StringEquals: { "s3:prefix": "threats/" } }),
    false,
  ],
  [
    "listing without the key that the condition needs",
    apiCall("s3", "ListObjectsV2", { Bucket: "lists" }, where),
    allow("s3:ListBucket", "arn:aws:s3:::lists", { StringEquals: { "s3:prefix": "threats/" } }),
    false,
  ],
  ["a dot that is no wildcard", put("a"), allow("dynamodb.PutItem", TABLE), false],
])("%s: allowed or not", (_, call, statement, expected) => {
  expect(judge([call], [statement]).denied.length === 0).toBe(expected);
});

test("what is granted and never used is told, action by action and resource by resource", () => {
  const statement = {
    Effect: "Allow",
    Action: ["dynamodb:PutItem", "dynamodb:GetItem"],
    Resource: [TABLE, "*"],
  };
  expect(judge([put("a")], [statement]).unused.map(grantText)).toEqual([
    `dynamodb:GetItem on ${TABLE}`,
    "dynamodb:GetItem on *",
  ]);
});

test.each<[string, object, RegExp]>([
  ["a denial", { Effect: "Deny", Action: "s3:*", Resource: "*" }, /form that is not known/],
  ["a negation", { Effect: "Allow", NotAction: "s3:*", Resource: "*" }, /form that is not known/],
  [
    "a condition",
    allow("dynamodb:PutItem", TABLE, { StringLike: { "dynamodb:LeadingKeys": "a*" } }),
    /StringLike is not known/,
  ],
])("%s that the matcher does not know is refused, not passed over", (_, statement, message) => {
  expect(() => judge([put("a")], [statement as Statement])).toThrow(message);
});

test("a service whose resources are not known is refused", () => {
  expect(() => apiCall("kms", "Decrypt", {}, where)).toThrow(/knows no kms/);
});

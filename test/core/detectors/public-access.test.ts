/** PublicInvokePermission and PublicFunctionUrl. */
import { asUser, change, tellDays, typesOf } from "../../support/trail";

const permission = (request: object, fields = {}) =>
  change(
    0,
    "AddPermission20150331v2",
    { statementId: "s1", action: "lambda:InvokeFunction", ...request },
    fields,
  );
const found = (...records: unknown[]) => [...tellDays([records]).findings.values()].flat();
const scores = (...records: unknown[]) => found(...records).map(({ type, score }) => [type, score]);

test.each<[string, object, number]>([
  ["everybody", { principal: "*" }, 9.5],
  ["everybody, as an object", { principal: { AWS: "*" } }, 9.5],
  ["everybody, in a list", { principal: { AWS: ["111122223333", "*"] } }, 9.5],
  ["everybody, for all actions", { principal: "*", action: "lambda:*" }, 9.5],
  ["another account", { principal: "999988887777" }, 7.5],
  ["a role of another account", { principal: "arn:aws:iam::999988887777:role/x" }, 7.5],
  ["another account of an organization", { principal: "999988887777", principalOrgID: "o-1234567890" }, 5],
  ["everybody from another account's bucket", { principal: "*", sourceAccount: "999988887777" }, 7.5],
  [
    "everybody with credentials, by the function URL",
    { principal: "*", action: "lambda:InvokeFunctionUrl", functionUrlAuthType: "AWS_IAM" },
    9.5,
  ],
  [
    "everybody for all actions, with the auth type of a URL beside it",
    { principal: "*", action: "lambda:*", functionUrlAuthType: "NONE" },
    9.5,
  ],
  ["everybody from any bucket of anybody", { principal: "*", sourceArn: "arn:aws:s3:::*" }, 9.5],
  ["everybody from anywhere", { principal: "*", sourceArn: "*" }, 9.5],
  [
    "everybody from another account's topic",
    { principal: "*", sourceArn: "arn:aws:sns:us-east-1:999988887777:t" },
    7.5,
  ],
  ["another account, in a list without AWS", { principal: ["111122223333", "999988887777"] }, 7.5],
])("a permission for %s fires PublicInvokePermission", (_, request, score) => {
  expect(scores(permission(request))).toEqual([["PublicInvokePermission", score]]);
});

test.each<[string, object, object?]>([
  [
    "a service with a source",
    { principal: "apigateway.amazonaws.com", sourceArn: "arn:aws:execute-api:us-east-1:111122223333:abc/*" },
  ],
  ["a service as an object", { principal: { Service: "events.amazonaws.com" } }],
  ["its own account", { principal: "111122223333" }],
  ["everybody of the organization", { principal: "*", principalOrgID: "o-1234567890" }],
  ["everybody from its own account", { principal: "*", sourceAccount: "111122223333" }],
  ["everybody from its own bucket", { principal: "*", sourceArn: "arn:aws:s3:::bucket" }],
  ["everybody to read its configuration", { principal: "*", action: "lambda:GetFunction" }],
  [
    "everybody by the function URL, which is told by itself",
    { principal: "*", action: "lambda:InvokeFunctionUrl", functionUrlAuthType: "NONE" },
  ],
  ["everybody to invoke it, but by the function URL only", { principal: "*", invokedViaFunctionUrl: true }],
  ["everybody from its own topic", { principal: "*", sourceArn: "arn:aws:sns:us-east-1:111122223333:t" }],
  ["nobody", {}],
  ["a number", { principal: 17 }],
  ["a call that failed", { principal: "*" }, { errorCode: "AccessDenied" }],
])("is quiet about a permission for %s", (_, request, fields = {}) => {
  expect(found(permission(request, fields))).toEqual([]);
});

test("the words say who did what, and how it is undone", () => {
  const [finding] = found(permission({ principal: "*" }, { userIdentity: asUser("mallory") }));
  expect(finding).toMatchObject({
    severity: "critical",
    functionName: "RDSQueryLogger",
    title: "Everybody may invoke RDSQueryLogger",
    subject: {
      eventName: "AddPermission20150331v2",
      actor: "user mallory",
      detail: "everybody may invoke it (statement s1)",
    },
    learnedFrom: null,
  });
  expect(finding?.explanation).toMatch(
    /^User mallory called AddPermission20150331v2 from 198\.51\.100\.7 .* No condition narrows it\./,
  );
});

test.each([
  "RDSQueryLogger:1",
  "arn:aws:lambda:us-east-1:111122223333:function:RDSQueryLogger:PROD",
  "111122223333:RDSQueryLogger",
])("the function may be called %s", (functionName) => {
  expect(found(permission({ principal: "*", functionName })).map((one) => one.functionName)).toEqual([
    "RDSQueryLogger",
  ]);
});

const url = (action: string, authType?: string, at = 3600) =>
  change(0, `${action}FunctionUrlConfig`, authType === undefined ? {} : { authType }, { at });

test.each([["Create"], ["Update"]])(
  "%sFunctionUrlConfig with auth type NONE fires PublicFunctionUrl",
  (action) => {
    expect(scores(url(action, "NONE"))).toEqual([["PublicFunctionUrl", 8]]);
  },
);

test.each([
  ["Create", "AWS_IAM"],
  ["Update", "AWS_IAM"],
  ["Update", undefined],
  ["Delete", undefined],
])("is quiet about %sFunctionUrlConfig with auth type %s", (action, authType) => {
  expect(found(url(action, authType))).toEqual([]);
});

const ended = (
  begin: (at: number) => unknown,
  end: (at: number) => unknown,
  ...order: ("begin" | "end")[]
) => {
  const { findings, endings } = tellDays(order.map((one) => [one === "begin" ? begin(1000) : end(2000)]));
  const [finding] = [...findings.values()].flat();
  return { finding, end: endings[0] };
};

test.each<[string, (at: number) => unknown, (at: number) => unknown]>([
  [
    "RemovePermission",
    (at) => permission({ principal: "*" }, { at }),
    (at) => change(0, "RemovePermission20150331v2", { statementId: "s1" }, { at }),
  ],
  [
    "RemovePermission that names the alias otherwise",
    (at) => permission({ principal: "*", functionName: "RDSQueryLogger:PROD" }, { at }),
    (at) => change(0, "RemovePermission20150331v2", { statementId: "s1", qualifier: "PROD" }, { at }),
  ],
  ["DeleteFunctionUrlConfig", (at) => url("Create", "NONE", at), (at) => url("Delete", undefined, at)],
  ["a URL that asks for IAM", (at) => url("Create", "NONE", at), (at) => url("Update", "AWS_IAM", at)],
])("%s ends it, whichever is told first", (_, begin, end) => {
  const inOrder = ended(begin, end, "begin", "end");
  expect(inOrder.end?.id).toBe(inOrder.finding?.id);
  expect(ended(begin, end, "end", "begin").finding).toMatchObject({
    id: inOrder.finding?.id,
    endedAt: "2026-10-01T00:33:20Z",
  });
});

test("a permission that comes again after its end is open again", () => {
  const add = (at: number) => permission({ principal: "*" }, { at });
  const remove = change(0, "RemovePermission20150331v2", { statementId: "s1" }, { at: 2000 });
  const { findings } = tellDays([[add(1000), remove, add(3000)]]);
  expect([...findings.values()].flat()).toMatchObject([
    { count: 2, endedAt: "2026-10-01T00:33:20Z", lastSeen: "2026-10-01T00:50:00Z" },
  ]);
});

test("hostile statements do not break it", () => {
  const odd = {
    principal: { AWS: [{}, null, "*".repeat(9), "x".repeat(5000)] },
    statementId: { a: 1 },
    action: ["lambda:InvokeFunction"],
  };
  expect(
    typesOf(tellDays([[permission(odd), permission({ principal: "*", statementId: "__proto__" })]])),
  ).toEqual({
    0: ["PublicInvokePermission"],
  });
});

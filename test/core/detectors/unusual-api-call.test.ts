import { cleanText } from "../../../functions/core/text";
import { anything, asFunction, asUser, call, change, tellDays, typesOf } from "../../support/trail";

const secret = (day: number, more = {}) => call(day, "secretsmanager", "GetSecretValue", more);
const usual = (days: number) => Array.from({ length: days }, (_, day) => [anything(day), secret(day)]);
const unusual = (days: readonly (readonly unknown[])[], settings = {}) =>
  Object.fromEntries(
    [...tellDays(days, settings).findings].map(([day, records]) => [
      day,
      records.filter(({ type }) => type === "UnusualApiCall"),
    ]),
  );

test("a service that was never called is found, with the numbers and the words", () => {
  const [finding] =
    unusual([
      ...usual(14),
      [
        secret(14),
        call(14, "iam", "CreateUser", { userIdentity: asFunction("RDSQueryLogger", "ASIA2", "9") }),
      ],
    ])[14] ?? [];
  expect(finding).toMatchObject({
    severity: "critical",
    score: 10, // 7 + 2 * 14 / 14 + 1
    title: "RDSQueryLogger uses iam, which it never did: CreateUser",
    subject: {
      eventSource: "iam.amazonaws.com",
      eventName: "CreateUser",
      region: "us-east-1",
      accessKeyId: "ASIA2",
      errorCode: null,
    },
    baseline: { days: 14, expected: 1, observed: 2, threshold: 1, rarity: "UNSEEN" },
    count: 1,
    mitre: ["T1098", "T1136.003"],
    learnedFrom: "2026-10-01T00:00:00Z",
  });
  expect(finding?.explanation).toContain(
    "RDSQueryLogger (version 9) called iam:CreateUser in us-east-1 from 203.0.113.25",
  );
  expect(finding?.explanation).toContain("went to 1 service: secretsmanager, the last new one 14 days ago.");
  expect(finding?.evidence).toEqual([
    { source: "cloudtrail", ref: expect.stringMatching(/^00000000-/), at: "2026-10-15T01:00:00Z" },
  ]);
});

test("an action that was never called, of a service that was, is graver the more it can do", () => {
  const story = [
    ...usual(14),
    [
      call(14, "secretsmanager", "ListSecrets", { readOnly: true }),
      call(14, "secretsmanager", "PutResourcePolicy"),
    ],
  ];
  expect((unusual(story)[14] ?? []).map(({ title, score }) => [title, score])).toEqual([
    ["RDSQueryLogger calls secretsmanager:ListSecrets, which it never did", 5], // 3 - 1 + 2 + 1
    ["RDSQueryLogger calls secretsmanager:PutResourcePolicy, which it never did", 8.5], // 6.5 - 1 + 2 + 1
  ]);
});

test("all that is called of a new service is one finding, described by the gravest", () => {
  const calls = ["ListUsers", "CreateUser", "ListRoles"].map((action, i) =>
    call(14, "iam", action, { at: 4000 + i }),
  );
  const found = unusual([...usual(14), calls])[14] ?? [];
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({
    count: 3,
    subject: { eventName: "CreateUser" },
    firstSeen: "2026-10-15T01:06:40Z",
  });
});

test("days later it is the same finding, until it was there on seven days", () => {
  const story = [
    ...usual(14),
    ...Array.from({ length: 10 }, (_, i) => [secret(14 + i), call(14 + i, "sts", "GetCallerIdentity")]),
  ];
  const found = unusual(story);
  expect(Object.keys(found).map(Number)).toEqual([14, 15, 16, 17, 18, 19, 20]);
  expect(
    new Set(
      Object.values(found)
        .flat()
        .map(({ id }) => id),
    ).size,
  ).toBe(1);
});

test.each<[string, (readonly unknown[])[], object?]>([
  ["what it always called", usual(20)],
  ["what is new while it is learned", [...usual(6), [call(6, "iam", "CreateUser")]]],
  [
    "what came once while it was learned, and comes again",
    [...usual(3), [call(3, "iam", "GetRole")], ...usual(11).slice(4), [call(11, "iam", "GetRole")]],
  ],
  ["what was denied", [...usual(14), [call(14, "iam", "CreateUser", { errorCode: "AccessDenied" })]]],
  [
    "what a service called in its name",
    [
      ...usual(14),
      [
        call(14, "ec2", "CreateNetworkInterface", {
          userIdentity: { ...asFunction(), invokedBy: "lambda.amazonaws.com" },
        }),
      ],
    ],
  ],
  [
    "what another function calls",
    [...usual(14), [call(14, "iam", "CreateUser", { userIdentity: asFunction("OrderApi") })]],
  ],
  ["what a person calls", [...usual(14), [call(14, "iam", "CreateUser", { userIdentity: asUser() })]]],
  [
    "a function that calls something new all the time",
    Array.from({ length: 20 }, (_, day) => [secret(day), call(day, `service${day}`, "ListThings")]),
  ],
])("is quiet about %s", (_, story, settings = {}) => {
  expect(Object.values(unusual(story, settings)).flat()).toEqual([]);
});

test("the history is the function's own where a role is shared", () => {
  const shared = (name: string) => ({
    ...asFunction(name),
    sessionContext: { sessionIssuer: { arn: "arn:aws:iam::111122223333:role/shared" } },
  });
  const both = Array.from({ length: 14 }, (_, day) => [
    secret(day, { userIdentity: shared("A") }),
    call(day, "sqs", "ListQueues", { userIdentity: shared("B") }),
  ]);
  const found = unusual([...both, [call(14, "sqs", "ListQueues", { userIdentity: shared("A") })]])[14] ?? [];
  expect(found.map(({ functionName }) => functionName)).toEqual(["A"]);
});

test("right after the deploy that always comes, severity is a step lower", () => {
  const deploy = (day: number) => change(day, "UpdateFunctionCode20150331v2", {}, { at: 3000 });
  const story = [
    ...usual(14).map((day, i) => (i % 3 === 0 ? [...day, deploy(i)] : day)),
    [deploy(14), secret(14), call(14, "sts", "AssumeRole")],
  ];
  const [finding] = unusual(story)[14] ?? [];
  expect(finding).toMatchObject({ severity: "high", score: 7 }); // 9 for critical, the lowest of its band
  expect(finding?.explanation).toContain(
    "It came 10 minutes after UpdateFunctionCode by role deploy-pipeline at 2026-10-15T00:50:00Z, which deploys this function as a rule, so its severity is one step lower",
  );
});

test("right after a change by somebody who never deployed it, severity is a step higher", () => {
  const tampered = change(14, "UpdateFunctionCode20150331v2", {}, { at: 3000, userIdentity: asUser() });
  const [finding] =
    unusual([...usual(14), [tampered, secret(14), call(14, "sqs", "ListQueues", { readOnly: true })]])[14] ??
    [];
  expect(finding?.severity).toBe("high"); // 6 for medium
  expect(finding?.explanation).toContain(
    "by user mallory at 2026-10-15T00:50:00Z, who does not deploy this function as a rule",
  );
});

test("hostile names neither break it nor become fields", () => {
  const odd = [
    call(14, "__proto__", "constructor"),
    call(14, "x".repeat(200), "y".repeat(500)),
    call(14, "s3\u001b[31m", "Get\nThis"),
  ];
  const found = unusual([...usual(14), odd])[14] ?? [];
  expect(found).toHaveLength(3);
  for (const { title } of found) expect(title).toBe(cleanText(title, 1000));
  expect(({} as Record<string, unknown>).called).toBeUndefined();
});

test("more services than AWS has do not push out those that were known", () => {
  const flood = Array.from({ length: 1000 }, (_, i) => call(8, `service${i}`, "Get"));
  const { baselines } = tellDays([...usual(8), flood]);
  const services = [...baselines.values()].flatMap(({ calls }) => [...calls.keys()]);
  expect(services).toContain("secretsmanager");
  expect(services.length).toBeLessThanOrEqual(400);
});

test("the policy of types: each day's findings by type", () => {
  expect(typesOf(tellDays([...usual(14), [call(14, "sts", "GetCallerIdentity")]]))).toEqual({
    14: ["UnusualApiCall"],
  });
});

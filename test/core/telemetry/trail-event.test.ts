import fc from "fast-check";
import { readTrailEvent, type TrailEvent } from "../../../functions/core/telemetry/trail-event";
import { readTrailDelivery, readTrailFile } from "../../../functions/core/telemetry/trail-file";
import { arnOf } from "../../support/account";
import { asFunction, asRole, asUser, onDay, trailRecord } from "../../support/trail";

const read = (fields: Record<string, unknown> = {}, eventName = "ListBuckets") =>
  readTrailEvent(trailRecord(onDay(0), eventName, fields)) as TrailEvent;

test("a call of a function, with all that is told of it", () => {
  expect(read({ userIdentity: asFunction(), readOnly: true, vpcEndpointId: "vpce-1" })).toMatchObject({
    at: onDay(0),
    accountId: "111122223333",
    region: "us-east-1",
    eventSource: "s3.amazonaws.com",
    service: "s3",
    action: "ListBuckets",
    readOnly: true,
    errorCode: null,
    sourceIp: "203.0.113.25",
    vpcEndpointId: "vpce-1",
    identity: {
      type: "AssumedRole",
      roleArn: "arn:aws:iam::111122223333:role/RDSQueryLogger-role",
      sessionName: "RDSQueryLogger",
      accessKeyId: "ASIAEXAMPLEFUNCTION1",
      issuedTo: { issuerType: "AWS::Lambda::Function", arn: arnOf("RDSQueryLogger"), version: "$LATEST" },
    },
  });
});

test.each([
  ["UpdateFunctionCode20150331v2", "UpdateFunctionCode"],
  ["AddPermission20150331", "AddPermission"],
  ["ListTagsForResource2020_05_31", "ListTagsForResource"],
  ["CreateDistribution2020_05_31", "CreateDistribution"],
  ["GetObject", "GetObject"],
  ["DescribeV2", "DescribeV2"],
  ["20150331", "20150331"],
])("the event %s is the action %s", (eventName, action) => {
  expect(read({}, eventName)).toMatchObject({ eventName, action });
});

test.each([
  ["an address in another form", "2001:DB8::0021", "2001:db8::21"],
  ["the name of a service", "states.amazonaws.com", "states.amazonaws.com"],
  ["an impossible address", "999.0.0.1", "999.0.0.1"],
  ["a hidden address", "HIDDEN_DUE_TO_SECURITY_REASONS", "HIDDEN_DUE_TO_SECURITY_REASONS"],
  ["nothing", null, null],
])("where a call came from may be %s", (_, sourceIPAddress, sourceIp) => {
  expect(read({ sourceIPAddress }).sourceIp).toBe(sourceIp);
});

test.each([
  ["without a time", { eventTime: undefined }],
  ["with a time that is none", { eventTime: "yesterday" }],
  ["without a source", { eventSource: null }],
  ["without a name", { eventName: 17 }],
])("an event %s cannot be used", (_, fields) => {
  expect(read(fields)).toBe("malformed");
});

test.each(["AwsServiceEvent", "AwsConsoleSignIn", "AwsVpceEvent", "AwsCloudTrailInsight"])(
  "a record of type %s is no call",
  (eventType) => {
    expect(read({ eventType })).toBe("other");
  },
);

test("an event without identity, parameters or id is used all the same, and always has the same id", () => {
  const bare = {
    userIdentity: null,
    requestParameters: null,
    eventID: undefined,
    recipientAccountId: undefined,
  };
  const [first, second] = [read(bare), read(bare)];
  expect(first).toMatchObject({ accountId: null, identity: { type: null, issuedTo: null } });
  expect(first.id).toBe(second.id);
  expect(first.id).not.toBe(read({ ...bare, awsRegion: "eu-west-1" }).id);
});

test("whatever stands in a field, no field makes it throw", () => {
  const anything = fc.oneof(fc.anything(), fc.constant({ sessionContext: { sessionIssuer: [] } }));
  const fields = Object.keys(
    trailRecord(0, "x", { userIdentity: asUser(), sessionCredentialFromConsole: "true" }),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...fields), anything), (broken) => {
      expect(() =>
        readTrailEvent({ ...trailRecord(onDay(0), "GetObject", { userIdentity: asRole() }), ...broken }),
      ).not.toThrow();
    }),
  );
  fc.assert(fc.property(fc.anything(), (record) => expect(() => readTrailEvent(record)).not.toThrow()));
});

test("one that is nested too deeply to be told by its content is malformed, and the rest of its file is read", () => {
  const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
  const record = JSON.stringify(trailRecord(onDay(0), "ListBuckets", { eventID: 0 })).replace(
    ":0,",
    `:${deep},`,
  );
  const { coverage } = readTrailFile(
    `{"Records": [${record}, ${JSON.stringify(trailRecord(onDay(0), "ListBuckets"))}]}`,
  );
  expect(coverage).toEqual({ records: 2, otherRecords: 0, malformed: 1 });
});

test("names that would act on a terminal are cleaned, and cut", () => {
  const event = read({ userAgent: `\u001b[31mred\u202e${"x".repeat(1000)}` });
  expect(event.userAgent).toMatch(/^\[31mred x+…$/);
  expect(event.userAgent).toHaveLength(300);
});

describe("a file", () => {
  test("gives its calls and counts the rest", () => {
    const records = [
      trailRecord(onDay(0), "ListBuckets"),
      trailRecord(onDay(0), "ConsoleLogin", { eventType: "AwsConsoleSignIn" }),
      { eventName: "x" },
      null,
    ];
    const { events, coverage, problem } = readTrailFile(JSON.stringify({ Records: records }));
    expect(events).toHaveLength(1);
    expect(coverage).toEqual({ records: 4, otherRecords: 1, malformed: 2 });
    expect(problem).toBeNull();
  });

  test.each([
    ["no JSON", "{", /cannot be read as JSON/],
    ["another document", '{"digestS3Bucket": "b"}', /no CloudTrail file: expected \{"Records"/],
    ["a list", "[]", /no CloudTrail file/],
    ["nothing", "null", /no CloudTrail file/],
  ])("that is %s says so", (_, text, reason) => {
    expect(readTrailFile(text)).toMatchObject({ events: [], problem: expect.stringMatching(reason) });
  });
});

describe("an event of EventBridge", () => {
  test("has the record as its detail", () => {
    const detail = trailRecord(onDay(0), "ListBuckets");
    const { events } = readTrailDelivery(
      JSON.stringify({ "detail-type": "AWS API Call via CloudTrail", detail }),
    );
    expect(events.map(({ id }) => id)).toEqual([detail.eventID]);
  });

  test.each([["{"], ["{}"], ["null"], ['"text"']])("that is %s says what is wrong", (body) => {
    expect(readTrailDelivery(body).problem).toMatch(/JSON|no event of EventBridge/);
  });
});

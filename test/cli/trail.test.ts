/** Files of CloudTrail in a telemetry folder. */
import { gzipSync } from "node:zlib";
import { T0 } from "../support/flow-log";
import { folder, jsonLines, plumbline, removeFolders } from "../support/folder";
import { stamp } from "../support/story";
import { asUser, call, change, onDay, trailRecord } from "../support/trail";

afterAll(removeFolders);

const path = (day: number, ending = ".json.gz") =>
  `AWSLogs/111122223333/CloudTrail/us-east-1/2026/10/${String(day + 1).padStart(2, "0")}/111122223333_CloudTrail_us-east-1_${stamp(T0 + day * 86_400)}Z_abcd${ending}`;
const gz = (...records: object[]) => gzipSync(JSON.stringify({ Records: records }));
const permission = (day: number) =>
  change(
    day,
    "AddPermission20150331v2",
    { principal: "*", action: "lambda:InvokeFunction", statementId: "s" },
    { userIdentity: asUser() },
  );
const past = Object.fromEntries(
  Array.from({ length: 10 }, (_, day) => [path(day), gz(call(day, "ssm", "GetParameter"))]),
);

test("a folder with nothing but CloudTrail gives what is wrong by itself, and says what is missing", async () => {
  const stop = trailRecord(onDay(0), "StopLogging", {
    eventSource: "cloudtrail.amazonaws.com",
    userIdentity: asUser(),
    requestParameters: { name: "main" },
  });
  const run = await plumbline("replay", folder({ [path(0)]: gz(permission(0), stop) }), "--json");
  expect(run.status).toBe(0);
  expect(jsonLines(run).map(({ type, functionName, entity }) => [type, functionName, entity])).toEqual([
    [
      "PublicInvokePermission",
      "RDSQueryLogger",
      "arn:aws:lambda:us-east-1:111122223333:function:RDSQueryLogger",
    ],
    ["TelemetryDisabled", null, "account:111122223333:us-east-1"],
  ]);
  expect(run.stderr).toMatch(/No flow logs.*No inventory\/functions\.json/s);
});

test("calls and changes are counted, and shown with what they are about", async () => {
  const run = await plumbline(
    "replay",
    folder({ ...past, [path(10)]: gz(call(10, "iam", "CreateUser"), permission(10)) }),
  );
  expect(run.stdout).toMatch(/UnusualApiCall .* iam:CreateUser/);
  expect(run.stdout).toMatch(/PublicInvokePermission .* everybody may invoke it \(statement s\)/);
  expect(run.stdout).toContain(
    "11 CloudTrail files, 12 records: 11 calls by functions, 1 change of functions or telemetry.",
  );
});

test("the same folder again from kept tables tells the same, and nothing new", async () => {
  const dir = folder({ ...past, [path(10)]: gz(call(10, "iam", "CreateUser")) });
  const state = folder({});
  const first = await plumbline("replay", dir, "--json", "--state", state);
  const second = await plumbline("replay", dir, "--json", "--state", state);
  expect(jsonLines(first)).toHaveLength(1);
  expect(second.stdout).toBe(first.stdout);
});

test.each<[string, Uint8Array | string, RegExp]>([
  ["no gzip, by its name", "{", /cannot be read as JSON/],
  ["cut off", gz(call(0, "s3", "ListBuckets")).subarray(0, 60), /gzip data is damaged/],
  ["another document", gzipSync('{"digestS3Object": "x"}'), /no CloudTrail file: expected \{"Records"/],
  [
    "half of records that are none",
    gz(call(0, "s3", "ListBuckets"), {}),
    /1 record without a time, a source or a name/,
  ],
])("a file that is %s is named, and the rest is read", async (_, content, reason) => {
  const run = await plumbline(
    "replay",
    folder({ ...past, [path(10)]: gz(call(10, "iam", "CreateUser")), [path(11)]: content }),
    "--json",
  );
  expect(run.status).toBe(4);
  expect(run.stderr).toMatch(reason);
  expect(jsonLines(run).map(({ type }) => type)).toEqual(["UnusualApiCall"]);
});

test("plain files, a prefix and the layout of an organization are read", async () => {
  const records = JSON.stringify({ Records: [permission(0)] });
  for (const key of [
    `logs/AWSLogs/o-1234567890/111122223333/CloudTrail/us-east-1/2026/10/01/a.json`,
    path(0, ".json"),
  ]) {
    expect(jsonLines(await plumbline("replay", folder({ [key]: records }), "--json"))).toHaveLength(1);
  }
});

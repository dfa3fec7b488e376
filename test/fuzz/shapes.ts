/** Telemetry as AWS delivers it, in small: from the sample and from what other tests use. */
import { gunzipSync } from "node:zlib";
import { describeNetworkInterfaces, listFunctions } from "../../samples/account";
import { connectionRecords, flowLogObject, rejectedRecord, statusRecord } from "../../samples/flow-log-file";
import { metricData } from "../../samples/metrics";
import { random } from "../../samples/random";
import { BEGIN, DAYS, trafficOf } from "../../samples/traffic";
import { trailFile } from "../../samples/trail";
import { lambdaFunction, lambdaInterface, named, networkInterface } from "../support/account";
import { DAY, ENI, OWN, T0, V2, v2 } from "../support/flow-log";
import { parquet } from "../support/parquet";
import { asFunction, asUser, call, change } from "../support/trail";

const V2_LINES = [
  V2,
  ...Array.from({ length: 12 }, (_, i) => v2({ to: `10.0.20.${i % 4}`, sourcePort: 40_000 + i, at: T0 + i })),
  v2({ eni: "eni-0b00000000000002b", to: "10.0.20.11", at: T0 }),
  v2({ from: "10.0.20.11", to: OWN, sourcePort: 5432, port: 40_001, at: T0 }),
  v2({ to: "2001:db8::1", at: T0 + 40 }),
  `2 111122223333 ${ENI} - - - - - - - ${T0} ${T0 + 60} - NODATA`,
];

const sampleRecords = () => {
  const dice = random(1);
  const minutes = [0, 3, 12, 60].flatMap((minute) => trafficOf((DAYS - 1) * 1440 + minute, dice));
  const lines = minutes.flatMap((one) => connectionRecords(one, dice));
  return [...lines.slice(0, 30), rejectedRecord(ENI, OWN, BEGIN, dice), statusRecord(ENI, BEGIN, "SKIPDATA")];
};
const sampleObject = flowLogObject(sampleRecords(), BEGIN, random(2)).body;

export const FLOW_LOG_TEXTS = [`${V2_LINES.join("\n")}\n`, gunzipSync(sampleObject).toString("latin1")];
export const FLOW_LOG_OBJECTS = [sampleObject];
export const PARQUET_OBJECTS = [
  parquet(V2_LINES, { codec: "UNCOMPRESSED", nulls: true }),
  parquet(V2_LINES, { codec: "SNAPPY", rowGroupSize: 20 }),
  parquet(V2_LINES, { codec: "GZIP", encoding: "DELTA_BYTE_ARRAY" }),
];

const changes = [
  change(0, "UpdateFunctionConfiguration20150331v2", {
    layers: ["arn:aws:lambda:us-east-1:999988887777:layer:tools:3"],
  }),
  change(0, "AddPermission20150331v2", {
    statementId: "debug",
    action: "lambda:InvokeFunction",
    principal: "*",
  }),
  change(0, "CreateFunctionUrlConfig", { authType: "NONE" }),
  change(0, "CreateEventSourceMapping20150331", {
    eventSourceArn: "arn:aws:sqs:us-east-1:999988887777:queue",
  }),
  change(0, "UpdateFunctionConfiguration20150331v2", { role: "arn:aws:iam::111122223333:role/Admin" }),
  change(
    0,
    "PutRolePolicy",
    {
      roleName: "RDSQueryLogger-role",
      policyName: "more",
      policyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: ["iam:*"], Resource: "*" }],
      }),
    },
    { eventSource: "iam.amazonaws.com", userIdentity: asUser() },
  ),
  change(
    0,
    "PutEventSelectors",
    {
      trailName: "trail",
      eventSelectors: [{ readWriteType: "WriteOnly", includeManagementEvents: true }],
      advancedEventSelectors: [{ fieldSelectors: [{ field: "eventCategory", equals: ["Data"] }] }],
    },
    { eventSource: "cloudtrail.amazonaws.com" },
  ),
  change(
    0,
    "StopLogging",
    { name: "arn:aws:cloudtrail:us-east-1:111122223333:trail/t" },
    { eventSource: "cloudtrail.amazonaws.com", userIdentity: asUser() },
  ),
  change(
    0,
    "DeleteFlowLogs",
    { DeleteFlowLogsRequest: { FlowLogId: { tag: 1, content: "fl-1" } } },
    { eventSource: "ec2.amazonaws.com" },
  ),
];
const calls = [
  call(0, "secretsmanager", "GetSecretValue"),
  call(0, "sts", "GetCallerIdentity", {
    sourceIPAddress: "198.51.100.99",
    userAgent: "Boto3/1.40.0",
    userIdentity: asFunction("RDSQueryLogger", "ASIAEXAMPLEFUNCTION2"),
  }),
  call(0, "s3", "ListBuckets", { errorCode: "AccessDenied", errorMessage: "no" }),
];
/** Records of CloudTrail. */
export const TRAIL_RECORDS: readonly object[] = [...calls, ...changes];
export const TRAIL_EVENTS = TRAIL_RECORDS.map((detail) => ({
  version: "0",
  "detail-type": "AWS API Call via CloudTrail",
  source: "aws.lambda",
  account: "111122223333",
  detail,
}));
export const TRAIL_FILES: readonly object[] = [
  { Records: TRAIL_RECORDS },
  JSON.parse(gunzipSync(trailFile(BEGIN + (DAYS - 1) * DAY + 4 * 3600, random(3)).body).toString()),
];

export const S3_NOTIFICATIONS: readonly object[] = [
  {
    Records: [
      {
        eventVersion: "2.1",
        eventSource: "aws:s3",
        awsRegion: "us-east-1",
        eventName: "ObjectCreated:Put",
        s3: {
          s3SchemaVersion: "1.0",
          bucket: { name: "logs", arn: "arn:aws:s3:::logs" },
          object: {
            key: "AWSLogs/111122223333/vpcflowlogs/us-east-1/2026/10/01/a%3Db+c.log.gz",
            size: 1024,
            eTag: "e",
            sequencer: "0",
          },
        },
      },
    ],
  },
  { Service: "Amazon S3", Event: "s3:TestEvent", Time: "2026-10-01T00:00:00.000Z", Bucket: "logs" },
];

export const FUNCTIONS = [
  lambdaFunction("RDSQueryLogger", ["subnet-a"], ["sg-1"]),
  lambdaFunction("Thumbs", ["subnet-a", "subnet-b"], ["sg-2"]),
];
export const INTERFACES = [
  lambdaInterface(ENI, OWN, "sg-1"),
  lambdaInterface("eni-thumbs", "10.0.1.22", "sg-2"),
  networkInterface("eni-db", "10.0.20.2", { ...named("users-db"), Description: "RDSNetworkInterface" }),
  networkInterface("eni-new", "10.0.20.3", { ...named("payroll-db"), Description: "RDSNetworkInterface" }),
];
export const FUNCTION_LISTS: readonly object[] = [{ Functions: FUNCTIONS }, listFunctions()];
export const INTERFACE_LISTS: readonly object[] = [
  { NetworkInterfaces: INTERFACES },
  describeNetworkInterfaces("before"),
];

/** The sample's metrics: a few series of them, with a day of points each. */
export const METRICS: readonly object[] = (() => {
  const { MetricDataResults } = metricData(random(4)) as {
    MetricDataResults: { Timestamps: unknown[]; Values: unknown[] }[];
  };
  const cut = MetricDataResults.slice(0, 6).map((one) => ({
    ...one,
    Timestamps: one.Timestamps.slice(0, 288),
    Values: one.Values.slice(0, 288),
  }));
  return [{ MetricDataResults: cut }];
})();

export const IP_RANGES: readonly object[] = [
  {
    syncToken: "1790812800",
    createDate: "2026-10-01-00-00-00",
    prefixes: [
      {
        ip_prefix: "52.94.0.0/22",
        region: "us-east-1",
        service: "AMAZON",
        network_border_group: "us-east-1",
      },
      {
        ip_prefix: "52.94.0.0/22",
        region: "us-east-1",
        service: "DYNAMODB",
        network_border_group: "us-east-1",
      },
      {
        ip_prefix: "3.5.140.0/22",
        region: "ap-northeast-2",
        service: "S3",
        network_border_group: "ap-northeast-2",
      },
    ],
    ipv6_prefixes: [
      {
        ipv6_prefix: "2600:1f14::/35",
        region: "us-west-2",
        service: "EC2",
        network_border_group: "us-west-2",
      },
    ],
  },
];

export const THREAT_LISTS = [
  "# Feodo Tracker\n198.51.100.66\n198.51.100.0/25 ; botnet\n203.0.113.4-203.0.113.9\n2001:db8:bad::/48\n",
  "ExitNode 0011BD2485AD45D984EC4159C88FC066E5E3300E\nPublished 2026-10-01 00:00:00\nExitAddress 192.0.2.7 2026-10-01 00:00:00\n",
];

export const SETTINGS: readonly object[] = [
  { learningDays: 7, maxPeers: 500, retentionDays: 35, findingRetentionDays: 365 },
];
export const PROPS: readonly object[] = [
  {
    vpcIds: ["vpc-0123456789abcdef0"],
    bucketName: "my-flow-logs",
    bucketKeyArn: "arn:aws:kms:us-east-1:111122223333:key/1",
    prefix: "network/",
    threatLists: "s3://lists/bad",
    alertEmails: ["you@example.com"],
    globalEventsTo: "eu-central-1",
    inventoryMinutes: 15,
    metricsMinutes: 5,
    logRetentionDays: 30,
    flowLogRetentionDays: 90,
    detection: { learningDays: 7, maxPeers: 500 },
  },
];

export const OBJECT_KEYS = [
  "AWSLogs/111122223333/vpcflowlogs/us-east-1/2026/10/01/111122223333_vpcflowlogs_us-east-1_fl-1_20261001T0005Z_abcd.log.gz",
  "prefix/AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=us-east-1/year=2026/month=10/day=01/x.log.parquet",
  "AWSLogs/o-abc/111122223333/CloudTrail/us-east-1/2026/10/01/111122223333_CloudTrail_us-east-1_20261001T0005Z_a.json.gz",
];

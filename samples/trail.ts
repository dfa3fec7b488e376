/**
 * What CloudTrail tells of the sample's account, hour by hour: functions make the calls that they always make, a pipeline
 * deploys every third day. On the last day, some leave their line (`incidents`).
 */
import { gzipSync } from "node:zlib";
import { ACCOUNT, NAT_ADDRESS, REGION } from "./account";
import type { Random } from "./random";
import { BEGIN, DAYS } from "./traffic";

type Json = Record<string, unknown>;

/** Calls that a function makes every hour it runs. */
const ROUTINES: Readonly<
  Record<string, { hours: number; calls: readonly (readonly [service: string, action: string])[] }>
> = {
  RDSQueryLogger: {
    hours: 1,
    calls: [
      ["secretsmanager", "GetSecretValue"],
      ["rds", "DescribeDBInstances"],
    ],
  },
  OrderApi: {
    hours: 1,
    calls: [
      ["ssm", "GetParametersByPath"],
      ["kms", "Decrypt"],
    ],
  },
  InvoiceExport: {
    hours: 2,
    calls: [
      ["secretsmanager", "GetSecretValue"],
      ["kms", "GenerateDataKey"],
    ],
  },
  ThumbnailMaker: { hours: 3, calls: [["ssm", "GetParameter"]] },
  PartnerSync: { hours: 1, calls: [["secretsmanager", "GetSecretValue"]] },
};

const iso = (at: number) => `${new Date(at * 1000).toISOString().slice(0, 19)}Z`;
const LAST_DAY = BEGIN + (DAYS - 1) * 86_400;
/** Six hours: so long one environment lives, with one key. */
const KEY_LIFE = 6;

/** Path and content of the file that holds the records of the hour from `at`. */
export function trailFile(at: number, random: Random): { key: string; body: Buffer } {
  const hour = Math.floor((at - BEGIN) / 3600);
  const records = [...routine(at, hour, random), ...deploys(at, hour, random)];
  if (at >= LAST_DAY) records.push(...incidents(at, random));
  const [date = "", clock = ""] = iso(at + 3600).split("T");
  const stamp = `${date.replaceAll("-", "")}T${clock.slice(0, 5).replace(":", "")}Z`;
  return {
    key: `AWSLogs/${ACCOUNT}/CloudTrail/${REGION}/${date.replaceAll("-", "/")}/${ACCOUNT}_CloudTrail_${REGION}_${stamp}_${hexOf(random, 16)}.json.gz`,
    body: gzipSync(JSON.stringify({ Records: records })),
  };
}

function routine(at: number, hour: number, random: Random): Json[] {
  return Object.entries(ROUTINES).flatMap(([name, { hours, calls }]) =>
    hour % hours === 0
      ? calls.map(([service, action]) =>
          record(at + random.whole(0, 3500), service, action, asFunction(name, hour), random, {
            readOnly: true,
          }),
        )
      : [],
  );
}

/** The pipeline deploys every third day at ten. */
function deploys(at: number, hour: number, random: Random): Json[] {
  if (hour % 72 !== 10) return [];
  return [...Object.keys(ROUTINES), "StatusPage"].map((name, i) =>
    record(at + 60 + 20 * i, "lambda", "UpdateFunctionCode20150331v2", pipeline(hour), random, {
      sourceIPAddress: "192.0.2.10",
      userAgent: "aws-cli/2.31.0",
      requestParameters: {
        functionName: name,
        s3Bucket: "build-artifacts",
        s3Key: `${name}.zip`,
        publish: true,
      },
    }),
  );
}

/** What goes wrong on the last day. */
function incidents(at: number, random: Random): Json[] {
  const hour = (at - LAST_DAY) / 3600;
  const hourOfSample = hour + 24 * (DAYS - 1);
  const thief = { sourceIPAddress: "198.51.100.99", userAgent: "aws-cli/2.31.0 md/awscrt os/linux" };
  const intruder = { sourceIPAddress: "198.51.100.99", userAgent: "Boto3/1.40.0 md/Botocore" };
  const changed = (name: string, action: string, minute: number, requestParameters: Json) =>
    record(at + minute * 60, "lambda", action, asUser("temp-contractor"), random, {
      ...intruder,
      requestParameters: { functionName: name, ...requestParameters },
    });
  switch (hour) {
    // Somebody has read InvoiceExport's environment, and tries its credentials at home.
    case 4:
      // Half an hour later, a person who deploys nothing puts other code into RDSQueryLogger, which does not run again.
      return [
        changed("RDSQueryLogger", "UpdateFunctionCode20150331v2", 30, {
          s3Bucket: "temp-contractor",
          s3Key: "x.zip",
        }),
        ...[0, 2, 3].map((minute) =>
          record(
            at + minute * 60,
            "sts",
            "GetCallerIdentity",
            asFunction("InvoiceExport", hourOfSample),
            random,
            {
              ...thief,
              readOnly: true,
            },
          ),
        ),
      ];
    // Code that was brought into ThumbnailMaker makes a user.
    case 9:
      return [
        record(at + 300, "iam", "CreateUser", asFunction("ThumbnailMaker", hourOfSample), random, {
          readOnly: false,
          requestParameters: { userName: "support-temp" },
        }),
      ];
    // A person who deploys nothing gives StatusPage a layer of another account,
    case 15:
      return [
        changed("StatusPage", "UpdateFunctionConfiguration20150331v2", 10, {
          layers: ["arn:aws:lambda:us-east-1:999988887777:layer:telemetry-helper:3"],
        }),
      ];
    // and lets everybody invoke OrderApi.
    case 16:
      return [
        changed("OrderApi", "AddPermission20150331v2", 5, {
          statementId: "debug",
          action: "lambda:InvokeFunction",
          principal: "*",
        }),
      ];
    default:
      return [];
  }
}

function record(
  at: number,
  service: string,
  eventName: string,
  userIdentity: Json,
  random: Random,
  more: Json,
): Json {
  return {
    eventVersion: "1.11",
    userIdentity,
    eventTime: iso(at),
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: REGION,
    sourceIPAddress: NAT_ADDRESS,
    userAgent: "aws-sdk-js/3.1160.0 lang/js md/nodejs#24.4.0 exec-env/AWS_Lambda_nodejs24.x",
    requestParameters: null,
    responseElements: null,
    eventID: `${hexOf(random, 8)}-0000-4000-8000-${hexOf(random, 12)}`,
    readOnly: false,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: "Management",
    ...more,
  };
}

function asFunction(name: string, hour: number): Json {
  const arn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
  const role = `${name}-role`;
  return {
    type: "AssumedRole",
    principalId: `AROAEXAMPLE${name.toUpperCase()}:${name}`,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${name}`,
    accountId: ACCOUNT,
    accessKeyId: `ASIAEXAMPLE${name.slice(0, 4).toUpperCase()}${String(Math.floor(hour / KEY_LIFE)).padStart(4, "0")}`,
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        arn: `arn:aws:iam::${ACCOUNT}:role/${role}`,
        accountId: ACCOUNT,
        userName: role,
      },
    },
    inScopeOf: {
      issuerType: "AWS::Lambda::Function",
      credentialsIssuedTo: arn,
      credentialsIssuedToVersion: `${arn}:$LATEST`,
    },
  };
}

const pipeline = (hour: number): Json => ({
  type: "AssumedRole",
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deploy-pipeline/run-${hour}`,
  accountId: ACCOUNT,
  accessKeyId: `ASIAEXAMPLEPIPE${String(hour).padStart(4, "0")}`,
  sessionContext: {
    sessionIssuer: {
      type: "Role",
      arn: `arn:aws:iam::${ACCOUNT}:role/deploy-pipeline`,
      userName: "deploy-pipeline",
    },
  },
});

const asUser = (name: string): Json => ({
  type: "IAMUser",
  arn: `arn:aws:iam::${ACCOUNT}:user/${name}`,
  accountId: ACCOUNT,
  accessKeyId: "AKIAEXAMPLECONTRACT1",
  userName: name,
});

const hexOf = (random: Random, digits: number) =>
  Array.from({ length: digits }, () => random.whole(0, 15).toString(16)).join("");

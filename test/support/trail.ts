/** CloudTrail records for tests, and the days of an account through `watch`. */
import { attributeEvents } from "../../functions/core/attribution/act";
import type { Inventory } from "../../functions/core/attribution/inventory";
import { inventoryOf } from "../../functions/core/attribution/inventory";
import { type Networks, NO_NETWORKS } from "../../functions/core/attribution/network";
import { type Baseline, EMPTY_BASELINE } from "../../functions/core/baseline/baseline";
import { type DetectionConfig, detectionConfig } from "../../functions/core/config";
import type { FindingRecord } from "../../functions/core/finding";
import { readTrailEvent, type TrailEvent } from "../../functions/core/telemetry/trail-event";
import { NO_THREAT_LISTS } from "../../functions/core/threat-list";
import { iso } from "../../functions/core/time";
import { type FindingEnd, watch } from "../../functions/core/watch";
import { arnOf } from "./account";
import { DAY, T0 } from "./flow-log";

export const ACCOUNT_ID = "111122223333";
export const ROLE = `arn:aws:iam::${ACCOUNT_ID}:role/RDSQueryLogger-role`;

type Json = Record<string, unknown>;

let serial = 0;

/** A record as CloudTrail writes it; `fields` replace or, where `undefined`, remove what is there. */
export function trailRecord(at: number, eventName: string, fields: Json = {}): Json {
  const record: Json = {
    eventVersion: "1.11",
    eventTime: iso(at),
    eventSource: "s3.amazonaws.com",
    eventName,
    awsRegion: "us-east-1",
    sourceIPAddress: "203.0.113.25",
    userAgent: "aws-sdk-js/3.699.0 exec-env/AWS_Lambda_nodejs24.x",
    requestParameters: null,
    responseElements: null,
    eventID: `00000000-0000-4000-8000-${String(serial++).padStart(12, "0")}`,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: ACCOUNT_ID,
    ...fields,
  };
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

/** The identity of a function that calls. */
export function asFunction(
  name = "RDSQueryLogger",
  accessKeyId = "ASIAEXAMPLEFUNCTION1",
  version = "$LATEST",
): Json {
  return {
    type: "AssumedRole",
    principalId: `AROAEXAMPLE:${name}`,
    arn: `arn:aws:sts::${ACCOUNT_ID}:assumed-role/${name}-role/${name}`,
    accountId: ACCOUNT_ID,
    accessKeyId,
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        arn: `arn:aws:iam::${ACCOUNT_ID}:role/${name}-role`,
        userName: `${name}-role`,
      },
    },
    inScopeOf: {
      issuerType: "AWS::Lambda::Function",
      credentialsIssuedTo: arnOf(name),
      credentialsIssuedToVersion: `${arnOf(name)}:${version}`,
    },
  };
}

export const asUser = (name = "mallory"): Json => ({
  type: "IAMUser",
  arn: `arn:aws:iam::${ACCOUNT_ID}:user/${name}`,
  accountId: ACCOUNT_ID,
  accessKeyId: "AKIAEXAMPLE",
  userName: name,
});

/** A role that does its work; each run has a session of its own. */
export const asRole = (role = "deploy-pipeline", session = `run-${serial}`): Json => ({
  type: "AssumedRole",
  arn: `arn:aws:sts::${ACCOUNT_ID}:assumed-role/${role}/${session}`,
  accountId: ACCOUNT_ID,
  sessionContext: {
    sessionIssuer: { type: "Role", arn: `arn:aws:iam::${ACCOUNT_ID}:role/${role}`, userName: role },
  },
});

/** Seconds since 1970, `at` seconds after the beginning of a day counted from 0. */
export const onDay = (day: number, at = 3600): number => T0 + day * DAY + at;

/** A call by a function. */
export const call = (
  day: number,
  service: string,
  action: string,
  fields: Json & { at?: number } = {},
): Json => {
  const { at, ...rest } = fields;
  return trailRecord(onDay(day, at), action, {
    eventSource: `${service}.amazonaws.com`,
    userIdentity: asFunction(),
    ...rest,
  });
};

/** A change of a function, by the pipeline where nothing else is said. */
export const change = (
  day: number,
  action: string,
  requestParameters: Json,
  fields: Json & { at?: number } = {},
): Json => {
  const { at, ...rest } = fields;
  return trailRecord(onDay(day, at), action, {
    eventSource: "lambda.amazonaws.com",
    userIdentity: asRole(),
    sourceIPAddress: "198.51.100.7",
    requestParameters: { functionName: "RDSQueryLogger", ...requestParameters },
    ...rest,
  });
};

/** Anything that shows that the trail is on. */
export const anything = (day: number): Json =>
  trailRecord(onDay(day, 60), "DescribeInstances", {
    eventSource: "ec2.amazonaws.com",
    userIdentity: asUser("auditor"),
  });

export interface TrailOutcome {
  /** By day, what was found, in order of entity. */
  readonly findings: ReadonlyMap<number, readonly FindingRecord[]>;
  readonly endings: readonly FindingEnd[];
  readonly baselines: ReadonlyMap<string, Baseline>;
}

/** Days of records, counted from 0, one delivery a day, through `watch`, with baselines kept in memory. */
export function tellDays(
  days: readonly (readonly unknown[])[],
  {
    inventory = inventoryOf([]),
    networks = NO_NETWORKS,
    ...settings
  }: Partial<DetectionConfig> & { inventory?: Inventory; networks?: Networks } = {},
): TrailOutcome {
  const config = { ...detectionConfig.parse({}), ...settings };
  const baselines = new Map<string, Baseline>();
  const findings = new Map<number, readonly FindingRecord[]>();
  const endings: FindingEnd[] = [];
  for (const [day, records] of days.entries()) {
    const events = records
      .map(readTrailEvent)
      .filter((event): event is TrailEvent => typeof event === "object");
    const { accounts, functions } = attributeEvents(events, inventory, networks);
    const found: FindingRecord[] = [];
    for (const { entity, acts } of [...accounts, ...functions]) {
      const account = baselines.get(`account:${entity.accountId}:${entity.region}`)?.trail ?? null;
      const context = { entity, config, threats: NO_THREAT_LISTS, account };
      const result = watch(acts, baselines.get(entity.id) ?? EMPTY_BASELINE, context);
      baselines.set(entity.id, result.baseline);
      found.push(...result.findings);
      endings.push(...result.endings);
    }
    if (found.length > 0) findings.set(day, found);
  }
  return { findings, endings, baselines };
}

/** `count` days on which nothing happens but that the trail is on. */
export const quietDays = (count: number): Json[][] =>
  Array.from({ length: count }, (_, day) => [anything(day)]);

/** Types of the findings of each day. */
export const typesOf = ({ findings }: TrailOutcome): Record<number, string[]> =>
  Object.fromEntries([...findings].map(([day, records]) => [day, records.map(({ type }) => type)]));

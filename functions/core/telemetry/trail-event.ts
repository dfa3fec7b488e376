/**
 * One CloudTrail record, as far as it is used. AWS leaves out or nulls any field, and what callers chose themselves
 * (names, user agents, parameters) may be anything: so every field is read by itself, and none is trusted.
 *
 * Source: docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils";
import { canonicalAddress } from "../address";
import { canonicalJson } from "../canonical";
import { secondsOf } from "../time";
import { fieldsOf, flagAt, type JsonFields, textAt } from "./json-fields";

/** Who called, as the record has it. */
export interface TrailIdentity {
  /** `AssumedRole`, `IAMUser`, `Root`, `FederatedUser`, `AWSService` and so on. */
  readonly type: string | null;
  readonly arn: string | null;
  readonly accountId: string | null;
  readonly accessKeyId: string | null;
  readonly userName: string | null;
  /** Of an assumed role: its ARN with its path, and the name of the session, which whoever assumes it chooses. */
  readonly roleArn: string | null;
  readonly sessionName: string | null;
  /** The session was opened in the console. */
  readonly fromConsole: boolean;
  /** The AWS service that called in the name of this identity. */
  readonly invokedBy: string | null;
  /**
   * What the credentials were issued to, where AWS says so: not chosen by the caller. Since 2025 it names the Lambda
   * function, even where a role is shared.
   */
  readonly issuedTo: {
    readonly issuerType: string;
    readonly arn: string | null;
    readonly version: string | null;
  } | null;
}

export interface TrailEvent {
  /** `eventID`: the same in every delivery. */
  readonly id: string;
  /** Seconds since 1970. */
  readonly at: number;
  /** Account and Region in which it was recorded. */
  readonly accountId: string | null;
  readonly region: string;
  /** `secretsmanager.amazonaws.com` */
  readonly eventSource: string;
  /** `secretsmanager` */
  readonly service: string;
  /** As recorded: `UpdateFunctionCode20150331v2`. */
  readonly eventName: string;
  /** Without the date and version of the API: `UpdateFunctionCode`. */
  readonly action: string;
  /** `null` where the record does not say. */
  readonly readOnly: boolean | null;
  readonly errorCode: string | null;
  /** An address in its canonical form, or the name of an AWS service. */
  readonly sourceIp: string | null;
  readonly userAgent: string | null;
  readonly vpcEndpointId: string | null;
  readonly vpcEndpointAccountId: string | null;
  readonly identity: TrailIdentity;
  readonly request: JsonFields;
  readonly response: JsonFields;
  readonly additional: JsonFields;
}

/** What a record is: a call of an API, something else that CloudTrail tells, or nothing that can be read. */
export type ReadTrailEvent = TrailEvent | "other" | "malformed";

const CALLS = ["AwsApiCall", "AwsConsoleAction"];

/** Reads one record. Never throws. */
export function readTrailEvent(record: unknown): ReadTrailEvent {
  const fields = fieldsOf(record);
  const at = secondsOf(textAt(fields, "eventTime", 40) ?? "");
  const eventSource = textAt(fields, "eventSource", 100)?.toLowerCase() ?? null;
  const eventName = textAt(fields, "eventName", 120);
  if (at === null || eventSource === null || eventName === null) return "malformed";
  const eventType = textAt(fields, "eventType");
  if (eventType !== null && !CALLS.includes(eventType)) return "other";
  const id = textAt(fields, "eventID", 64) ?? contentId(record);
  if (id === null) return "malformed";
  const sourceIp = textAt(fields, "sourceIPAddress", 100);
  const { userIdentity, requestParameters, responseElements, additionalEventData } = fields;
  return {
    id,
    at,
    accountId: accountIn(fields),
    region: textAt(fields, "awsRegion", 40) ?? "unknown",
    eventSource,
    service: eventSource.replace(/\.amazonaws\.com(\.cn)?$/, ""),
    eventName,
    action: eventName.replace(/_?20\d{2}_?\d{2}_?\d{2}(v\d+)?$/, "") || eventName,
    readOnly: flagAt(fields, "readOnly"),
    errorCode: textAt(fields, "errorCode", 100),
    sourceIp: sourceIp === null ? null : (canonicalAddress(sourceIp) ?? sourceIp),
    userAgent: textAt(fields, "userAgent", 300),
    vpcEndpointId: textAt(fields, "vpcEndpointId", 50),
    vpcEndpointAccountId: textAt(fields, "vpcEndpointAccountId", 20),
    identity: identityOf(fieldsOf(userIdentity)),
    request: fieldsOf(requestParameters),
    response: fieldsOf(responseElements),
    additional: fieldsOf(additionalEventData),
  };
}

const FROM_CONSOLE = "sessionCredentialFromConsole";

function identityOf(fields: JsonFields): TrailIdentity {
  const context = fieldsOf(fields.sessionContext);
  const issuer = fieldsOf(context.sessionIssuer);
  const scope = fieldsOf(fields.inScopeOf);
  const issuerType = textAt(scope, "issuerType");
  const arn = textAt(fields, "arn", 400);
  const principal = textAt(fields, "principalId", 300);
  const isRole = textAt(fields, "type") === "AssumedRole";
  return {
    type: textAt(fields, "type", 40),
    arn,
    accountId: accountOf(textAt(fields, "accountId")),
    accessKeyId: textAt(fields, "accessKeyId", 40),
    userName: textAt(fields, "userName"),
    roleArn: textAt(issuer, "arn", 400),
    sessionName: isRole ? (tail(arn, "/") ?? tail(principal, ":")) : null,
    fromConsole: (flagAt(fields, FROM_CONSOLE) ?? flagAt(context, FROM_CONSOLE)) === true,
    invokedBy: textAt(fields, "invokedBy", 100),
    issuedTo:
      issuerType === null
        ? null
        : {
            issuerType,
            arn: textAt(scope, "credentialsIssuedTo", 400),
            version: textAt(scope, "credentialsIssuedToVersion", 500)?.split(":")[7] ?? null,
          },
  };
}

/** The account that a record belongs to: whose trail it is in, else whose the caller is. */
const accountIn = (fields: JsonFields) =>
  accountOf(textAt(fields, "recipientAccountId")) ??
  accountOf(textAt(fieldsOf(fields.userIdentity), "accountId"));

const accountOf = (text: string | null) => (text !== null && /^\d{12}$/.test(text) ? text : null);

function tail(text: string | null, separator: string): string | null {
  const at = text?.lastIndexOf(separator) ?? -1;
  return text === null || at < 0 || at === text.length - 1 ? null : text.slice(at + 1);
}

/** A record without an id is known by its content; one that is nested too deeply to be written is known by nothing. */
function contentId(record: unknown): string | null {
  try {
    return bytesToHex(sha256(utf8ToBytes(canonicalJson(record)))).slice(0, 32);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

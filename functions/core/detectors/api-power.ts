/** What a call can do, at worst: so how grave it is that a function makes it for the first time. */
import type { TrailEvent } from "../telemetry/trail-event";

export interface ApiPower {
  /** Part of a score. */
  readonly score: number;
  /** What it does, to follow "which". */
  readonly does: string;
  /** MITRE ATT&CK technique ids. */
  readonly mitre: readonly string[];
}

const POWERS: readonly (ApiPower & { readonly calls: RegExp })[] = [
  {
    calls:
      /^(cloudtrail (StopLogging|DeleteTrail|UpdateTrail|PutEventSelectors)|ec2 DeleteFlowLogs|guardduty (Delete|Disassociate|Stop|UpdateDetector)|config (Stop|Delete)|logs Delete(LogGroup|LogStream|Retention)|securityhub (Disable|Delete)|events (Delete|Disable|RemoveTargets))/,
    score: 7.5,
    does: "can switch off what would tell of an attack",
    mitre: ["T1562.008"],
  },
  {
    calls:
      /^(iam (Create|Put|Attach|Update|Add|Set|Delete|Detach|Remove|Enable|Deactivate|Upload|PassRole)|organizations (Create|Attach|Update|Leave|Invite)|sso |identitystore Create|lambda (UpdateFunctionCode|UpdateFunctionConfiguration|AddPermission|CreateFunction|AddLayerVersionPermission|CreateFunctionUrlConfig|UpdateFunctionUrlConfig))/,
    score: 7,
    does: "can give access, or change who has it",
    mitre: ["T1098", "T1136.003"],
  },
  {
    calls:
      /^(\S+ (Put|Set|Update|Add|Delete|Attach)\w*(Policy|Permission|Acl|PublicAccessBlock)\b|kms (CreateGrant|DisableKey|ScheduleKeyDeletion)|ec2 (Modify(Snapshot|Image)Attribute|AuthorizeSecurityGroup|CreateKeyPair|ImportKeyPair)|rds Modify(DBSnapshot|DBClusterSnapshot)Attribute|ssm (SendCommand|StartSession))/,
    score: 6.5,
    does: "can open things to others, or run things elsewhere",
    mitre: ["T1098", "T1578"],
  },
  {
    calls:
      /^(secretsmanager (GetSecretValue|BatchGetSecretValue)|ssm GetParameter|kms (Decrypt|ReEncrypt|GenerateDataKey)|sts (GetFederationToken|GetSessionToken|AssumeRole)|ec2 GetPasswordData|lambda (GetFunction|GetFunctionConfiguration)$|cognito-identity GetCredentials|redshift GetClusterCredentials|ecr GetAuthorizationToken|codeartifact GetAuthorizationToken)/,
    score: 6,
    does: "can read secrets, or get other credentials",
    mitre: ["T1552", "T1555.006"],
  },
];

const READ: ApiPower = { score: 3, does: "can look around", mitre: ["T1526", "T1580"] };
const WRITE: ApiPower = { score: 4.5, does: "can change things", mitre: ["T1648"] };

export function powerOf({ service, action, readOnly }: TrailEvent): ApiPower {
  const call = `${service} ${action}`;
  const known = POWERS.find(({ calls }) => calls.test(call));
  if (known !== undefined) return known;
  const reads =
    readOnly ?? /^(Get|List|Describe|Head|BatchGet|Search|Lookup|Query|Scan|Select|Check|Test)/.test(action);
  return reads ? READ : WRITE;
}

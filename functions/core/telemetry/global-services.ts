/**
 * Services without a Region of their own: CloudTrail records their calls in us-east-1 (or its like in other partitions),
 * wherever they were made from. A rule in another Region does not see them.
 * Source: docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html (global service events)
 */
export const GLOBAL_SERVICES: ReadonlySet<string> = new Set([
  "account",
  "billingconsole",
  "budgets",
  "ce",
  "cloudfront",
  "globalaccelerator",
  "health",
  "iam",
  "networkmanager",
  "organizations",
  "route53",
  "route53domains",
  "shield",
  "signin",
  "sso",
  "support",
  "trustedadvisor",
  "waf",
]);

/** Whether the Region of a call says where it was made. STS has endpoints in Regions, and a global one in us-east-1. */
export const hasRegion = ({ service, region }: { service: string; region: string }): boolean =>
  !GLOBAL_SERVICES.has(service) && !(service === "sts" && region === "us-east-1");

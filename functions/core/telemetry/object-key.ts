/** What an object in S3 is, by its key: AWS writes the service into the path, plain or Hive style. */

const FLOW_LOG = /(^|\/|=)vpcflowlogs\/.*\.log(\.gz|\.parquet)?$/;
const TRAIL = /(^|\/|=)CloudTrail\/.*\.json(\.gz)?$/;

/** Source: docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html, with and without an organization's id. */
export function kindOfObject(key: string): "flow-log" | "trail" | "other" {
  if (FLOW_LOG.test(key)) return "flow-log";
  return TRAIL.test(key) ? "trail" : "other";
}

/** What an object in S3 is, by its key: AWS writes the service into the path, plain or Hive style. */
import { secondsOf } from "../time";

const FLOW_LOG = /(^|\/|=)vpcflowlogs\/.*\.log(\.gz|\.parquet)?$/;
const FLOW_LOG_NAME = /(?:^|\/)(\d{12})_vpcflowlogs_([a-z0-9-]{1,40})_[^_/]+_[^/]*$/;
const TRAIL = /(^|\/|=)CloudTrail\/.*\.json(\.gz)?$/;

/** Source: docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html, with and without an organization's id. */
export function kindOfObject(key: string): "flow-log" | "trail" | "other" {
  if (FLOW_LOG.test(key)) return "flow-log";
  return TRAIL.test(key) ? "trail" : "other";
}

/** When it was delivered, in seconds: by its name (`..._20261015T0215Z_...`), else by the date in its path, plain or Hive style. */
export function deliveryTime(key: string): number | null {
  const name = key.match(/_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z_/);
  if (name !== null) return secondsOf(`${name[1]}-${name[2]}-${name[3]}T${name[4]}:${name[5]}:00Z`);
  const path = key.match(/\/(?:year=)?(\d{4})\/(?:month=)?(\d\d)\/(?:day=)?(\d\d)(?:\/(?:hour=)?(\d\d))?\//);
  return path === null ? null : secondsOf(`${path[1]}-${path[2]}-${path[3]}T${path[4] ?? "00"}:00:00Z`);
}

/** Of which account and Region a flow log object tells, by its name; `null` where that does not say. */
export function flowLogPlace(key: string): { accountId: string; region: string } | null {
  const [, accountId, region] = FLOW_LOG_NAME.exec(key) ?? [];
  return accountId === undefined || region === undefined ? null : { accountId, region };
}

/** Which flow logs AWS has delivered of late. */
import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { DAY, HOUR, iso } from "../../../functions/core/time";
import type { DeployedStack } from "../../deployed-stack";
import type { FlowLog } from "../facts";

/** Objects come every five minutes, some ten minutes late, even of interfaces on which nothing happens. */
export const RECENT = 2 * HOUR;

/** How a flow log lays out its objects. */
export interface Layout {
  /** What stands before `AWSLogs/`, with its slash. */
  readonly prefix: string;
  readonly isHive: boolean;
  readonly isHourly: boolean;
}

/**
 * The ids of those that have an object stamped within `RECENT`. Keys are in the order of their time, so one is asked for
 * that comes after where an older one would be, on this day and the one before.
 * Source: docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html
 */
export async function recentlyDelivered(
  client: S3Client,
  logs: readonly (FlowLog & { layout: Layout })[],
  stack: DeployedStack,
  now: number,
): Promise<ReadonlySet<string>> {
  const since = now - RECENT;
  const isDelivered = async ({ id, bucket, layout }: FlowLog & { layout: Layout }) => {
    for (const time of new Set([since, Math.max(since, now - (now % DAY))])) {
      const folder = folderOf(layout, stack, time);
      const hour = iso(time).slice(11, 13);
      const hourly = layout.isHourly ? `${layout.isHive ? "hour=" : ""}${hour}/` : "";
      const stamp = iso(time).slice(0, 16).replaceAll(/[-:]/g, "");
      const name = `${stack.accountId}_vpcflowlogs_${stack.region}_${id}_`;
      const { Contents = [] } = await client.send(
        new ListObjectsV2Command({
          Bucket: bucket ?? "",
          Prefix: layout.isHourly ? folder : `${folder}${name}`,
          StartAfter: `${folder}${hourly}${name}${stamp}`,
          MaxKeys: 1000,
        }),
      );
      if (Contents.some(({ Key }) => Key?.includes(`_${id}_`))) return true;
    }
    return false;
  };
  const delivered = await Promise.all(logs.map(isDelivered));
  return new Set(logs.filter((_, i) => delivered[i]).map(({ id }) => id));
}

function folderOf({ prefix, isHive }: Layout, { accountId, region }: DeployedStack, time: number): string {
  const [year, month, day] = iso(time).slice(0, 10).split("-");
  return isHive
    ? `${prefix}AWSLogs/aws-account-id=${accountId}/aws-service=vpcflowlogs/aws-region=${region}/year=${year}/month=${month}/day=${day}/`
    : `${prefix}AWSLogs/${accountId}/vpcflowlogs/${region}/${year}/${month}/${day}/`;
}

import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import type { DeployedStack } from "../../../cli/deployed-stack";
import { type Layout, recentlyDelivered } from "../../../cli/doctor/aws/deliveries";
import { DAY, T0 } from "../../support/flow-log";

const s3 = mockClient(S3Client);
beforeEach(() => s3.reset());

const STACK = { accountId: "111122223333", region: "us-east-1" } as DeployedStack;
const PLAIN: Layout = { prefix: "", isHive: false, isHourly: false };
const NOON = T0 + 12 * 3600;
const OBJECT = "111122223333_vpcflowlogs_us-east-1_fl-1";

/** Answers as S3 does, from keys. */
function bucketOf(...keys: string[]): void {
  s3.on(ListObjectsV2Command).callsFake(({ Prefix, StartAfter }) => ({
    Contents: keys
      .filter((key) => key.startsWith(Prefix) && key > StartAfter)
      .sort()
      .map((Key) => ({ Key })),
  }));
}
const delivered = async (layout: Layout, now: number) => {
  const log = {
    id: "fl-1",
    resourceId: "vpc-1",
    traffic: "ALL",
    bucket: "logs",
    destination: "",
    interval: 60,
  };
  const ids = await recentlyDelivered(
    new S3Client({ region: "us-east-1" }),
    [{ ...log, failure: null, layout }],
    STACK,
    now,
  );
  return [...ids];
};

const DAY_FOLDER = "AWSLogs/111122223333/vpcflowlogs/us-east-1/2026/10/01";
const HIVE_FOLDER =
  "net/AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=us-east-1/year=2026/month=10/day=01";
const HOURLY: Layout = { ...PLAIN, isHourly: true };
const HIVE: Layout = { prefix: "net/", isHive: true, isHourly: true };

test.each<[string, Layout, number, string[], string[]]>([
  ["of a minute ago", PLAIN, NOON, [`${DAY_FOLDER}/${OBJECT}_20261001T1155Z_a.log.gz`], ["fl-1"]],
  ["of two hours ago", PLAIN, NOON, [`${DAY_FOLDER}/${OBJECT}_20261001T1000Z_a.log.gz`], ["fl-1"]],
  ["that is older", PLAIN, NOON, [`${DAY_FOLDER}/${OBJECT}_20261001T0955Z_a.log.gz`], []],
  ["of another flow log", PLAIN, NOON, [`${DAY_FOLDER}/${OBJECT}2_20261001T1155Z_a.log.gz`], []],
  [
    "of yesterday, just after midnight",
    PLAIN,
    T0 + DAY + 60,
    [`${DAY_FOLDER}/${OBJECT}_20261001T2355Z_a.log.gz`],
    ["fl-1"],
  ],
  [
    "of today, just after midnight",
    PLAIN,
    T0 + 600,
    [`${DAY_FOLDER}/${OBJECT}_20261001T0005Z_a.log.gz`],
    ["fl-1"],
  ],
  ["in a folder of its hour", HOURLY, NOON, [`${DAY_FOLDER}/11/${OBJECT}_20261001T1155Z_a.log.gz`], ["fl-1"]],
  ["in a folder of an older hour", HOURLY, NOON, [`${DAY_FOLDER}/09/${OBJECT}_20261001T0955Z_a.log.gz`], []],
  [
    "of another flow log in a folder of its hour",
    HOURLY,
    NOON,
    [`${DAY_FOLDER}/11/${OBJECT}2_20261001T1155Z_a.log.gz`],
    [],
  ],
  [
    "in Hive's layout, below a prefix",
    HIVE,
    NOON,
    [`${HIVE_FOLDER}/hour=11/${OBJECT}_20261001T1155Z_a.log.parquet`],
    ["fl-1"],
  ],
])("an object %s", async (_, layout, now, keys, expected) => {
  bucketOf(...keys);
  expect(await delivered(layout, now)).toEqual(expected);
});

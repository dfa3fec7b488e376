import { Stack, Validations } from "aws-cdk-lib";
import { Construct } from "constructs";
import { bucketAndPrefix } from "../functions/adapters/aws/s3-location";
import type { PlumblineConfig } from "./config";
import type { Worker } from "./worker";

/** The owner's threat lists: objects below a prefix of a bucket that is there already. */
export class ThreatLists extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: Pick<PlumblineConfig, "threatLists" | "threatListsKeyArn">,
  ) {
    super(scope, id);
  }

  /** Lets a worker list and read them, and nothing else in the bucket. */
  allowReading(worker: Worker): void {
    const { threatLists, threatListsKeyArn } = this.props;
    if (threatLists === undefined) return;
    const { bucket, prefix } = bucketAndPrefix(threatLists);
    const bucketArn = `arn:${Stack.of(this).partition}:s3:::${bucket}`;
    const objects = `${bucketArn}/${prefix}*`;
    worker.allow(["s3:GetObject"], [objects]);
    worker.allow(["s3:ListBucket"], [bucketArn], { StringEquals: { "s3:prefix": prefix } });
    if (threatListsKeyArn !== undefined) worker.allow(["kms:Decrypt"], [threatListsKeyArn]);
    Validations.of(worker).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${bucket}/${prefix}*]`,
      reason: "Lists come and go below the prefix, as their owner likes.",
    });
  }
}

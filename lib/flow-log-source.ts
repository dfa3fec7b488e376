import { Aws, type CfnElement, Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import * as iam from "aws-cdk-lib/aws-iam";
import * as s3 from "aws-cdk-lib/aws-s3";
import { SqsDestination } from "aws-cdk-lib/aws-s3-notifications";
import type * as sqs from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { PlumblineConfig } from "./config";
import type { Worker } from "./worker";

export type FlowLogSourceProps = Pick<
  PlumblineConfig,
  "vpcIds" | "bucketName" | "bucketKeyArn" | "prefix" | "flowLogRetentionDays"
> & { readonly queue: sqs.Queue };

/** Fields of the flow logs: the default ones, and those that name services, directions and the ends of a flow. */
const FIELDS = [
  "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status",
  "vpc-id subnet-id tcp-flags type pkt-srcaddr pkt-dstaddr flow-direction traffic-path",
  "pkt-src-aws-service pkt-dst-aws-service reject-reason",
].flatMap((line) => line.split(" "));

/** Flow logs of the named VPCs, the bucket they go to, and word of each new object to a queue. */
export class FlowLogSource extends Construct {
  readonly bucket: s3.IBucket;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: FlowLogSourceProps,
  ) {
    super(scope, id);
    const bucket =
      props.bucketName === undefined ? this.newBucket(props) : this.existingBucket(props.bucketName, props);
    this.bucket = bucket;
    for (const vpcId of props.vpcIds) {
      const flowLog = new ec2.CfnFlowLog(this, `FlowLog-${vpcId}`, {
        resourceType: "VPC",
        resourceId: vpcId,
        trafficType: "ALL",
        logDestinationType: "s3",
        logDestination: `${bucket.bucketArn}/${props.prefix}`,
        logFormat: FIELDS.map((field) => `\${${field}}`).join(" "),
        maxAggregationInterval: 60,
      });
      if (bucket.policy !== undefined) flowLog.node.addDependency(bucket.policy);
    }
  }

  /** Lets a worker read the objects. */
  allowReading(worker: Worker): void {
    const { prefix, bucketKeyArn } = this.props;
    worker.allow(["s3:GetObject"], [this.bucket.arnForObjects(`${prefix}AWSLogs/*`)]);
    if (bucketKeyArn !== undefined) worker.allow(["kms:Decrypt"], [bucketKeyArn]);
    Validations.of(worker).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${this.bucketArnInFindings()}/${prefix}AWSLogs/*]`,
      reason: "The names of the objects that AWS will deliver are not known beforehand.",
    });
  }

  /** The bucket's ARN as cdk-nag writes it: `<LogicalId.Arn>`, and the partition in angle brackets. */
  private bucketArnInFindings(): string {
    const resource = this.bucket.node.defaultChild as CfnElement | undefined;
    return resource === undefined
      ? this.bucket.bucketArn.replace(Aws.PARTITION, "<AWS::Partition>")
      : `<${Stack.of(this).getLogicalId(resource)}.Arn>`;
  }

  /** Tells the queue of new objects by the bucket's own property: no helper function is deployed for it. */
  private newBucket({ queue, prefix, flowLogRetentionDays }: FlowLogSourceProps): s3.IBucket {
    const { account } = Stack.of(this);
    const bucket = new s3.Bucket(this, "Bucket", {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        {
          expiration: Duration.days(flowLogRetentionDays),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
    });
    Validations.of(bucket).acknowledge({
      id: "AwsSolutions-S1",
      reason:
        "It holds logs: who reads them is in CloudTrail's data events where the owner wants that, and access logs of a log bucket only add to it.",
    });
    this.allowDelivery(bucket, prefix);

    // By account, not by bucket: the bucket needs the queue's policy first, so the policy cannot name the bucket.
    queue.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal("s3.amazonaws.com")],
        actions: ["sqs:SendMessage"],
        resources: [queue.queueArn],
        conditions: { StringEquals: { "aws:SourceAccount": account } },
      }),
    );
    (bucket.node.defaultChild as s3.CfnBucket).notificationConfiguration = {
      queueConfigurations: [
        {
          event: "s3:ObjectCreated:*",
          queue: queue.queueArn,
          filter: { s3Key: { rules: [{ name: "prefix", value: `${prefix}AWSLogs/` }] } },
        },
      ],
    };
    const queuePolicy = queue.node.tryFindChild("Policy");
    if (queuePolicy !== undefined) bucket.node.addDependency(queuePolicy);
    return bucket as s3.IBucket;
  }

  /** Source: docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html */
  private allowDelivery(bucket: s3.Bucket, prefix: string): void {
    const { account, partition, region } = Stack.of(this);
    const delivery = {
      principals: [new iam.ServicePrincipal("delivery.logs.amazonaws.com")],
      conditions: {
        StringEquals: { "aws:SourceAccount": account },
        ArnLike: { "aws:SourceArn": `arn:${partition}:logs:${region}:${account}:*` },
      },
    };
    bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        ...delivery,
        actions: ["s3:PutObject"],
        resources: [bucket.arnForObjects(`${prefix}AWSLogs/*`)],
        conditions: {
          ...delivery.conditions,
          StringEquals: { ...delivery.conditions.StringEquals, "s3:x-amz-acl": "bucket-owner-full-control" },
        },
      }),
    );
    bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        ...delivery,
        actions: ["s3:GetBucketAcl", "s3:ListBucket"],
        resources: [bucket.bucketArn],
      }),
    );
  }

  /** The notification is added to those that the bucket has, which only a helper function of CDK can do. */
  private existingBucket(name: string, { queue, prefix }: FlowLogSourceProps): s3.IBucket {
    const bucket = s3.Bucket.fromBucketName(this, "Bucket", name);
    bucket.addEventNotification(s3.EventType.OBJECT_CREATED, new SqsDestination(queue), {
      prefix: `${prefix}AWSLogs/`,
    });
    const helper = Stack.of(this).node.children.find(({ node }) =>
      node.id.startsWith("BucketNotificationsHandler"),
    );
    if (helper !== undefined) {
      Validations.of(helper).acknowledge({
        id: "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]",
        reason: "CDK's own function, which adds a notification to a bucket of another stack, is made so.",
      });
    }
    return bucket;
  }
}

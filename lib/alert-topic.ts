import { RemovalPolicy, Stack } from "aws-cdk-lib";
import type * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import * as iam from "aws-cdk-lib/aws-iam";
import * as kms from "aws-cdk-lib/aws-kms";
import * as sns from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import type { Worker } from "./worker";

/**
 * Where alerts go, and the alarms of Plumbline's own parts. The topic is encrypted with a key of its own, because
 * CloudWatch cannot publish to one that is encrypted with the key that AWS manages.
 */
export class AlertTopic extends Construct {
  readonly topic: sns.Topic;
  readonly key: kms.Key;
  /** Those that are sent here. */
  readonly alarms: cloudwatch.Alarm[] = [];

  constructor(scope: Construct, id: string, emails: readonly string[]) {
    super(scope, id);
    this.key = new kms.Key(this, "Key", {
      description: "Encrypts Plumbline's alerts",
      enableKeyRotation: true,
      // Nothing that is kept is encrypted with it, and a key that is left behind costs a dollar a month.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.topic = new sns.Topic(this, "Topic", {
      displayName: "Plumbline",
      masterKey: this.key,
      enforceSSL: true,
    });
    for (const email of emails) this.topic.addSubscription(new EmailSubscription(email));

    // Neither statement comes with an alarm action, and a topic with a policy has lost the one that allows alarms.
    const alarms = {
      principals: [new iam.ServicePrincipal("cloudwatch.amazonaws.com")],
      conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
    };
    this.key.addToResourcePolicy(
      new iam.PolicyStatement({
        ...alarms,
        actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
        resources: ["*"],
      }),
    );
    this.topic.addToResourcePolicy(
      new iam.PolicyStatement({ ...alarms, actions: ["sns:Publish"], resources: [this.topic.topicArn] }),
    );
  }

  /** Lets a worker publish alerts. */
  allowPublishing(worker: Worker): void {
    worker.allow(["sns:Publish"], [this.topic.topicArn]);
    worker.allow(["kms:Decrypt", "kms:GenerateDataKey"], [this.key.keyArn]);
  }

  /** Sends an alarm here. */
  alarm(alarm: cloudwatch.Alarm): void {
    alarm.addAlarmAction(new SnsAction(this.topic));
    this.alarms.push(alarm);
  }
}

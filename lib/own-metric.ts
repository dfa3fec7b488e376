import { type Duration, Stack } from "aws-cdk-lib";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { DIMENSION, NAMESPACE, type OwnMetric } from "../functions/adapters/aws/own-metrics";

/** A metric that the functions of this stack send of themselves. */
export const ownMetric = (
  scope: Construct,
  metricName: OwnMetric,
  props: { statistic: string; period: Duration; label?: string; color?: string },
): cloudwatch.Metric =>
  new cloudwatch.Metric({
    namespace: NAMESPACE,
    metricName,
    dimensionsMap: { [DIMENSION]: Stack.of(scope).stackName },
    ...props,
  });

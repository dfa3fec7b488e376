/** The services beside DynamoDB, answering from memory in place of the SDK's clients. */
import { Readable } from "node:stream";
import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeNetworkInterfacesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { mockClient } from "aws-sdk-client-mock";
import { operationOf, type SdkCall } from "./sdk-recorder";

export interface StubbedServices {
  /** By key, whatever the bucket. */
  readonly objects: Map<string, Uint8Array>;
  /** Invocations of every function, one point for each five minutes from a time (seconds since 1970) on. */
  invocations(from: number, counts: readonly number[]): void;
  /** What was called since it was last asked. */
  taken(): SdkCall[];
  restore(): void;
}

export function stubServices(functions: readonly object[], interfaces: readonly object[]): StubbedServices {
  const objects = new Map<string, Uint8Array>([["threats/list.txt", Buffer.from("192.0.2.66\n")]]);
  let points: [Date, number][] = [];

  const [lambda, ec2, s3] = [mockClient(LambdaClient), mockClient(EC2Client), mockClient(S3Client)];
  const [sns, cloudwatch] = [mockClient(SNSClient), mockClient(CloudWatchClient)];
  lambda.on(ListFunctionsCommand).resolves({ Functions: functions as never });
  ec2.on(DescribeNetworkInterfacesCommand).resolves({ NetworkInterfaces: interfaces as never });
  sns.on(PublishCommand).resolves({});
  s3.on(ListObjectsV2Command).resolves({ Contents: [{ Key: "threats/list.txt", ETag: "1", Size: 11 }] });
  s3.on(GetObjectCommand).callsFake(({ Key }) => {
    const bytes = objects.get(Key);
    if (bytes === undefined) throw new Error(`NoSuchKey: ${Key}`);
    const transformToString = async () => Buffer.from(bytes).toString("utf8");
    return { Body: Object.assign(Readable.from([bytes]), { transformToString }) };
  });
  cloudwatch.on(GetMetricDataCommand).callsFake(({ MetricDataQueries }) => ({
    MetricDataResults: MetricDataQueries.map(({ Id }: { Id: string }) => ({
      Id,
      StatusCode: "Complete",
      Timestamps: points.map(([at]) => at),
      Values: points.map(([, value]) => value),
    })),
  }));
  const fetched = jest.spyOn(globalThis, "fetch").mockImplementation(async () => Response.json(ranges()));

  const stubs = { lambda, ec2, s3, sns, cloudwatch };
  return {
    objects,
    invocations(from, counts) {
      points = counts.map((value, i) => [new Date((from + i * 300) * 1000), value]);
    },
    taken: () =>
      Object.entries(stubs).flatMap(([service, stub]) => {
        const calls = stub.calls().map(
          ({ args: [command] }): SdkCall => ({
            service,
            operation: operationOf(command.constructor.name),
            input: command.input as SdkCall["input"],
          }),
        );
        stub.resetHistory();
        return calls;
      }),
    restore() {
      for (const stub of Object.values(stubs)) stub.restore();
      fetched.mockRestore();
    },
  };
}

let published = 0;
/** AWS's own ranges, others each time. */
const ranges = () => ({
  syncToken: String(++published),
  createDate: "2026-10-01-00-00-00",
  prefixes: [{ ip_prefix: "52.216.0.0/15", service: "S3", region: "us-east-1" }],
  ipv6_prefixes: [],
});

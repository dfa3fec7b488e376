/** An account of any size whose functions do every five minutes what they always did. */

import { ACCOUNT, REGION, VPC } from "../../samples/account";
import { connectionRecords, flowLogObject, type SampleConnection } from "../../samples/flow-log-file";
import { random } from "../../samples/random";

export const BEGIN = 1_790_812_800;
/** Two databases, AWS S3, and a partner. */
const PEERS = [
  { remote: "10.0.20.11", port: 5432, service: "-" },
  { remote: "10.0.20.12", port: 5432, service: "-" },
  { remote: "52.216.10.20", port: 443, service: "S3" },
  { remote: "192.0.2.80", port: 8443, service: "-" },
];

export const functionName = (index: number) => `function-${index}`;
export const functionArn = (index: number) =>
  `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${functionName(index)}`;
const interfaceId = (index: number) => `eni-0${(0xa0000000 + index).toString(16)}0000000a`;
const address = (index: number) => `10.${64 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
const securityGroup = (index: number) => `sg-0${String(index).padStart(16, "0")}`;

/** `aws lambda list-functions` and `aws ec2 describe-network-interfaces`: every function has an interface of its own. */
export function account(functions: number): { functions: object; interfaces: object } {
  const indexes = Array.from({ length: functions }, (_, index) => index);
  return {
    functions: {
      Functions: indexes.map((index) => ({
        FunctionName: functionName(index),
        FunctionArn: functionArn(index),
        Role: `arn:aws:iam::${ACCOUNT}:role/${functionName(index)}-role`,
        Version: "$LATEST",
        VpcConfig: { VpcId: VPC, SubnetIds: ["subnet-a"], SecurityGroupIds: [securityGroup(index)] },
      })),
    },
    interfaces: {
      NetworkInterfaces: indexes.map((index) => ({
        NetworkInterfaceId: interfaceId(index),
        OwnerId: ACCOUNT,
        AvailabilityZone: `${REGION}a`,
        VpcId: VPC,
        SubnetId: "subnet-a",
        Description: `AWS Lambda VPC ENI-${functionName(index)}-6f1c2d3e-0000-4000-8000-000000000000`,
        InterfaceType: "lambda",
        Status: "in-use",
        Groups: [{ GroupId: securityGroup(index) }],
        PrivateIpAddress: address(index),
        PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: address(index) }],
        TagSet: [],
      })),
    },
  };
}

export interface Traffic {
  readonly functions: number;
  /** Of each function to each of its four peers, in each object. */
  readonly connections: number;
  /** That one connection sends. */
  readonly bytesOut: number;
}

/** The flow log object of the five minutes from `at`; the size of its text in bytes. */
export function flowLogOf({ functions, connections, bytesOut }: Traffic, at: number) {
  const dice = random(at);
  const records: string[] = [];
  for (let index = 0; index < functions; index++) {
    for (const peer of PEERS) {
      for (let i = 0; i < connections; i++) {
        const connection: SampleConnection = {
          interfaceId: interfaceId(index),
          local: address(index),
          ...peer,
          at: at + dice.whole(0, 240),
          bytesOut: Math.round(bytesOut * (0.8 + 0.4 * dice.next())),
          bytesIn: 9_000,
        };
        records.push(...connectionRecords(connection, dice));
      }
    }
  }
  return flowLogObject(records, at, dice);
}

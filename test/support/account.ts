/** An account for tests, as the AWS CLI prints it, and as the inventory keeps it. */
import type { LambdaFunction, Valid } from "../../functions/core/attribution/inventory";

export const ACCOUNT = "111122223333";
export const REGION = "us-east-1";
export const VPC = "vpc-1";

export const arnOf = (name: string, account = ACCOUNT, region = REGION) =>
  `arn:aws:lambda:${region}:${account}:function:${name}`;

export function lambdaFunction(name: string, subnets: string[], securityGroups: string[], more: object = {}) {
  return {
    FunctionName: name,
    FunctionArn: arnOf(name),
    Role: `arn:aws:iam::${ACCOUNT}:role/${name}`,
    VpcConfig: { VpcId: VPC, SubnetIds: subnets, SecurityGroupIds: securityGroups },
    ...more,
  };
}

/** A function as the inventory keeps it: outside a VPC, and since ever, unless `more` says otherwise. */
export const storedFunction = (
  functionName: string,
  more: Partial<Valid<LambdaFunction>> = {},
): Valid<LambdaFunction> => ({
  kind: "function",
  functionArn: arnOf(functionName),
  functionName,
  role: null,
  vpc: [],
  managedInstances: false,
  validFrom: 0,
  validTo: null,
  ...more,
});

export function networkInterface(id: string, address: string, more: object = {}) {
  return {
    NetworkInterfaceId: id,
    OwnerId: ACCOUNT,
    AvailabilityZone: `${REGION}a`,
    VpcId: VPC,
    SubnetId: "subnet-a",
    InterfaceType: "interface",
    Description: "",
    Groups: [{ GroupId: "sg-data" }],
    PrivateIpAddress: address,
    PrivateIpAddresses: [{ PrivateIpAddress: address }],
    TagSet: [],
    ...more,
  };
}

export const lambdaInterface = (id: string, address: string, securityGroup: string, more: object = {}) =>
  networkInterface(id, address, {
    InterfaceType: "lambda",
    Description: "AWS Lambda VPC ENI-whoever-caused-it-6f1c2d3e-0000-4000-8000-000000000000",
    Groups: [{ GroupId: securityGroup }],
    ...more,
  });

export const named = (name: string) => ({ TagSet: [{ Key: "Name", Value: name }] });

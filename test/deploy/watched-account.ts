/** The account that Plumbline watches: a function in a VPC, the interface that Lambda has for it, and two databases. */
import {
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
} from "@aws-sdk/client-ec2";
import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { CreateFunctionCommand } from "@aws-sdk/client-lambda";
import { ROLE } from "../support/trail";
import type { Clients } from "./clients";

export const FUNCTION = "RDSQueryLogger";

export interface Interface {
  readonly id: string;
  readonly address: string;
}
export interface WatchedAccount {
  readonly ofFunction: Interface;
  readonly usersDb: Interface;
  readonly payrollDb: Interface;
}

export async function makeAccount({ ec2, iam, lambda }: Clients): Promise<WatchedAccount> {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
  const VpcId = Vpc?.VpcId as string;
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.0.0.0/17" }));
  const SubnetId = Subnet?.SubnetId as string;
  const group = async (name: string) =>
    (await ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName: name, Description: name })))
      .GroupId as string;
  const networkInterface = async (Description: string, groupId: string): Promise<Interface> => {
    const { NetworkInterface } = await ec2.send(
      new CreateNetworkInterfaceCommand({ SubnetId, Description, Groups: [groupId] }),
    );
    return {
      id: NetworkInterface?.NetworkInterfaceId as string,
      address: NetworkInterface?.PrivateIpAddress as string,
    };
  };
  const database = async (name: string) => {
    const made = await networkInterface("RDSNetworkInterface", await group(name));
    await ec2.send(new CreateTagsCommand({ Resources: [made.id], Tags: [{ Key: "Name", Value: name }] }));
    return made;
  };
  const ofFunctions = await group("functions");
  await iam.send(
    new CreateRoleCommand({
      RoleName: ROLE.split("/").at(-1),
      AssumeRolePolicyDocument: JSON.stringify(LAMBDA),
    }),
  );
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: FUNCTION,
      Role: ROLE,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Code: { ZipFile: emptyZip() },
      VpcConfig: { SubnetIds: [SubnetId], SecurityGroupIds: [ofFunctions] },
    }),
  );
  return {
    ofFunction: await networkInterface(
      `AWS Lambda VPC ENI-${FUNCTION}-6f1c2d3e-0000-4000-8000-000000000000`,
      ofFunctions,
    ),
    usersDb: await database("users-db"),
    payrollDb: await database("payroll-db"),
  };
}

const LAMBDA = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

/** An archive without files: its end-of-directory record alone. The function is never run. */
const emptyZip = () => Buffer.from("504b0506".padEnd(44, "0"), "hex");

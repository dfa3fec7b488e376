/** A small account: its functions, what they talk to, and its interfaces, as the AWS CLI would print them. */

export const ACCOUNT = "111122223333";
export const REGION = "us-east-1";
export const VPC = "vpc-0f1e2d3c4b5a69788";
const SUBNETS = { a: "subnet-0aaaaaaaaaaaaaaaa", b: "subnet-0bbbbbbbbbbbbbbbb" } as const;

export interface SampleFunction {
  readonly name: string;
  /** Absent outside a VPC. */
  readonly vpc?: { readonly subnet: keyof typeof SUBNETS; readonly securityGroup: string };
}

export const FUNCTIONS: readonly SampleFunction[] = [
  { name: "RDSQueryLogger", vpc: { subnet: "a", securityGroup: "sg-0000000000querylg" } },
  { name: "OrderApi", vpc: { subnet: "b", securityGroup: "sg-0000000000orderap" } },
  { name: "InvoiceExport", vpc: { subnet: "a", securityGroup: "sg-0000000000invoice" } },
  // These two share a subnet and a security group, so AWS gives them one interface.
  { name: "ThumbnailMaker", vpc: { subnet: "b", securityGroup: "sg-0000000000mediaxx" } },
  { name: "VideoProbe", vpc: { subnet: "b", securityGroup: "sg-0000000000mediaxx" } },
  { name: "WeatherPoller", vpc: { subnet: "a", securityGroup: "sg-0000000000weather" } },
  { name: "NightlyReport", vpc: { subnet: "a", securityGroup: "sg-0000000000nightly" } },
  { name: "PartnerSync", vpc: { subnet: "b", securityGroup: "sg-0000000000partner" } },
  { name: "StatusPage" },
];

export interface SampleInterface {
  readonly id: string;
  readonly address: string;
  readonly subnet: keyof typeof SUBNETS;
  readonly securityGroup: string;
  readonly type: string;
  readonly description: string;
  readonly name?: string;
  readonly instance?: string;
  readonly publicAddress?: string;
}

/** Through which functions in the VPC reach the internet. */
export const NAT_ADDRESS = "203.0.113.10";

const lambda = (id: string, address: string, creator: string): SampleInterface => {
  const owner = FUNCTIONS.find(({ name }) => name === creator);
  if (owner?.vpc === undefined) throw new Error(`${creator} is in no VPC`);
  return {
    id,
    address,
    ...owner.vpc,
    type: "lambda",
    description: `AWS Lambda VPC ENI-${creator}-6f1c2d3e-0000-4000-8000-000000000000`,
  };
};

const resource = (
  id: string,
  address: string,
  type: string,
  description: string,
  more: Pick<SampleInterface, "name" | "instance" | "publicAddress"> = {},
): SampleInterface => ({
  id,
  address,
  subnet: "a",
  securityGroup: "sg-0000000000datastr",
  type,
  description,
  ...more,
});

/** Lambda's interfaces by the function that they were made for; NightlyReport's is replaced half-way. */
export const LAMBDA_INTERFACES = {
  RDSQueryLogger: lambda("eni-0a00000000000001a", "10.0.1.21", "RDSQueryLogger"),
  OrderApi: lambda("eni-0a00000000000002a", "10.0.2.22", "OrderApi"),
  InvoiceExport: lambda("eni-0a00000000000003a", "10.0.1.23", "InvoiceExport"),
  ThumbnailMaker: lambda("eni-0a00000000000004a", "10.0.2.24", "ThumbnailMaker"),
  WeatherPoller: lambda("eni-0a00000000000005a", "10.0.1.25", "WeatherPoller"),
  NightlyReport: lambda("eni-0a00000000000006a", "10.0.1.26", "NightlyReport"),
  NightlyReportLater: lambda("eni-0a00000000000006b", "10.0.1.76", "NightlyReport"),
  PartnerSync: lambda("eni-0a00000000000007a", "10.0.2.27", "PartnerSync"),
} as const;

export const RESOURCES = {
  usersDb: resource("eni-0d00000000000001d", "10.0.20.11", "interface", "RDSNetworkInterface", {
    name: "users-db",
  }),
  auditDb: resource("eni-0d00000000000002d", "10.0.20.12", "interface", "RDSNetworkInterface", {
    name: "audit-db",
  }),
  payrollDb: resource("eni-0d00000000000003d", "10.0.20.13", "interface", "RDSNetworkInterface", {
    name: "payroll-db",
  }),
  sessions: resource("eni-0d00000000000004d", "10.0.20.14", "interface", "ElastiCache sessions-0001-001"),
  media: resource(
    "eni-0d00000000000005d",
    "10.0.20.15",
    "efs",
    "EFS mount target for fs-0123456789abcdef0 (fsmt-1)",
  ),
  pricing: resource("eni-0d00000000000006d", "10.0.20.16", "interface", "ELB app/pricing/50dc6c495c0c9188"),
  secrets: resource(
    "eni-0d00000000000007d",
    "10.0.20.17",
    "vpc_endpoint",
    "VPC Endpoint Interface vpce-0123456789abcdef0",
  ),
  bastion: resource("eni-0d00000000000008d", "10.0.20.18", "interface", "", {
    name: "bastion",
    instance: "i-0123456789abcdef0",
  }),
  nat: resource(
    "eni-0d00000000000009d",
    "10.0.20.19",
    "nat_gateway",
    "Interface for NAT Gateway nat-0123456789abcdef0",
    { publicAddress: NAT_ADDRESS },
  ),
} as const;

/** `aws lambda list-functions` */
export function listFunctions(): object {
  return {
    Functions: FUNCTIONS.map(({ name, vpc }) => ({
      FunctionName: name,
      FunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`,
      Runtime: "nodejs24.x",
      MemorySize: 1024,
      Architectures: ["arm64"],
      Role: `arn:aws:iam::${ACCOUNT}:role/${name}-role`,
      Version: "$LATEST",
      VpcConfig: {
        VpcId: vpc === undefined ? "" : VPC,
        SubnetIds: vpc === undefined ? [] : [SUBNETS[vpc.subnet]],
        SecurityGroupIds: vpc === undefined ? [] : [vpc.securityGroup],
      },
    })),
  };
}

/** `aws ec2 describe-network-interfaces`, before or after NightlyReport's interface was replaced. */
export function describeNetworkInterfaces(when: "before" | "after"): object {
  const gone = when === "before" ? LAMBDA_INTERFACES.NightlyReportLater : LAMBDA_INTERFACES.NightlyReport;
  const present = [...Object.values(LAMBDA_INTERFACES), ...Object.values(RESOURCES)].filter(
    (one) => one !== gone,
  );
  return {
    NetworkInterfaces: present.map((one) => ({
      NetworkInterfaceId: one.id,
      OwnerId: ACCOUNT,
      AvailabilityZone: `${REGION}${one.subnet}`,
      VpcId: VPC,
      SubnetId: SUBNETS[one.subnet],
      Description: one.description,
      InterfaceType: one.type,
      RequesterManaged: one.type !== "lambda" && one.instance === undefined,
      Status: "in-use",
      ...(one.instance !== undefined && { Attachment: { InstanceId: one.instance, Status: "attached" } }),
      ...(one.publicAddress !== undefined && { Association: { PublicIp: one.publicAddress } }),
      Groups: [{ GroupId: one.securityGroup, GroupName: one.securityGroup }],
      PrivateIpAddress: one.address,
      PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: one.address }],
      TagSet: one.name === undefined ? [] : [{ Key: "Name", Value: one.name }],
    })),
  };
}

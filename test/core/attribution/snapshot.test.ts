import { parseFunctions, parseInterfaces } from "../../../functions/core/attribution/snapshot";
import { arnOf, lambdaFunction, lambdaInterface, networkInterface } from "../../support/account";

describe("functions", () => {
  test("all versions of one function are one, with every VPC configuration among them", () => {
    const { items, problems } = parseFunctions({
      Functions: [
        lambdaFunction("F", ["subnet-b", "subnet-a"], ["sg-2", "sg-1"], {
          FunctionArn: `${arnOf("F")}:$LATEST`,
        }),
        lambdaFunction("F", ["subnet-a", "subnet-b"], ["sg-1", "sg-2"], { FunctionArn: `${arnOf("F")}:7` }),
        lambdaFunction("F", ["subnet-old"], ["sg-1"], { FunctionArn: `${arnOf("F")}:1` }),
      ],
    });
    expect(problems).toEqual([]);
    expect(items).toEqual([
      expect.objectContaining({
        functionArn: arnOf("F"),
        functionName: "F",
        vpc: [
          { subnets: ["subnet-a", "subnet-b"], securityGroups: ["sg-1", "sg-2"] },
          { subnets: ["subnet-old"], securityGroups: ["sg-1"] },
        ],
      }),
    ]);
  });

  test.each([
    ["no VpcConfig", { VpcConfig: undefined }],
    ["a null one", { VpcConfig: null }],
    ["one without subnets", { VpcConfig: { SubnetIds: [], SecurityGroupIds: [] } }],
  ])("with %s it is outside a VPC", (_, more) => {
    expect(parseFunctions({ Functions: [lambdaFunction("F", [], [], more)] }).items[0]?.vpc).toEqual([]);
  });

  test.each([
    [
      "a line of a terminal's control characters",
      "arn:aws:lambda:us-east-1:111122223333:function:F\u001b[2J",
    ],
    ["another resource", "arn:aws:lambda:us-east-1:111122223333:layer:F"],
  ])("%s is named and left out", (_, FunctionArn) => {
    expect(parseFunctions({ Functions: [lambdaFunction("F", [], [], { FunctionArn })] })).toEqual({
      items: [],
      problems: ["Functions[0]: FunctionArn: is no ARN of a function"],
    });
  });

  test.each([
    ["an answer of today", { MemorySize: 512, Architectures: ["arm64"] }, [512, "arm64"]],
    ["one without architectures", { MemorySize: 128 }, [128, "x86_64"]],
    ["one of neither", {}, undefined],
    ["nonsense", { MemorySize: "much", Architectures: ["z80"] }, undefined],
    ["managed instances", { MemorySize: 2048, CapacityProviderConfig: { Arn: "x" } }, undefined],
  ])("%s tells memory and architecture, or nothing", (_, more, expected) => {
    const [item] = parseFunctions({ Functions: [lambdaFunction("F", [], [], more)] }).items;
    expect(item?.size && [item.size.memoryMb, item.size.architecture]).toEqual(expected);
    expect(item).toMatchObject({ functionName: "F" });
  });

  test("managed instances are told", () => {
    const more = { CapacityProviderConfig: { Arn: "x" } };
    expect(
      parseFunctions({ Functions: [lambdaFunction("F", [], [], more)] }).items[0]?.managedInstances,
    ).toBe(true);
  });
});

describe("interfaces", () => {
  const only = (entry: object) => parseInterfaces({ NetworkInterfaces: [entry] }).items[0];

  test("account and Region come from the interface itself", () => {
    const item = only(networkInterface("eni-1", "10.0.0.1", { AvailabilityZone: "us-west-2-lax-1a" }));
    expect(item).toMatchObject({ accountId: "111122223333", region: "us-west-2" });
  });

  test("all of its addresses are known: secondary, IPv6 and public ones", () => {
    const item = only(
      networkInterface("eni-1", "10.0.0.1", {
        PrivateIpAddresses: [
          { PrivateIpAddress: "10.0.0.1", Association: { PublicIp: "203.0.113.5" } },
          { PrivateIpAddress: "10.0.0.2" },
        ],
        Ipv6Addresses: [{ Ipv6Address: "2001:DB8::1" }],
      }),
    );
    expect(item?.addresses).toEqual(["10.0.0.1", "10.0.0.2", "2001:db8::1", "203.0.113.5"]);
  });

  test.each([
    ["of type lambda", lambdaInterface("eni-1", "10.0.0.1", "sg-1"), true],
    [
      "of before 2019, by its description",
      networkInterface("eni-1", "10.0.0.1", { Description: "AWS Lambda VPC ENI: 6f1c2d3e" }),
      true,
    ],
    ["of a database", networkInterface("eni-1", "10.0.0.1", { Description: "RDSNetworkInterface" }), false],
  ])("one %s is Lambda's: %s", (_, entry, expected) => {
    expect(only(entry as object)?.isLambda).toBe(expected);
  });

  test("a Lambda interface without security groups is kept and named as a problem", () => {
    const { items, problems } = parseInterfaces({
      NetworkInterfaces: [lambdaInterface("eni-1", "10.0.0.1", "sg-1", { Groups: undefined })],
    });
    expect(items).toHaveLength(1);
    expect(problems).toEqual([expect.stringContaining("eni-1 has no security groups")]);
  });
});

test.each<[string, unknown, string]>([
  ["null", null, '"Functions" is no list'],
  ["another command's output", { Reservations: [] }, '"Functions" is no list'],
  ["an entry without an ARN", { Functions: [{}] }, "Functions[0]: FunctionArn"],
  ["an entry that is no object", { Functions: [7] }, "Functions[0]"],
])("of %s the problem is named", (_, answer, problem) => {
  expect(parseFunctions(answer)).toEqual({ items: [], problems: [expect.stringContaining(problem)] });
});

test("a bad entry leaves the others", () => {
  const answer = { NetworkInterfaces: [{ NetworkInterfaceId: 5 }, networkInterface("eni-2", "10.0.0.2")] };
  const { items, problems } = parseInterfaces(answer);
  expect(items.map((item) => item.interfaceId)).toEqual(["eni-2"]);
  expect(problems).toHaveLength(1);
});

test("hostile names are cleaned and cut", () => {
  const name = `\u001b[2J${"x".repeat(5000)}`;
  const entry = networkInterface("eni-1", "10.0.0.1", { TagSet: [{ Key: "Name", Value: name }] });
  const resource = parseInterfaces({ NetworkInterfaces: [entry] }).items[0]?.resource;
  expect(resource?.name).toMatch(/^\[2Jx+…$/);
  expect(Buffer.byteLength(resource?.key ?? "")).toBeLessThan(600);
});

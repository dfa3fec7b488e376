import { formatAddress } from "../../../functions/core/address";
import { parseAwsRanges } from "../../../functions/core/attribution/aws-ranges";
import { inventoryOf, type Valid } from "../../../functions/core/attribution/inventory";
import type { Networks } from "../../../functions/core/attribution/network";
import { reconcile } from "../../../functions/core/attribution/reconcile";
import { parseFunctions, parseInterfaces } from "../../../functions/core/attribution/snapshot";
import { lambdaFunction, lambdaInterface, networkInterface } from "../../support/account";
import { asFunction, call, tellDays } from "../../support/trail";

const RANGES = parseAwsRanges({
  syncToken: "1",
  prefixes: [
    { ip_prefix: "3.80.0.0/12", service: "EC2", region: "us-east-1" },
    { ip_prefix: "13.232.0.0/14", service: "EC2", region: "ap-south-1" },
  ],
  ipv6_prefixes: [],
}).ranges;

const networks: Networks = {
  networkOf: (address) =>
    formatAddress(address).startsWith("45.") ? { asn: 64500, name: "Example Hosting", country: "NL" } : null,
};

const NAT = "3.81.0.10";
const items = (inVpc: boolean): Valid[] =>
  reconcile(
    [],
    {
      functions: parseFunctions({
        Functions: [lambdaFunction("RDSQueryLogger", inVpc ? ["subnet-a"] : [], ["sg-1"])],
      }).items,
      interfaces: parseInterfaces({
        NetworkInterfaces: inVpc
          ? [
              lambdaInterface("eni-1", "10.0.1.21", "sg-1"),
              networkInterface("eni-nat", "10.0.9.9", {
                Description: "Interface for NAT Gateway nat-0123456789abcdef0",
                Association: { PublicIp: NAT },
              }),
              networkInterface("eni-vm", "10.0.9.10", { Attachment: { InstanceId: "i-0123" } }),
            ]
          : [],
      }).items,
    },
    0,
  );
const inVpc = { inventory: inventoryOf(items(true), RANGES), networks };
const outsideVpc = { inventory: inventoryOf(items(false), RANGES), networks };

const from = (
  day: number,
  sourceIPAddress: string,
  { key = `ASIADAY${day}`, ...more }: Record<string, unknown> & { key?: string } = {},
) =>
  call(day, "s3", "ListBuckets", {
    sourceIPAddress,
    userIdentity: asFunction("RDSQueryLogger", key),
    ...more,
  });
const usual = (days: number, address: string) =>
  Array.from({ length: days }, (_, day) => [from(day, address)]);
const outside = (story: readonly (readonly unknown[])[], setting: object) =>
  [...tellDays(story, setting).findings].flatMap(([day, records]) =>
    records.filter(({ type }) => type === "CredentialsOutsideLambda").map((record) => ({ day, ...record })),
  );

const STRANGER = "45.10.0.7";
const thief = { at: 7200, userAgent: "aws-cli/2.31.0" };

test("a key that the function uses, used from a network of strangers, is critical", () => {
  const [finding] = outside([...usual(10, NAT), [from(10, NAT), from(10, STRANGER, thief)]], inVpc);
  expect(finding).toMatchObject({
    severity: "critical",
    score: 9, // 6 + 1 + 1.5 + 0.5
    title: "Credentials of RDSQueryLogger are used from Example Hosting (AS64500, NL)",
    subject: { eventName: "ListBuckets", sourceIp: STRANGER, accessKeyId: "ASIADAY10" },
    evidence: [{ source: "cloudtrail" }, { source: "cloudtrail" }],
  });
  expect(finding?.explanation).toContain("The same key was used from nat-0123456789abcdef0 (NAT gateway)");
});

test("it is found from the first minute, where the same key was seen elsewhere before", () => {
  expect(outside([[from(0, NAT), from(0, STRANGER, thief)]], inVpc)).toHaveLength(1);
});

test("it is found whichever of the two is told first", () => {
  const [together] = outside([[from(0, NAT), from(0, STRANGER, thief)]], inVpc);
  const [apart] = outside([[from(0, STRANGER, thief)], [from(0, NAT)]], inVpc);
  expect(apart).toMatchObject({ id: together?.id, score: together?.score });
});

test("a user agent that claims a Lambda runtime does not help", () => {
  const claim = { at: 7200, userAgent: "aws-sdk-js/3 exec-env/AWS_Lambda_nodejs24.x" };
  const [finding] = outside([...usual(10, NAT), [from(10, NAT), from(10, STRANGER, claim)]], inVpc);
  expect(finding).toMatchObject({ score: 8.5, severity: "high" });
});

test.each<[string, string, string, object, object?]>([
  ["AWS in the same Region, which is not its NAT gateway", NAT, "3.82.0.1", inVpc],
  ["AWS in another Region", NAT, "13.233.0.1", inVpc],
  ["AWS in another Region, of a function outside a VPC", "3.82.0.1", "13.233.0.1", outsideVpc],
  ["a machine of its own VPC", NAT, "10.0.9.10", inVpc],
  ["a private address, with a key that was used elsewhere", NAT, "172.16.0.9", inVpc],
  ["a stranger, of a function outside a VPC", "3.82.0.1", STRANGER, outsideVpc],
  [
    "an endpoint of another account",
    NAT,
    "10.9.9.9",
    inVpc,
    { vpcEndpointId: "vpce-0bad", vpcEndpointAccountId: "999988887777" },
  ],
])("use from %s is found", (_, home, place, setting, more = {}) => {
  expect(
    outside([...usual(10, home), [from(10, home), from(10, place, { at: 7200, ...more })]], setting),
  ).toHaveLength(1);
});

test.each<[string, (readonly unknown[])[], object]>([
  ["calls through the NAT gateway", usual(12, NAT), inVpc],
  [
    "calls through an endpoint, from the function's own interface",
    [...usual(9, NAT), [from(9, "10.0.1.21", { vpcEndpointId: "vpce-1" })]],
    inVpc,
  ],
  [
    "changing addresses of AWS in its Region, outside a VPC",
    Array.from({ length: 12 }, (_, day) => [
      from(day, `3.8${day % 9}.1.${day}`),
      from(day, `3.90.${day}.1`, { at: 9000 }),
    ]),
    outsideVpc,
  ],
  [
    "a place that it used while it was learned",
    [
      ...usual(3, NAT),
      [from(3, STRANGER)],
      ...usual(9, NAT).slice(4),
      [from(9, NAT), from(9, STRANGER, { at: 7200 })],
    ],
    inVpc,
  ],
  ["the only place there is, while it is learned", usual(5, STRANGER), inVpc],
  [
    "a call that AWS makes in its name",
    [...usual(9, NAT), [from(9, NAT), from(9, "s3.amazonaws.com"), from(9, "AWS Internal")]],
    inVpc,
  ],
  [
    "Lambda's own logger",
    [
      ...usual(9, NAT),
      [
        from(9, NAT),
        call(9, "logs", "CreateLogStream", {
          sourceIPAddress: "3.83.0.1",
          userIdentity: asFunction("RDSQueryLogger", "ASIADAY9"),
        }),
      ],
    ],
    inVpc,
  ],
  ["a private address by itself", [...usual(9, NAT), [from(9, "172.16.0.9")]], inVpc],
  [
    "impossible addresses and none",
    [
      ...usual(9, NAT),
      [
        from(9, "999.1.1.1"),
        from(9, "HIDDEN_DUE_TO_SECURITY_REASONS"),
        call(9, "s3", "ListBuckets", { sourceIPAddress: null }),
      ],
    ],
    inVpc,
  ],
])("is quiet about %s", (_, story, setting) => {
  expect(outside(story, setting)).toEqual([]);
});

test("it becomes normal when the place was used on seven days", () => {
  const story = [
    ...usual(10, NAT),
    ...Array.from({ length: 10 }, (_, i) => [from(10 + i, NAT), from(10 + i, STRANGER, thief)]),
  ];
  const found = outside(story, inVpc);
  expect(new Set(found.map(({ id }) => id)).size).toBe(1);
  expect(Math.max(...found.map(({ day }) => day))).toBe(16);
});

test("Lambda's own logger, which writes from AWS, is no place of the function", () => {
  const logger = (day: number) =>
    call(day, "logs", "CreateLogStream", {
      sourceIPAddress: "3.83.0.1",
      at: 100,
      userIdentity: asFunction("RDSQueryLogger", `ASIADAY${day}`),
    });
  expect(outside([[logger(0), from(0, STRANGER)]], outsideVpc)).toEqual([]);
});

test("before there is a history, a key that moves between networks tells only where a runtime used it first", () => {
  const elsewhere = (userAgent: string) => from(0, "198.51.100.9", { at: 7200, userAgent });
  const unknown = { networks };
  expect(outside([[from(0, STRANGER), elsewhere("aws-sdk-go-v2")]], unknown)).toHaveLength(1);
  expect(
    outside([[from(0, STRANGER), elsewhere("aws-sdk-js exec-env/AWS_Lambda_nodejs24.x")]], unknown),
  ).toEqual([]);
});

test("a place that nobody can tell is not where the function is", () => {
  const hidden = from(10, "HIDDEN_DUE_TO_SECURITY_REASONS", { key: "ASIAOTHER" });
  const [finding] = outside(
    [
      ...usual(10, NAT),
      [
        hidden,
        from(10, STRANGER, { ...thief, key: "ASIAOTHER", userAgent: "x exec-env/AWS_Lambda_nodejs24.x" }),
      ],
    ],
    inVpc,
  );
  expect(finding).toMatchObject({ score: 7 }); // 6 + 1: the same key was not seen at the function
});

test("a flood of keys and places is kept within bounds", () => {
  const flood = Array.from({ length: 3000 }, (_, i) => from(0, `45.${i % 250}.1.1`, { key: `ASIA${i}` }));
  const { baselines } = tellDays([flood], inVpc);
  const days = [...baselines.values()].flatMap(({ trailDays }) => [...trailDays.values()]);
  expect(Math.max(...days.map(({ keys }) => Object.keys(keys).length))).toBeLessThanOrEqual(64);
});

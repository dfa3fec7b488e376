import { blockId, orderBlock } from "../../../functions/core/containment/block";
import { decide, type Facts, type Request, ruleFor } from "../../../functions/core/containment/decide";
import type { FindingRecord } from "../../../functions/core/finding";
import { HOUR } from "../../../functions/core/time";
import {
  aclOf,
  beacon,
  deny,
  factsOf,
  NOTHING_KNOWN,
  policyOf,
  REMOTE,
  requestOf,
} from "../../support/containment";
import { T0 } from "../../support/flow-log";
import { GROUP } from "../../support/watch";

const decideOn = (
  finding: FindingRecord,
  {
    facts,
    request,
    settings,
  }: { facts?: Partial<Facts>; request?: Partial<Request>; settings?: object } = {},
) => decide(finding, requestOf(request), factsOf(facts), policyOf(settings));

test("a remote address is denied in every network ACL of the function's subnets, for a day", () => {
  const acls = [aclOf("acl-1", ["subnet-a"]), aclOf("acl-2", ["subnet-b"])];
  const { containment, orders } = decideOn(beacon(), { facts: { subnets: ["subnet-a", "subnet-b"], acls } });
  expect(containment).toEqual({
    mode: "enforce",
    action: "networkAcl",
    target: "203.0.113.7/32",
    where: ["acl-1", "acl-2"],
    from: "2026-10-01T00:00:00Z",
    until: "2026-10-02T00:00:00Z",
    blastRadius: [],
    refused: null,
  });
  expect(orders.map(({ resource, target }) => [resource, target])).toEqual([
    ["acl-1", "203.0.113.7/32"],
    ["acl-2", "203.0.113.7/32"],
  ]);
});

test.each([
  ["IPv6 is denied as a block of one", "2001:db8::7", "2001:db8::7/128"],
  ["an IPv4 address behind NAT64 is denied as what it is", "64:ff9b::203.0.113.7", "203.0.113.7/32"],
])("%s", (_, address, target) => {
  expect(decideOn(beacon(address)).containment).toMatchObject({ target, refused: null });
});

const blocksOf = (targets: string[], at: number, more: object = {}) =>
  targets.map((target) => {
    const order = { mode: "enforce", action: "networkAcl", resource: "acl-1", target, before: null } as const;
    const asking = { by: "finding", isPerson: false, finding: target, at, until: at + 24 * HOUR, ...more };
    return orderBlock(null, order, asking);
  });
const five = ["198.51.100.1/32", "198.51.100.2/32", "198.51.100.3/32", "198.51.100.4/32", "198.51.100.5/32"];
const talker = { functionArn: null, functionName: "Billing", lastSeen: "2026-09-30" };
const group = { ...GROUP, entity: GROUP.id };

const REFUSALS: [string, FindingRecord, Parameters<typeof decideOn>[1], RegExp][] = [
  ["a private address", beacon("10.0.0.9"), {}, /private or reserved/],
  ["the link-local address of the resolver", beacon("169.254.169.253"), {}, /private or reserved/],
  ["a multicast address", beacon("224.0.0.251"), {}, /private or reserved/],
  ["a unique local address", beacon("fd00:ec2::253"), {}, /private or reserved/],
  ["an address of IPv6 that is not routed", beacon("100::1"), {}, /not routed on the internet/],
  ["a public resolver", beacon("8.8.8.8"), {}, /public resolver of Google/],
  ["an AWS service", beacon("52.216.1.1"), {}, /AWS's own addresses \(S3, us-east-1\)/],
  [
    "the VPC's own public range",
    beacon(),
    { facts: { forbidden: { ...factsOf().forbidden, networks: ["203.0.113.0/25"] } } },
    /203\.0\.113\.0\/25, a network of a VPC/,
  ],
  ["what the owner allows", beacon(), { settings: { allowList: ["203.0.113.0/29"] } }, /your allow-list/],
  [
    "an address of a NAT gateway of the account",
    beacon(),
    {
      facts: {
        forbidden: {
          ...factsOf().forbidden,
          inventory: {
            holdersOf: () => [{ resource: { type: "NAT gateway", key: "nat-1", name: "nat-1" } }] as never,
          },
        },
      },
    },
    /address of your own: nat-1 \(NAT gateway\)/,
  ],
  [
    "anything in earnest, while AWS's ranges are unknown",
    beacon(),
    { facts: { forbidden: NOTHING_KNOWN } },
    /AWS's own addresses are not known yet/,
  ],
  [
    "what other functions talk to",
    beacon(),
    { facts: { bystanders: [talker] } },
    /1 other function talked to this destination .* Billing \(last 2026-09-30\); maxBlast is 0/,
  ],
  ["a group", beacon(REMOTE, group), {}, /not certain which function it was \(A and B\)/],
  [
    "nobody's interface",
    beacon(REMOTE, { ...group, attribution: "unattributed", candidates: [] }),
    {},
    /not known which function/,
  ],
  [
    "a network ACL without the tag",
    beacon(),
    { facts: { acls: [aclOf("acl-1", ["subnet-a"], [], false)] } },
    /acl-1 has no tag plumbline:contain=true/,
  ],
  [
    "a subnet whose ACL is unknown",
    beacon(),
    { facts: { acls: [] } },
    /No network ACL was found for subnet-a/,
  ],
  ["a function without subnets", beacon(), { facts: { subnets: [], acls: [] } }, /No subnet is known/],
  [
    "an ACL with entries of others in the range",
    beacon(),
    { facts: { acls: [aclOf("acl-1", ["subnet-a"], [deny(12, true, "192.0.2.1/32")])] } },
    /1 entry that Plumbline did not make among its rule numbers 10 to 19 \(12\)/,
  ],
  [
    "an ACL that allows before the range",
    beacon(),
    { settings: { ruleNumbers: { first: 200, last: 209 } } },
    /allows by rule 100/,
  ],
  [
    "one more than the rule numbers hold, where the owner wants no other to give way",
    beacon(),
    {
      facts: { blocks: blocksOf(five.slice(0, 2), T0 - 2 * HOUR) },
      settings: { whenFull: "refuse", ruleNumbers: { first: 10, last: 11 } },
    },
    /All 2 rule numbers for blocks in acl-1 are taken/,
  ],
  [
    "the sixth within an hour",
    beacon(),
    { facts: { blocks: blocksOf(five, T0 - HOUR + 1) } },
    /5 blocks were made without a person in the last hour; blocksPerHour is 5/,
  ],
  [
    "what a person undid",
    beacon(),
    {
      facts: {
        blocks: blocksOf(["203.0.113.7/32"], T0 - 2 * HOUR, { finding: "beacon-203.0.113.7" }).map(
          (block) => ({
            ...block,
            isUndone: true,
            endedAt: "2026-09-30T23:00:00Z",
          }),
        ),
      },
    },
    /A person undid this block at 2026-09-30T23:00:00Z/,
  ],
  [
    "an address, without an IP set for its family",
    beacon(),
    { request: { action: "ipSet" }, facts: { ipSets: [{ arn: "arn", family: 6, lists: [] }] } },
    /no IP set for IPv4/,
  ],
  [
    "to stop a function that may not be stopped",
    beacon(),
    { request: { action: "stopFunction" } },
    /RDSQueryLogger is not among the functions that may be stopped/,
  ],
  [
    "to stop a group",
    beacon(REMOTE, group),
    { request: { action: "stopFunction", isPerson: true, isConfirmed: true } },
    /Only one function can be stopped/,
  ],
  [
    "to block what has no address",
    beacon(REMOTE, { subject: { metric: "Invocations", period: 300, value: 9 } }),
    {},
    /no remote address/,
  ],
];

test.each(REFUSALS)("refused: %s", (_, finding, given, reason) => {
  const { containment, orders } = decideOn(finding, given);
  expect(containment.refused).toMatch(reason);
  expect(orders).toEqual([]);
});

test("every reason is told, not only the first", () => {
  const facts = { bystanders: [talker], acls: [aclOf("acl-1", ["subnet-a"], [], false)] };
  const { refused } = decideOn(beacon("52.216.1.1", group), { facts }).containment;
  for (const reason of [/AWS's own/, /no tag/, /not certain/, /Billing/]) expect(refused).toMatch(reason);
});

test.each<[string, Parameters<typeof decideOn>[0], Parameters<typeof decideOn>[1]]>([
  ["the fifth within an hour", beacon(), { facts: { blocks: blocksOf(five.slice(1), T0 - HOUR + 1) } }],
  ["the sixth, an hour later", beacon(), { facts: { blocks: blocksOf(five, T0 - HOUR) } }],
  [
    "the sixth within an hour, if a person asks",
    beacon(),
    { facts: { blocks: blocksOf(five, T0 - 1) }, request: { isPerson: true } },
  ],
  [
    "a group, if a person says yes",
    beacon(REMOTE, group),
    { request: { isPerson: true, isConfirmed: true } },
  ],
  [
    "what others talk to, if a person says yes",
    beacon(),
    { facts: { bystanders: [talker] }, request: { isPerson: true, isConfirmed: true } },
  ],
  [
    "what others talk to, as far as maxBlast goes",
    beacon(),
    { facts: { bystanders: [talker] }, settings: { maxBlast: 1 } },
  ],
  [
    "one more than the rule numbers hold: the oldest gives way",
    beacon(),
    {
      facts: { blocks: blocksOf(five.slice(0, 2), T0 - 2 * HOUR) },
      settings: { ruleNumbers: { first: 10, last: 11 } },
    },
  ],
  [
    "what a person undid, for another finding",
    beacon(),
    {
      facts: {
        blocks: blocksOf(["203.0.113.7/32"], T0 - 2 * HOUR, { finding: "another" }).map((block) => ({
          ...block,
          isUndone: true,
          endedAt: "2026-09-30T23:00:00Z",
        })),
      },
    },
  ],
  [
    "a function that may be stopped",
    beacon(),
    { request: { action: "stopFunction" }, settings: { stoppable: ["RDSQueryLogger"] } },
  ],
])("done: %s", (_, finding, given) => {
  const { containment, orders } = decideOn(finding, given);
  expect(containment.refused).toBeNull();
  expect(orders).toHaveLength(1);
});

test("a function that is stopped can have back what it had", () => {
  const { orders } = decideOn(beacon(), {
    request: { action: "stopFunction" },
    facts: { reservedConcurrency: 7 },
    settings: { stoppable: ["RDSQueryLogger"] },
  });
  expect(orders[0]).toMatchObject({ target: beacon().functionArn, before: { reservedConcurrency: 7 } });
});

test.each([
  [
    "a type with a rule, grave enough",
    { type: "Beaconing", severity: "high" },
    {},
    { action: "networkAcl", mode: "enforce" },
  ],
  ["a type with a rule, not grave enough", { type: "Beaconing", severity: "medium" }, {}, null],
  ["a type without a rule", { type: "NewExternalPeer", severity: "critical" }, {}, null],
  [
    "a rule with a severity and a mode of its own",
    { type: "NewExternalPeer", severity: "medium" },
    { types: { NewExternalPeer: { action: "ipSet", minimumSeverity: "medium", mode: "dryRun" } } },
    { action: "ipSet", mode: "dryRun" },
  ],
] as const)("the owner's rules: %s", (_, finding, settings, expected) => {
  expect(ruleFor(finding, policyOf(settings))).toEqual(expected);
});

test("one finding has one block a place, however often it is told", () => {
  const { orders } = decideOn(beacon());
  expect(new Set([...orders, ...decideOn(beacon()).orders].map(blockId)).size).toBe(1);
});

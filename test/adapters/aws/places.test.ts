/** IP sets and functions as places where something is cut off, and what AWS tells before. */
import { DescribeVpcPeeringConnectionsCommand, DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from "@aws-sdk/client-lambda";
import { GetIPSetCommand, UpdateIPSetCommand, WAFV2Client } from "@aws-sdk/client-wafv2";
import { mockClient } from "aws-sdk-client-mock";
import { containmentWorld } from "../../../functions/adapters/aws/containment-world";
import { ipSets } from "../../../functions/adapters/aws/ip-sets";
import { networkAcls } from "../../../functions/adapters/aws/network-acls";
import { reservedConcurrency } from "../../../functions/adapters/aws/reserved-concurrency";
import {
  type Block,
  type BlockOrder,
  confirmBlock,
  endBlock,
  orderBlock,
} from "../../../functions/core/containment/block";
import { HOUR } from "../../../functions/core/time";
import { arnOf } from "../../support/account";
import { policyOf } from "../../support/containment";
import { T0 } from "../../support/flow-log";

const SET = "arn:aws:wafv2:us-east-1:111122223333:regional/ipset/Blocked/1234";
const asking = { by: "eve", isPerson: true, finding: null, at: T0, until: T0 + HOUR };
const over = { by: "schedule", isPerson: false, why: "its time was over" };
const block = (order: Omit<BlockOrder, "mode">) => orderBlock(null, { ...order, mode: "enforce" }, asking);
const ended = (one: Block) => endBlock(one, T0 + HOUR, over);
const listing = (target: string, wasListed = false) =>
  block({ action: "ipSet", resource: SET, target, before: { wasListed } });
const fail = (name: string) => Object.assign(new Error(name), { name });

describe("an IP set", () => {
  const waf = mockClient(WAFV2Client);
  const place = ipSets(new WAFV2Client({ region: "us-east-1" }));
  let addresses: string[];
  let token: number;
  /** Writes between a read and what follows from it. */
  let rival: (() => void) | null;
  beforeEach(() => {
    waf.reset();
    addresses = ["192.0.2.1/32"];
    token = 1;
    rival = null;
    waf.on(GetIPSetCommand, { Name: "Blocked", Id: "1234", Scope: "REGIONAL" }).callsFake(() => {
      const read = { Addresses: addresses, IPAddressVersion: "IPV4", Description: "Callers" };
      const answer = { IPSet: read, LockToken: String(token) };
      rival?.();
      return answer;
    });
    waf.on(UpdateIPSetCommand).callsFake(({ Addresses, LockToken }) => {
      if (LockToken !== String(token)) throw fail("WAFOptimisticLockException");
      token++;
      addresses = Addresses;
      return {};
    });
  });

  test("gets an address, and keeps what others put there", async () => {
    expect(await place.settle(SET, [listing("203.0.113.7/32")])).toBeNull();
    expect(addresses).toEqual(["192.0.2.1/32", "203.0.113.7/32"]);
    await place.settle(SET, [listing("203.0.113.7/32")]);
    expect(waf.commandCalls(UpdateIPSetCommand)).toHaveLength(1);
  });

  test("is read again when somebody else was quicker, and what they wrote stays", async () => {
    rival = () => {
      rival = null;
      token++;
      addresses = [...addresses, "198.51.100.1/32"];
    };
    await place.settle(SET, [listing("203.0.113.7/32")]);
    expect(addresses).toEqual(["192.0.2.1/32", "198.51.100.1/32", "203.0.113.7/32"]);
  });

  test.each([
    ["an address whose block is over goes", ended(listing("192.0.2.1/32")), []],
    ["one that the owner had there before stays", ended(listing("192.0.2.1/32", true)), ["192.0.2.1/32"]],
    [
      "one that went, and that the owner put there since, stays",
      confirmBlock(ended(listing("192.0.2.1/32")), T0 + HOUR),
      ["192.0.2.1/32"],
    ],
  ])("%s", async (_, one, left) => {
    await place.settle(SET, [one]);
    expect(addresses).toEqual(left);
  });

  test("is known by the address as WAF writes it", async () => {
    addresses = ["2001:0db8:0000:0000:0000:0000:0000:0007/128"];
    expect((await place.read(SET)).lists).toEqual(["2001:db8::7/128"]);
  });
});

describe("a function", () => {
  const lambda = mockClient(LambdaClient);
  const place = reservedConcurrency(new LambdaClient({ region: "us-east-1" }));
  const arn = arnOf("ImageResizer");
  const stop = (reserved: number | null) =>
    block({ action: "stopFunction", resource: arn, target: arn, before: { reservedConcurrency: reserved } });
  let reserved: number | undefined;
  beforeEach(() => {
    lambda.reset();
    lambda.on(GetFunctionConcurrencyCommand).callsFake(() => ({ ReservedConcurrentExecutions: reserved }));
    lambda.on(PutFunctionConcurrencyCommand).callsFake(({ ReservedConcurrentExecutions }) => {
      reserved = ReservedConcurrentExecutions;
      return {};
    });
    lambda.on(DeleteFunctionConcurrencyCommand).callsFake(() => {
      reserved = undefined;
      return {};
    });
  });

  test.each([
    [7, 7],
    [null, undefined],
  ])("with a reserve of %s is stopped, and has it back afterwards", async (before, after) => {
    reserved = before ?? undefined;
    expect(await place.read(arn)).toBe(before);
    await place.settle(arn, [stop(before)]);
    expect(reserved).toBe(0);
    await place.settle(arn, [ended(stop(before))]);
    expect(reserved).toBe(after);
  });

  test("that was started again by its owner is left alone once that is over", async () => {
    reserved = 0;
    await place.settle(arn, [confirmBlock(ended(stop(7)), T0 + HOUR)]);
    expect(reserved).toBe(0);
  });

  test("that is gone needs no undo, and cannot be stopped", async () => {
    lambda.on(GetFunctionConcurrencyCommand).rejects(fail("ResourceNotFoundException"));
    expect(await place.settle(arn, [ended(stop(7))])).toBeNull();
    expect(await place.settle(arn, [stop(7)])).toMatch(/no function arn:.*ImageResizer any more/);
  });
});

test("the networks of the account's VPCs and of their peers are known, of both families", async () => {
  const ec2 = mockClient(EC2Client);
  ec2
    .on(DescribeVpcsCommand)
    .resolvesOnce({
      Vpcs: [
        {
          CidrBlock: "10.0.0.0/16",
          CidrBlockAssociationSet: [{ CidrBlock: "10.0.0.0/16" }, { CidrBlock: "203.0.113.0/24" }],
          Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: "2600:1f18::/56" }],
        },
      ],
      NextToken: "more",
    })
    .resolvesOnce({ Vpcs: [{ CidrBlock: "10.1.0.0/16" }] });
  ec2.on(DescribeVpcPeeringConnectionsCommand).resolves({
    VpcPeeringConnections: [
      {
        AccepterVpcInfo: { CidrBlock: "198.51.100.0/24", CidrBlockSet: [{ CidrBlock: "192.0.2.0/24" }] },
        RequesterVpcInfo: { CidrBlock: "10.0.0.0/16" },
      },
    ],
  });
  const client = new EC2Client({ region: "us-east-1" });
  const sets = ipSets(new WAFV2Client({ region: "us-east-1" }));
  const concurrency = reservedConcurrency(new LambdaClient({ region: "us-east-1" }));
  const world = containmentWorld(client, networkAcls(client, policyOf()), sets, concurrency, []);
  expect(await world.networks()).toEqual([
    "10.0.0.0/16",
    "10.1.0.0/16",
    "192.0.2.0/24",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "2600:1f18::/56",
  ]);
});

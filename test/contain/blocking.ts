/** A deny in a network ACL: put, kept, ended, undone, refused. */
import { match, deepStrictEqual as same } from "node:assert/strict";
import {
  CreateNetworkAclEntryCommand,
  DeleteNetworkAclEntryCommand,
  DeleteTagsCommand,
} from "@aws-sdk/client-ec2";
import { HOUR } from "../../functions/core/time";
import { story } from "./story";

const RANGE = { ruleNumbers: { first: 10, last: 12 }, blocksPerHour: 100 };

export const blocking = story(async (world, { say, check }) => {
  const { ec2, aclId } = world;
  const entry = (RuleNumber: number, Egress: boolean) => ({ NetworkAclId: aclId, RuleNumber, Egress });
  const respond = async (address: string) => world.responder(RANGE).respond(await world.find(address));

  await say("A finding ends in a deny for its address, out and in", async () => {
    const record = await respond("203.0.113.1");
    same(record?.containment?.refused, null);
    same(await world.rules(), ["10 in 203.0.113.1/32", "10 out 203.0.113.1/32"]);
  });
  await check("The same finding again makes no second one", async () => {
    await respond("203.0.113.1");
    same((await world.rules()).length, 2);
    same(world.alerts.length, 1);
  });
  await check("An address of IPv6 is denied as such", async () => {
    world.now += 60;
    await respond("2001:db8::7");
    same(
      (await world.rules()).filter((rule) => rule.includes("2001")),
      ["11 in 2001:db8::7/128", "11 out 2001:db8::7/128"],
    );
  });
  await check("With the range full the oldest gives way", async () => {
    for (const last of [3, 4]) {
      world.now += 60;
      await respond(`203.0.113.${last}`);
    }
    same(
      (await world.rules()).filter((rule) => rule.includes("out")),
      ["10 out 203.0.113.4/32", "11 out 2001:db8::7/128", "12 out 203.0.113.3/32"],
    );
  });
  await check("An entry that somebody removed comes back", async () => {
    await ec2.send(new DeleteNetworkAclEntryCommand(entry(12, true)));
    await world.responder(RANGE).reconcile();
    same((await world.rules()).length, 6);
  });
  await check("A person ends one before its time", async () => {
    const block = (await world.responder(RANGE).list()).find(({ target }) => target === "203.0.113.3/32");
    await world.responder(RANGE).undo(block?.id as string, "arn:aws:iam::111122223333:user/eve");
    same((await world.rules()).length, 4);
  });
  await check("When its time is over each is gone", async () => {
    world.now += 25 * HOUR;
    await world.responder(RANGE).reconcile();
    same(await world.rules(), []);
  });
  await check("An entry of somebody else in the range: it refuses, and touches nothing", async () => {
    const foreign = {
      ...entry(11, true),
      Protocol: "-1",
      RuleAction: "deny",
      CidrBlock: "192.0.2.1/32",
    } as const;
    await ec2.send(new CreateNetworkAclEntryCommand(foreign));
    match((await respond("203.0.113.5"))?.containment?.refused ?? "", /did not make .* \(11\)/);
    same(await world.rules(), ["11 out 192.0.2.1/32"]);
    await ec2.send(new DeleteNetworkAclEntryCommand(entry(11, true)));
  });
  await check("The range full, and the oldest not to give way: it refuses", async () => {
    const strict = { ...RANGE, whenFull: "refuse" };
    const respondStrictly = async (address: string) =>
      world.responder(strict).respond(await world.find(address));
    for (const last of [11, 12, 13]) await respondStrictly(`203.0.113.${last}`);
    match((await respondStrictly("203.0.113.14"))?.containment?.refused ?? "", /All 3 rule numbers .* taken/);
    same((await world.rules()).length, 6);
  });
  await check("Without the tag nothing is changed any more, and the run says so", async () => {
    await ec2.send(new DeleteTagsCommand({ Resources: [aclId], Tags: [{ Key: "plumbline:contain" }] }));
    world.now += 25 * HOUR;
    const { problems } = await world.responder(RANGE).reconcile();
    match(problems.join(), /has no tag plumbline:contain=true any more/);
    same((await world.rules()).length, 6);
  });
});

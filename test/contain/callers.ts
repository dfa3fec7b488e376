/** An address in an IP set of AWS WAF. */
import { deepStrictEqual as same } from "node:assert/strict";
import { GetIPSetCommand, UpdateIPSetCommand } from "@aws-sdk/client-wafv2";
import { HOUR } from "../../functions/core/time";
import { story } from "./story";

const POLICY = { types: { Beaconing: { action: "ipSet" } }, blocksPerHour: 100 };

export const callers = story(async (world, { say, check }) => {
  const { waf, sets } = world;
  const read = async (arn: string) => {
    const [, , Name, Id] = arn.split(":").slice(5).join(":").split("/");
    return waf.send(new GetIPSetCommand({ Name, Id, Scope: "REGIONAL" }));
  };
  const listed = async (arn: string) => (await read(arn)).IPSet?.Addresses ?? [];
  /** The owner writes the whole list. */
  const write = async (arn: string, Addresses: string[]) => {
    const { IPSet, LockToken } = await read(arn);
    await waf.send(
      new UpdateIPSetCommand({ Name: IPSet?.Name, Id: IPSet?.Id, Scope: "REGIONAL", Addresses, LockToken }),
    );
  };
  const respond = async (address: string) => world.responder(POLICY).respond(await world.find(address));

  await say("A caller goes into the IP set of its family, beside what the owner has there", async () => {
    await write(sets.v4, ["192.0.2.1/32"]);
    same((await respond("203.0.113.1"))?.containment?.refused, null);
    await respond("2001:db8::7");
    same((await listed(sets.v4)).sort(), ["192.0.2.1/32", "203.0.113.1/32"]);
    same((await listed(sets.v6)).length, 1);
  });
  await check("WAF refuses a stale lock token, and what a rival wrote meanwhile is not lost", async () => {
    const rival = [...(await listed(sets.v4)), "198.51.100.9/32"];
    const id = await world.find("203.0.113.2");
    // Between the responder's read of the set and its write.
    const responder = world.responder(POLICY, undefined, "UpdateIPSetCommand", () => write(sets.v4, rival));
    await responder.respond(id);
    same((await listed(sets.v4)).sort(), [...rival, "203.0.113.2/32"].sort());
  });
  await check("What the owner had listed before stays when the block is over", async () => {
    await respond("192.0.2.1");
    world.now += 25 * HOUR;
    await world.responder(POLICY).reconcile();
    same((await listed(sets.v4)).sort(), ["192.0.2.1/32", "198.51.100.9/32"]);
    same(await listed(sets.v6), []);
  });
});

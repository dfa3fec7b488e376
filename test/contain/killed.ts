/** A responder that is killed after each of its calls of AWS in turn: the next run makes of it what would have been. */
import { deepStrictEqual as same } from "node:assert/strict";
import { HOUR } from "../../functions/core/time";
import { story } from "./story";
import { Killed, type World } from "./world";

/** More calls than any run makes. */
const MOST_CALLS = 20;

export const killed = story(async (world, { check }) => {
  await check("Killed after any call while it blocks, the block is there after the next run", () =>
    atEveryCall(world, async (address, calls) => {
      const id = await world.find(address);
      const survived = await lives(world.responder({}, calls).respond(id));
      world.now += 600; // the queue delivers it again
      await world.responder().respond(id);
      same((await world.rules()).map(withoutNumber), [`in ${address}/32`, `out ${address}/32`]);
      return survived;
    }),
  );
  await check("Killed after any call while it lifts a block, it is gone after the next run", () =>
    atEveryCall(world, async (address, calls) => {
      await world.responder().respond(await world.find(address));
      world.now += 25 * HOUR;
      const survived = await lives(world.responder({}, calls).reconcile());
      world.now += 600;
      await world.responder().reconcile();
      same(await world.rules(), []);
      return survived;
    }),
  );
});

/** Repeats it with a new address for one call more, until it is no longer killed. Ends all blocks in between. */
async function atEveryCall(
  world: World,
  attempt: (address: string, calls: number) => Promise<boolean>,
): Promise<void> {
  for (let calls = 1; calls <= MOST_CALLS; calls++) {
    const survived = await attempt(`203.0.113.${++world.addresses}`, calls);
    world.now += 25 * HOUR;
    await world.responder().reconcile();
    same(await world.rules(), []);
    if (survived) return;
  }
  throw new Error(`It made more than ${MOST_CALLS} calls`);
}

async function lives(run: Promise<unknown>): Promise<boolean> {
  try {
    await run;
    return true;
  } catch (error) {
    if (error instanceof Killed) return false;
    throw error;
  }
}

const withoutNumber = (rule: string) => rule.replace(/^\d+ /, "");

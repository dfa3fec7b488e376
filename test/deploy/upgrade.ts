/** Deployed again: nothing changes, and what was learned is still there. */
import type { Detected } from "./detection";
import { equal } from "./equal";
import { findingsIn, idsOf } from "./outcome";
import type { World } from "./world";

export async function upgrade(world: World, { findings }: Detected): Promise<void> {
  const { say } = world;
  await say("A second cdk deploy finds nothing to change: what is synthesised is the same", async () => {
    const printed = await world.cdk.deploy();
    if (!printed.includes("(no changes)")) throw new Error(printed.slice(-600));
  });
  await say("The findings are still there", async () => {
    equal(idsOf(await findingsIn(world)), idsOf(findings));
  });
}

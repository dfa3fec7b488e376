/** Deployed again: nothing changes, and what was learned is still there. */
import { type Detected, findingsIn } from "./detection";
import { equal } from "./equal";
import type { World } from "./world";

export async function upgrade(world: World, { findings }: Detected): Promise<void> {
  const { say } = world;
  await say("A second cdk deploy finds nothing to change: what is synthesised is the same", async () => {
    const printed = await world.cdk.deploy();
    if (!printed.includes("(no changes)")) throw new Error(printed.slice(-600));
  });
  await say("The findings are still there", async () => {
    equal((await findingsIn(world)).map(({ id }) => id).sort(), findings.map(({ id }) => id).sort());
  });
}

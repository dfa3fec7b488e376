/** A part of the run: sentences about one account, which is made for it. */
import type { Sentences } from "../deploy/sentences";
import { startWorld, type World } from "./world";

export type Story = (told: Sentences, url: string) => Promise<void>;

export const story =
  (tell: (world: World, told: Sentences) => Promise<void>): Story =>
  async (told, url) => {
    const world = await startWorld(url);
    try {
      await tell(world, told);
    } finally {
      await world.stop();
    }
  };

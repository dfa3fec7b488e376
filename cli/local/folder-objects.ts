/** Objects of a telemetry folder: the key is a file's path in it. */
import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { TelemetryObjects } from "../../functions/adapters/ports";

/** A read is a turn to another thread and back: few and large ones cost less than Node's, of 64 KiB. */
const READ = 512 * 1024;

export const folderObjects = (dir: string): TelemetryObjects => ({
  open: async ({ key }) => createReadStream(join(dir, key), { highWaterMark: READ }),
});

/** How much memory this process has used at most. */
import { existsSync, readFileSync } from "node:fs";

/** Peak of resident memory in MB. On Linux from the process's own account: what `resourceUsage` tells begins with the parent's. */
export function peakMegabytes(): number {
  const path = "/proc/self/status";
  const own = existsSync(path) ? /VmHWM:\s+(\d+) kB/.exec(readFileSync(path, "utf8")) : null;
  return ((own === null ? process.resourceUsage().maxRSS : Number(own[1])) * 1024) / 1e6;
}

/** The account as a telemetry folder has it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Account, InputProblem } from "../../functions/adapters/ports";
import { type Parsed, parseFunctions, parseInterfaces } from "../../functions/core/attribution/snapshot";
import type { SnapshotFiles } from "./telemetry-folder";

/** The account as one snapshot shows it. A file that cannot be read is a problem, and leaves what is known. */
export function folderAccount(dir: string, files: SnapshotFiles): Account {
  return {
    async look() {
      const functions = await readPart(dir, files.functions, parseFunctions);
      const interfaces = await readPart(dir, files.interfaces, parseInterfaces);
      return {
        snapshot: { functions: functions.items, interfaces: interfaces.items },
        problems: [...functions.problems, ...interfaces.problems],
      };
    },
  };
}

async function readPart<T>(
  dir: string,
  key: string | null,
  parse: (answer: unknown) => Parsed<T>,
): Promise<{ items: T[] | null; problems: InputProblem[] }> {
  if (key === null) return { items: null, problems: [] };
  try {
    const { items, problems } = parse(JSON.parse(await readFile(join(dir, key), "utf8")));
    const unusable = items.length === 0 && problems.length > 0;
    return { items: unusable ? null : items, problems: problems.map((reason) => ({ ref: key, reason })) };
  } catch (error) {
    const reason = `cannot be read as JSON (${error instanceof Error ? error.message : String(error)})`;
    return { items: null, problems: [{ ref: key, reason }] };
  }
}

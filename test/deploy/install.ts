/** An emulator from PyPI, in a virtual environment of its own that is kept from run to run. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command";

const ROOT = join(__dirname, "../..");

/** What is needed is not on this machine, and cannot be had: nothing can be said of Plumbline here. */
export class NotHere extends Error {}

/**
 * The Python that has what the file `requirements` asks for; made at first in the folder `keptIn` of the repository, and
 * whenever another version is pinned. Rejects with `NotHere`, saying what is needed.
 */
export async function install(requirements: string, keptIn: string, needed: string): Promise<string> {
  const digest = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const kept = join(ROOT, keptIn);
  const folder = join(kept, digest);
  const python = join(folder, "bin", "python");
  const complete = join(folder, "complete");
  if (existsSync(complete)) return python;
  rmSync(kept, { recursive: true, force: true });
  try {
    await run("python3", ["-m", "venv", folder], { timeout: 120 });
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    await run(python, [...pip, "--requirement", requirements], { timeout: 300 });
  } catch (cause) {
    throw new NotHere(`It needs ${needed}.\n${(cause as Error).message}`, { cause });
  }
  writeFileSync(complete, "");
  return python;
}

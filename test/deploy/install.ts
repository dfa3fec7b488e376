/** The emulator, in a virtual environment of its own that is kept from run to run. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command";

const REQUIREMENTS = join(__dirname, "requirements.txt");
const KEPT_IN = join(__dirname, "../../.ministack");

/** What is needed is not on this machine, and cannot be had: nothing can be said of Plumbline here. */
export class NotHere extends Error {}

/** The Python that has it; made at first, and whenever another version is pinned. Rejects with `NotHere`. */
export async function installEmulator(): Promise<string> {
  const digest = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex").slice(0, 12);
  const folder = join(KEPT_IN, digest);
  const python = join(folder, "bin", "python");
  const complete = join(folder, "complete");
  if (existsSync(complete)) return python;
  rmSync(KEPT_IN, { recursive: true, force: true });
  try {
    await run("python3", ["-m", "venv", folder], { timeout: 120 });
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    await run(python, [...pip, "--requirement", REQUIREMENTS], { timeout: 300 });
  } catch (cause) {
    throw new NotHere(
      `The emulator cannot be installed. It needs Python 3.11 or later with venv, and PyPI.\n${(cause as Error).message}`,
      { cause },
    );
  }
  writeFileSync(complete, "");
  return python;
}

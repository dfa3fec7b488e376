/** Telemetry folders for tests, and the command run on them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { main } from "../../cli/main";

const made: string[] = [];

/** Writes files into a new folder; objects are written as JSON. */
export function folder(files: Record<string, string | Uint8Array | object>): string {
  const dir = mkdtempSync(join(tmpdir(), "plumbline-"));
  made.push(dir);
  for (const [name, content] of Object.entries(files)) {
    const path = join(dir, name);
    mkdirSync(dirname(path), { recursive: true });
    const isRaw = typeof content === "string" || content instanceof Uint8Array;
    writeFileSync(path, isRaw ? content : JSON.stringify(content));
  }
  return dir;
}

export function removeFolders(): void {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
}

export interface Run {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs the command in this process. */
export async function plumbline(...args: string[]): Promise<Run> {
  const run: Run = { status: -1, stdout: "", stderr: "" };
  const capture = (of: "stdout" | "stderr") =>
    jest.spyOn(process[of], "write").mockImplementation((text) => {
      run[of] += text;
      return true;
    });
  const spies = [capture("stdout"), capture("stderr")];
  try {
    run.status = await main(args);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return run;
}

export const jsonLines = ({ stdout }: Run): Record<string, unknown>[] =>
  stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

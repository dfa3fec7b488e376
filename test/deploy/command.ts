/** Runs a program to its end. */
import { spawn } from "node:child_process";

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Seconds after which it is ended. */
  readonly timeout: number;
}

/** What it printed. Rejects, with the end of that, if it cannot be started, fails, or takes too long. */
export function run(
  program: string,
  args: readonly string[],
  { timeout, ...options }: CommandOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...options,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeout * 1000,
    });
    const printed: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (part: Buffer) => void printed.push(part));
    const fail = (reason: string) => {
      const end = Buffer.concat(printed).toString("utf8").trim().split("\n").slice(-15).join("\n");
      reject(new Error(`${program} ${args.join(" ")} ${reason}${end === "" ? "" : `:\n${end}`}`));
    };
    child.on("error", ({ message }) => fail(`cannot be run (${message})`));
    child.on("close", (code, signal) => {
      if (code === 0) resolve(Buffer.concat(printed).toString("utf8"));
      else fail(signal === null ? `ended with ${code}` : `was ended by ${signal} after ${timeout} s at most`);
    });
  });
}

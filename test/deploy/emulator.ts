/** MiniStack, an emulator of AWS: on a loopback port, with folders of its own, ended with everything that it started. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ACCOUNT, REGION } from "../support/account";
import { eventually } from "./waiting";

export interface Emulator {
  /** Plain HTTP, past the gateway. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts it on `port`. It checks what each caller's policies allow (AUTH); the functions that it runs call `endpoint`, with
 * the credentials of their role.
 */
export async function startEmulator(
  python: string,
  folder: string,
  port: number,
  endpoint: string,
): Promise<Emulator> {
  const temporary = join(folder, "tmp");
  mkdirSync(temporary, { recursive: true });
  const logFile = join(folder, "emulator.log");
  const log = openSync(logFile, "w");
  const child = spawn(python, [join(__dirname, "emulator.py")], {
    cwd: folder,
    // A group of its own: the processes that run functions are in it, and are ended with it.
    detached: true,
    stdio: ["ignore", log, log],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      TMPDIR: temporary,
      S3_DATA_DIR: join(folder, "s3"),
      BIND_HOST: "127.0.0.1",
      GATEWAY_PORT: String(port),
      AUTH: "true",
      MINISTACK_ACCOUNT_ID: ACCOUNT,
      MINISTACK_REGION: REGION,
      LAMBDA_EXECUTOR: "local",
      // These listen on every address, whatever BIND_HOST says.
      SFTP_ENABLED: "0",
      IOT_MTLS_ENABLED: "0",
      AWS_ENDPOINT_URL: endpoint,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    },
  });
  closeSync(log);
  const endGroup = (signal: NodeJS.Signals) => signalGroup(child, signal);
  process.once("exit", () => endGroup("SIGKILL"));
  await eventually(
    `an emulator that answers (${readFileSync(logFile, "utf8").slice(-500)})`,
    60,
    async () => {
      if (child.exitCode !== null)
        throw new Error(`The emulator ended by itself: ${readFileSync(logFile, "utf8").slice(-1000)}`);
      const answer = await fetch(`http://127.0.0.1:${port}/_ministack/health`).catch(() => null);
      return answer?.ok ? true : null;
    },
  );
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      endGroup("SIGTERM");
      await Promise.race([
        new Promise((resolve) => child.once("exit", resolve)),
        new Promise((resolve) => setTimeout(resolve, 3000)),
      ]);
      endGroup("SIGKILL");
    },
  };
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It is gone already.
  }
}

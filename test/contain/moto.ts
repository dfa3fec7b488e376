/** Moto's server, on a loopback port, in a virtual environment that is kept from run to run. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { freePort } from "../deploy/free-port";
import { install } from "../deploy/install";
import { eventually } from "../deploy/waiting";

const REQUIREMENTS = join(__dirname, "requirements.txt");

export interface Moto {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startMoto(): Promise<Moto> {
  const python = await install(REQUIREMENTS, ".moto", "Python 3.10 or later with venv, and PyPI");
  const port = await freePort();
  const child = spawn(python, ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)], {
    stdio: "ignore",
  });
  process.once("exit", () => child.kill("SIGKILL"));
  const url = `http://127.0.0.1:${port}`;
  await eventually("a server that answers", 60, async () => {
    if (child.exitCode !== null) throw new Error(`Moto's server ended with ${child.exitCode}`);
    const answer = await fetch(`${url}/moto-api/`).catch(() => null);
    return answer?.ok ? true : null;
  });
  return {
    url,
    async stop() {
      child.kill("SIGKILL");
      await new Promise((resolve) => (child.exitCode === null ? child.once("exit", resolve) : resolve(null)));
    },
  };
}

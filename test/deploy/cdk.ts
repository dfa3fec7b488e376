/** The CDK's command, as an owner runs it, on what the gateway stands for. */
import { join } from "node:path";
import { ACCOUNT, REGION } from "../support/account";
import { run } from "./command";

const ROOT = join(__dirname, "../..");

/** What every client of the emulator is set by; the account's owner, who may do everything. */
export const ownerEnvironment = (endpoint: string) => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: REGION,
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
});

export interface Cdk {
  /** Where it leaves what it synthesised. */
  readonly output: string;
  bootstrap(): Promise<string>;
  /** Deploys the app of `cdk.json`, `bin/plumbline.ts`, as it is. */
  deploy(): Promise<string>;
}

export function cdk(folder: string, endpoint: string): Cdk {
  const output = join(folder, "cdk.out");
  const command = (...args: string[]) =>
    run(join(ROOT, "node_modules/.bin/cdk"), [...args, "--no-notices"], {
      cwd: ROOT,
      timeout: 300,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        TMPDIR: folder,
        // The command remembers here which account a key belongs to.
        CDK_HOME: join(folder, "cdk-home"),
        CDK_DISABLE_CLI_TELEMETRY: "true",
        NO_COLOR: "1",
        ...ownerEnvironment(endpoint),
      },
    });
  return {
    output,
    bootstrap: () => command("bootstrap", `aws://${ACCOUNT}/${REGION}`),
    deploy: () =>
      command(
        "deploy",
        "Plumbline",
        "--require-approval",
        "never",
        "--progress",
        "events",
        "--output",
        output,
      ),
  };
}

/** Telemetry folders that tell the story of RDSQueryLogger. */
import { lambdaFunction, lambdaInterface, named, networkInterface } from "./account";
import { DAY, gz, T0, V2, v2 } from "./flow-log";

export const FUNCTIONS = { Functions: [lambdaFunction("RDSQueryLogger", ["subnet-a"], ["sg-1"])] };
export const INTERFACES = {
  NetworkInterfaces: [
    lambdaInterface("eni-1", "10.0.1.21", "sg-1"),
    networkInterface("eni-db", "10.0.20.13", { ...named("payroll-db"), Description: "RDSNetworkInterface" }),
  ],
};
export const INVENTORY = {
  "inventory/functions.json": FUNCTIONS,
  "inventory/network-interfaces.json": INTERFACES,
};

export const stamp = (at: number) => new Date(at * 1000).toISOString().slice(0, 16).replaceAll(/[-:]/g, "");
export const flowLogName = (at: number, account = "111122223333") =>
  `${account}_vpcflowlogs_us-east-1_fl-1_${stamp(at)}Z_abcd.log.gz`;
export const plainPath = (at: number) =>
  `AWSLogs/111122223333/vpcflowlogs/us-east-1/${new Date(at * 1000).toISOString().slice(0, 10).replaceAll("-", "/")}/${flowLogName(at)}`;

export const talk = (to: string, at: number, eni = "eni-1", from = "10.0.1.21") => v2({ eni, from, to, at });

/** Days of one peer, then a day with a second one. */
export function story(pathOf: (at: number) => string = plainPath, eni?: string): Record<string, Uint8Array> {
  const times = Array.from({ length: 10 }, (_, day) => T0 + day * DAY);
  const quiet = times.map((at) => [pathOf(at), gz(V2, talk("10.0.20.11", at + 60, eni))] as const);
  const last = T0 + 10 * DAY;
  return Object.fromEntries([...quiet, [pathOf(last), gz(V2, talk("10.0.20.13", last + 60, eni))]]);
}

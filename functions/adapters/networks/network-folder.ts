/** The databases of networks as one folder: what a deployment carries beside its code. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { firstThatKnows, type Networks } from "../../core/attribution/network";
import { networksIn } from "../../core/attribution/network-file";
import { mmdbNetworks } from "./mmdb";

/** Names of its files. The owner's goes first; each may be absent. */
export const NETWORK_FILES = { own: "own.mmdb", asn: "asn.bin", country: "country.mmdb" } as const;

/** Opens what is there; `missing` names what a folder should have and has not. Throws, naming the file, on damage. */
export function openNetworkFolder(dir: string): { networks: Networks; missing: string[] } {
  const path = (name: string) => join(dir, name);
  const databases: Networks[] = [];
  if (existsSync(path(NETWORK_FILES.own))) databases.push(mmdbNetworks(path(NETWORK_FILES.own)));
  if (existsSync(path(NETWORK_FILES.asn))) databases.push(networkFile(path(NETWORK_FILES.asn)));
  if (existsSync(path(NETWORK_FILES.country))) databases.push(mmdbNetworks(path(NETWORK_FILES.country)));
  return {
    networks: firstThatKnows(databases),
    missing: [NETWORK_FILES.asn, NETWORK_FILES.country].filter((name) => !existsSync(path(name))),
  };
}

/** Reads a file that was compiled. Throws, naming it, where it is none. */
export function networkFile(file: string): Networks {
  try {
    return networksIn(readFileSync(file));
  } catch (cause) {
    throw new Error(`The network database ${file} cannot be used: ${(cause as Error).message}`, { cause });
  }
}

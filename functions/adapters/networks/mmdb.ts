/** A database of networks in MaxMind's file format, whoever made it: of countries, of autonomous systems, or of both. */
import { readFileSync } from "node:fs";
import { Reader } from "mmdb-lib";
import { formatAddress } from "../../core/address";
import type { Network, Networks } from "../../core/attribution/network";
import { cleanText } from "../../core/text";

/** Reads a file whole. Throws, naming it, where it cannot be read or is none. */
export function mmdbNetworks(file: string): Networks {
  const reader = open(file);
  return {
    networkOf(address) {
      let record: unknown;
      try {
        record = reader.get(formatAddress(address));
      } catch {
        return null; // damaged where this address is: the rest can still be read
      }
      const network = networkOfRecord(record);
      return network.asn === null && network.country === null ? null : network;
    },
  };
}

function open(file: string): Reader<never> {
  try {
    return new Reader<never>(readFileSync(file));
  } catch (cause) {
    throw new Error(
      `The network database ${file} cannot be used: it must be an .mmdb file (${cause instanceof Error ? cause.message : String(cause)})`,
      { cause },
    );
  }
}

/** What a record says. Field names differ from maker to maker: MaxMind's and DB-IP's, IPinfo's, ip-location-db's. */
export function networkOfRecord(record: unknown): Network {
  const { asn, autonomous_system_number, as_name, autonomous_system_organization, country, country_code } =
    typeof record === "object" && record !== null ? (record as Record<string, unknown>) : {};
  const code = country_code ?? (country as { iso_code?: unknown } | undefined)?.iso_code ?? country;
  const number = Number(String(autonomous_system_number ?? asn ?? "").replace(/^AS/, ""));
  const name = autonomous_system_organization ?? as_name;
  return {
    asn: Number.isInteger(number) && number > 0 && number < 2 ** 32 ? number : null,
    name: typeof name === "string" && name !== "" ? cleanText(name, 80) : null,
    country: typeof code === "string" && /^[A-Z]{2}$/.test(code) ? code : null,
  };
}

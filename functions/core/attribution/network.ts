/** The network that a public address belongs to: who announces it on the internet, and where it is. */
import { type Address, formatAddress } from "../address";

export interface Network {
  /** Number of the autonomous system. */
  readonly asn: number | null;
  readonly name: string | null;
  /** ISO 3166 code of two letters. */
  readonly country: string | null;
}

/** Something that knows networks: a database, or several. */
export interface Networks {
  networkOf(address: Address): Network | null;
}

export const NO_NETWORKS: Networks = { networkOf: () => null };

const MOST_REMEMBERED = 10_000;

/**
 * Several databases as one: each fact comes from the first that knows it, name and number from the same one. What was told
 * is remembered, since a function calls from the same few addresses all the time.
 */
export function firstThatKnows(databases: readonly Networks[]): Networks {
  // A number for IPv4 and a bigint for IPv6 are never the same key.
  const told = new Map<number | bigint, Network | null>();
  return {
    networkOf(address) {
      const key = address.family === 4 ? Number(address.value) : address.value;
      let network = told.get(key);
      if (network === undefined) {
        network = together(databases.map((one) => one.networkOf(address)).filter((one) => one !== null));
        if (told.size === MOST_REMEMBERED) told.clear();
        told.set(key, network);
      }
      return network;
    },
  };
}

function together(known: readonly Network[]): Network | null {
  if (known.length === 0) return null;
  const withNumber = known.find(({ asn }) => asn !== null);
  return {
    asn: withNumber?.asn ?? null,
    name: withNumber?.name ?? null,
    country: known.find(({ country }) => country !== null)?.country ?? null,
  };
}

/** `GitHub, Inc. (AS36459, US)`, or what of it is known; `null` where that is nothing. */
export function networkName({ asn, name, country }: Network): string | null {
  const system = asn === null ? null : `AS${asn}`;
  const [first, ...rest] = [name, system, country].filter((part) => part !== null && part !== "");
  if (first === undefined) return null;
  return rest.length === 0 ? String(first) : `${first} (${rest.join(", ")})`;
}

const SITE = { 4: 24, 6: 48 } as const;
const BITS = { 4: 32, 6: 128 } as const;

/** The block that one site mostly has: `203.0.113.0/24`, or a /48 of IPv6. */
export function siteOf({ family, value }: Address): string {
  const host = BigInt(BITS[family] - SITE[family]);
  return `${formatAddress({ family, value: (value >> host) << host })}/${SITE[family]}`;
}

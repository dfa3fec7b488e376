/**
 * IPv4 and IPv6 addresses and CIDR blocks: parse, print in one form, and tell private from public.
 * Pure and strict: text that is not exactly one address is `null`, never a guess.
 */

export interface Address {
  readonly family: 4 | 6;
  /** The address as one unsigned integer of 32 or 128 bits. */
  readonly value: bigint;
}

export interface Cidr {
  readonly first: Address;
  /** Number of leading bits that are fixed: 0-32 or 0-128. */
  readonly prefix: number;
}

const BITS = { 4: 32, 6: 128 } as const;
const LONGEST_ADDRESS = 45;

/** Reads one IPv4 or IPv6 address (RFC 4291 text forms, dotted tail included, no zone); `null` if it is none. */
export function parseAddress(text: string): Address | null {
  if (text.length > LONGEST_ADDRESS) return null;
  if (!text.includes(":")) {
    const value = parseIpv4(text);
    return value === null ? null : { family: 4, value: BigInt(value) };
  }
  const value = parseIpv6(text);
  return value === null ? null : { family: 6, value };
}

/** An IPv4 address as a number, `null` if the text is none. Lists of addresses are long, so it reads without splitting. */
export function parseIpv4(text: string): number | null {
  let [value, part, digits, dots] = [0, 0, 0, 0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2e) {
      if (digits === 0 || ++dots > 3) return null;
      value = value * 256 + part;
      [part, digits] = [0, 0];
    } else if (code < 0x30 || code > 0x39 || (digits > 0 && part === 0)) {
      return null; // no digit, or one after a leading zero, which some programs read as octal
    } else {
      part = part * 10 + code - 0x30;
      if (part > 255) return null;
      digits++;
    }
  }
  return dots === 3 && digits > 0 ? value * 256 + part : null;
}

/** An IPv6 address as an integer of 128 bits, `null` if the text is none. */
export function parseIpv6(text: string): bigint | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const head = groups(halves[0] as string, halves.length === 1);
  const tail = halves.length === 2 ? groups(halves[1] as string, true) : [];
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  return [...head, ...Array<number>(missing).fill(0), ...tail].reduce(
    (value, group) => (value << 16n) | BigInt(group),
    0n,
  );
}

function groups(text: string, dottedTail: boolean): number[] | null {
  if (text === "") return [];
  const result: number[] = [];
  const parts = text.split(":");
  for (const [i, part] of parts.entries()) {
    if (dottedTail && i === parts.length - 1 && part.includes(".")) {
      const ipv4 = parseIpv4(part);
      if (ipv4 === null) return null;
      result.push(ipv4 >>> 16, ipv4 & 0xffff);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) {
      result.push(Number.parseInt(part, 16));
    } else {
      return null;
    }
  }
  return result;
}

/** Prints an address in its one canonical form (RFC 5952: lower case, the longest run of zero groups folded). */
export function formatAddress({ family, value }: Address): string {
  if (family === 4) {
    return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join(".");
  }
  const parts = Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(112 - 16 * i)) & 0xffffn));
  let [foldFrom, foldLength] = [-1, 1];
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && parts[end] === 0) end++;
    if (end - i > foldLength) [foldFrom, foldLength] = [i, end - i];
  }
  const hex = (from: number, to?: number) =>
    parts
      .slice(from, to)
      .map((part) => part.toString(16))
      .join(":");
  return foldFrom < 0 ? hex(0) : `${hex(0, foldFrom)}::${hex(foldFrom + foldLength)}`;
}

/** The canonical form of an address given as text, or `null` if the text is no address. */
export function canonicalAddress(text: string): string | null {
  // IPv4 has one form only.
  if (!text.includes(":")) return text.length <= LONGEST_ADDRESS && parseIpv4(text) !== null ? text : null;
  const address = parseAddress(text);
  return address && formatAddress(address);
}

/** Reads `address/prefix`; a bare address is a block of one. Host bits beyond the prefix are cleared. */
export function parseCidr(text: string): Cidr | null {
  const [base, length, more] = text.split("/");
  const address = parseAddress(base as string);
  if (address === null || more !== undefined) return null;
  const bits = BITS[address.family];
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return null;
  const prefix = length === undefined ? bits : Number(length);
  if (prefix > bits) return null;
  const hostBits = BigInt(bits - prefix);
  return { first: { family: address.family, value: (address.value >> hostBits) << hostBits }, prefix };
}

/** The canonical form of a CIDR block given as text; text that is none stays as it is. */
export function canonicalCidr(text: string): string {
  const cidr = parseCidr(text);
  return cidr === null ? text : `${formatAddress(cidr.first)}/${cidr.prefix}`;
}

/** Whether `address` lies in `block`; blocks and addresses of different families never match. */
export function contains(block: Cidr, address: Address): boolean {
  if (block.first.family !== address.family) return false;
  const hostBits = BigInt(BITS[address.family] - block.prefix);
  return block.first.value >> hostBits === address.value >> hostBits;
}

/**
 * Ranges that are not routed on the internet: what is reached there is the owner's own network.
 * RFC 1918, RFC 6598 (100.64/10, which VPCs may use), link-local, loopback, unique local, multicast, reserved, and their
 * IPv6-mapped forms (RFC 6890).
 */
export const PRIVATE_BLOCKS: readonly Cidr[] = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "127.0.0.0/8",
  "0.0.0.0/8",
  "224.0.0.0/3",
  "ff00::/8",
  "fc00::/7",
  "fe80::/10",
  "::1/128",
].map((text) => parseCidr(text) as Cidr);

/** Blocks of IPv6 whose last 32 bits are an IPv4 address: mapped (RFC 4291), and as NAT64 translates (RFC 6052). */
export const IPV4_IN_IPV6 = ["::ffff:0:0/96", "64:ff9b::/96"].map((text) => parseCidr(text) as Cidr);

/** The IPv4 address that an address of IPv6 stands for, else the address itself: who answers is the same. */
export function plainAddress(address: Address): Address {
  return IPV4_IN_IPV6.some((block) => contains(block, address))
    ? { family: 4, value: address.value & 0xffffffffn }
    : address;
}

/** Whether an address belongs to a range that is not routed on the internet. */
export function isPrivate(address: Address): boolean {
  const plain = plainAddress(address);
  return PRIVATE_BLOCKS.some((block) => contains(block, plain));
}

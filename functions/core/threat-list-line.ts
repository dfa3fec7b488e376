/** One line of a threat list: what it condemns, or why it is not believed. */
import { type Cidr, IPV4_IN_IPV6, PRIVATE_BLOCKS, parseAddress, parseCidr, parseIpv4 } from "./address";

/** Both ends inclusive. */
export type Range =
  | { readonly family: 4; readonly first: number; readonly last: number }
  | { readonly family: 6; readonly first: bigint; readonly last: bigint };

/** The widest entry that is believed, in addresses: a /8 of IPv4, a /16 of IPv6. */
const WIDEST = { 4: 2 ** 24, 6: 1n << 112n } as const;

/** Resolvers that everybody may use: on a list they are a mistake, or a trap for whoever blocks by it. */
const RESOLVERS: readonly (readonly [owner: string, range: Range])[] = Object.entries({
  Google: ["8.8.8.8", "8.8.4.4", "2001:4860:4860::8888", "2001:4860:4860::8844"],
  Cloudflare: ["1.1.1.1", "1.0.0.1", "2606:4700:4700::1111", "2606:4700:4700::1001"],
  Quad9: ["9.9.9.9", "149.112.112.112", "2620:fe::fe", "2620:fe::9"],
  OpenDNS: ["208.67.222.222", "208.67.220.220", "2620:119:35::35", "2620:119:53::53"],
}).flatMap(([owner, addresses]) =>
  addresses.map((address) => [owner, rangeOfBlock(parseCidr(address) as Cidr)] as const),
);

/** What an entry may not hold, and why. By family, which are compared as numbers and as big integers. */
const FORBIDDEN = forbidden([
  // Nothing of these is on the internet: no list can mean them.
  ...PRIVATE_BLOCKS.map(
    (block) => ["private or reserved addresses, which are no strangers", rangeOfBlock(block)] as const,
  ),
  ...IPV4_IN_IPV6.map(
    (block) => ["IPv4 addresses in the form of IPv6: write them as IPv4", rangeOfBlock(block)] as const,
  ),
  ...RESOLVERS.map(
    ([owner, range]) => [`a public resolver of ${owner}, which anyone may use`, range] as const,
  ),
]);

function forbidden(all: readonly (readonly [what: string, range: Range])[]) {
  const flat = all.map(([what, range]) => ({ what, ...range }));
  return {
    4: flat.filter((one) => one.family === 4),
    6: flat.filter((one) => one.family === 6),
  };
}

/** Lines of Tor's own list that hold no address. */
const TOR_REST = /^(ExitNode|Published|LastStatus) /;
const TOR_EXIT = /^ExitAddress (\S+) /;

/** The entry in a line, without comment and space around it; empty where there is none. */
export function entryIn(line: string): string {
  if (parseIpv4(line) !== null) return line;
  const comment = line.search(/[#;]/);
  const content = (comment < 0 ? line : line.slice(0, comment)).trim();
  if (TOR_REST.test(content)) return "";
  return TOR_EXIT.exec(`${content} `)?.[1] ?? content;
}

/** Reads an entry: its range, or the reason why it is refused. */
export function rangeIn(entry: string): Range | string {
  // By far the most entries are one IPv4 address: those are read without more ado.
  const address = parseIpv4(entry);
  const range: Range | string =
    address === null ? readRange(entry) : { family: 4, first: address, last: address };
  if (typeof range === "string") return range;
  return objectionTo(range) ?? range;
}

function readRange(entry: string): Range | string {
  const [from = "", to, more] = entry.split("-");
  if (to === undefined) {
    const block = parseCidr(entry);
    return block === null ? "is no address, CIDR block or range" : rangeOfBlock(block);
  }
  const first = parseAddress(from.trim());
  const last = parseAddress(to.trim());
  if (first === null || last === null || more !== undefined) return "is no address, CIDR block or range";
  if (first.family !== last.family) return "is a range from one family of addresses to the other";
  if (last.value < first.value) return "is a range that ends before it begins";
  return first.family === 4
    ? { family: 4, first: Number(first.value), last: Number(last.value) }
    : { family: 6, first: first.value, last: last.value };
}

export function rangeOfBlock({ first: { family, value }, prefix }: Cidr): Range {
  return family === 4
    ? { family, first: Number(value), last: Number(value) + 2 ** (32 - prefix) - 1 }
    : { family, first: value, last: value + (1n << BigInt(128 - prefix)) - 1n };
}

/** Why a range is not to be condemned, said of what names it (`holds ...`); `null` where nothing speaks against it. */
export function objectionTo(range: Range): string | null {
  if (range.family === 4 ? range.last - range.first >= WIDEST[4] : range.last - range.first >= WIDEST[6]) {
    return `holds more than a /${range.family === 4 ? 8 : 16}: too much of the internet to be meant`;
  }
  for (const { what, first, last } of FORBIDDEN[range.family]) {
    if (first <= range.last && range.first <= last) return `holds ${what}`;
  }
  return null;
}

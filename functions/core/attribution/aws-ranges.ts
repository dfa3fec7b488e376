/**
 * AWS's own addresses by service and Region, as AWS publishes them.
 * Source: docs.aws.amazon.com/vpc/latest/userguide/aws-ip-syntax.html (ip-ranges.json)
 */
import { z } from "zod";
import { type Address, parseCidr } from "../address";
import { type AddressTable, addressTableBuilder, NONE, valueAt } from "./address-table";
import { isRentableService } from "./rentable";

/** Where the file is published. */
export const AWS_RANGES_URL = "https://ip-ranges.amazonaws.com/ip-ranges.json";

/** In 2026 there are some 15,000. */
const MOST_RANGES = 200_000;

/** One block of addresses and whose it is. */
export interface AwsBlock {
  readonly block: string;
  readonly service: string;
  /** `us-east-1`, or `GLOBAL`. */
  readonly region: string;
}

export interface AwsRanges {
  /** Of the publication, which tells whether it is another one; `null` where there is none. */
  readonly syncToken: string | null;
  readonly blocks: readonly AwsBlock[];
  /** The service and Region that an address belongs to; `AMAZON` where it is AWS's and no service claims it. */
  ownerOf(address: Address): AwsBlock | null;
}

/** They become parts of a table key, and are printed. */
const service = z.string().regex(/^[A-Z0-9_]{1,50}$/);
const region = z.string().regex(/^[A-Za-z0-9-]{1,40}$/);
const document = z.object({
  syncToken: z.string().regex(/^\d{1,20}$/, "must be digits"),
  prefixes: z.array(z.unknown()).max(MOST_RANGES),
  ipv6_prefixes: z.array(z.unknown()).max(MOST_RANGES),
});
const entry = z.object({
  ip_prefix: z.string().max(50).optional(),
  ipv6_prefix: z.string().max(50).optional(),
  service,
  region,
});

export const NO_AWS_RANGES: AwsRanges = { syncToken: null, blocks: [], ownerOf: () => null };

/**
 * Reads the document. Entries that are none are left out and counted. Throws where it is no such document, or none of its
 * entries can be read.
 */
export function parseAwsRanges(json: unknown): { ranges: AwsRanges; unreadable: number } {
  const read = document.safeParse(json);
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new Error(
      `it is no ip-ranges.json as AWS publishes it (${issue?.path.join(".") || "document"}: ${issue?.message}). Take it from ${AWS_RANGES_URL}`,
    );
  }
  const { syncToken, prefixes, ipv6_prefixes } = read.data;
  const all = [...prefixes, ...ipv6_prefixes];
  const blocks = all.flatMap((one) => blockOf(one) ?? []);
  if (blocks.length === 0)
    throw new Error(`none of its ${all.length} entries is a prefix with service and region`);
  return { ranges: awsRanges(blocks, syncToken), unreadable: all.length - blocks.length };
}

function blockOf(value: unknown): AwsBlock | null {
  const read = entry.safeParse(value);
  if (!read.success) return null;
  const { ip_prefix, ipv6_prefix, service, region } = read.data;
  const block = ip_prefix ?? ipv6_prefix;
  // A block that spans half the internet is no part of AWS: it would make everybody AWS's.
  const cidr = block === undefined ? null : parseCidr(block);
  if (block === undefined || cidr === null || cidr.prefix < (cidr.first.family === 4 ? 8 : 16)) return null;
  return { block, service, region };
}

/**
 * The list names an address several times. `AMAZON` holds everything and says least. Of equal blocks the one that cannot
 * be rented counts: S3's are listed under EC2, too. Otherwise the most specific does.
 */
export function awsRanges(blocks: readonly AwsBlock[], syncToken: string | null): AwsRanges {
  const rank = ({ service }: AwsBlock) => (isRentableService(service) ? 1 : 0);
  const ranked = [...blocks].sort(
    (a, b) => rank(a) - rank(b) || (a.service < b.service ? -1 : a.service > b.service ? 1 : 0),
  );
  const specific = tableOf(ranked, ({ service }) => service !== "AMAZON");
  const anyOther = tableOf(ranked, ({ service }) => service === "AMAZON");
  return {
    syncToken,
    blocks,
    ownerOf(address) {
      const own = valueAt(specific, address);
      const value = own === NONE ? valueAt(anyOther, address) : own;
      return ranked[value] ?? null;
    },
  };
}

function tableOf(blocks: readonly AwsBlock[], belongs: (block: AwsBlock) => boolean): AddressTable {
  const builder = addressTableBuilder();
  for (const [value, one] of blocks.entries()) {
    const cidr = belongs(one) ? parseCidr(one.block) : null;
    if (cidr === null) continue;
    const { first, prefix } = cidr;
    if (first.family === 4)
      builder.addIpv4(Number(first.value), Number(first.value) + 2 ** (32 - prefix) - 1, value);
    else builder.addIpv6(first.value, first.value + (1n << BigInt(128 - prefix)) - 1n, value);
  }
  return builder.build().table;
}

/** The parts that are used, in the form in which they were published. */
export const publishedForm = ({ syncToken, blocks }: AwsRanges) => ({
  syncToken,
  prefixes: blocks
    .filter(({ block }) => !block.includes(":"))
    .map(({ block, service, region }) => ({ ip_prefix: block, service, region })),
  ipv6_prefixes: blocks
    .filter(({ block }) => block.includes(":"))
    .map(({ block, service, region }) => ({ ipv6_prefix: block, service, region })),
});

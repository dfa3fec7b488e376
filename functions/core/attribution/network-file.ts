/**
 * Networks of the internet as one compact file: an address table and a label for each value. It is made once from lists
 * of ranges, and read at the start of every container in some ten milliseconds.
 *
 * Layout, in words of 32 bits, little-endian: magic, number of IPv4 and of IPv6 segments, bytes of labels; starts and
 * values of IPv4; starts and values of IPv6; the labels, one a line, `number<TAB>name`.
 */
import { cleanText } from "../text";
import {
  type AddressTable,
  type AddressTableBuilder,
  addressTableBuilder,
  NONE,
  valueAt,
} from "./address-table";
import type { Networks } from "./network";

/** `PLN1` */
const MAGIC = 0x314e4c50;
const HEADER = 16;

/**
 * Makes the file from lists as `ip-location-db` has them: `first,last,number,name`, addresses as decimal integers, names
 * in quotes where they hold a comma. Lines that are none are left out.
 */
export function compileNetworks(ipv4: string, ipv6: string): Uint8Array {
  const builder = addressTableBuilder();
  const labels: string[] = [];
  const known = new Map<string, number>();
  const labelOf = (asn: string, name: string) => {
    let label = known.get(asn);
    if (label === undefined) {
      label = labels.push(`${asn}\t${cleanText(name, 80)}`) - 1;
      known.set(asn, label);
    }
    return label;
  };
  addLines(ipv4, labelOf, (first, last, label) => builder.addIpv4(Number(first), Number(last), label));
  addLines(ipv6, labelOf, (first, last, label) => builder.addIpv6(BigInt(first), BigInt(last), label));
  return encode(builder, labels);
}

const LINE = /^(\d{1,39}),(\d{1,39}),(\d{1,10}),(.*)$/;

function addLines(
  text: string,
  labelOf: (asn: string, name: string) => number,
  add: (first: string, last: string, label: number) => void,
): void {
  for (let from = 0; from < text.length; ) {
    const newline = text.indexOf("\n", from);
    const to = newline < 0 ? text.length : newline;
    const match = LINE.exec(text.slice(from, to).trimEnd());
    from = to + 1;
    if (match === null) continue;
    const [, first, last, asn, name] = match as unknown as [string, string, string, string, string];
    const plain = name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
    add(first, last, labelOf(asn, plain));
  }
}

function encode(builder: AddressTableBuilder, labels: readonly string[]): Uint8Array {
  const { v4, v6 } = builder.build().table;
  const text = new TextEncoder().encode(labels.join("\n"));
  const header = Uint32Array.of(MAGIC, v4.values.length, v6.values.length, text.length);
  const parts = [header, v4.starts, v4.values, v6.starts, v6.values, text];
  const file = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of parts) {
    file.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return file;
}

/** Reads the file. Throws where it is none, or is cut off. */
export function networksIn(file: Uint8Array): Networks {
  // Typed arrays need their place to be a multiple of four, which a slice of a buffer may not be.
  const bytes = file.byteOffset % 4 === 0 ? file : file.slice();
  const [magic, ipv4 = 0, ipv6 = 0, labelBytes = 0] =
    bytes.length < HEADER ? [] : new Uint32Array(bytes.buffer, bytes.byteOffset, 4);
  const expected = HEADER + 8 * ipv4 + 20 * ipv6 + labelBytes;
  if (magic !== MAGIC || bytes.length !== expected) {
    throw new Error(
      `it is no file of networks as Plumbline makes it, or is cut off (${bytes.length} bytes). Delete it to have it made anew`,
    );
  }
  let at = bytes.byteOffset + HEADER;
  const take = <T>(
    words: number,
    as: new (buffer: ArrayBufferLike, offset: number, length: number) => T,
  ): T => {
    const array = new as(bytes.buffer, at, words);
    at += 4 * words;
    return array;
  };
  const table: AddressTable = {
    v4: { starts: take(ipv4, Uint32Array), values: take(ipv4, Int32Array) },
    v6: { starts: take(4 * ipv6, Uint32Array), values: take(ipv6, Int32Array) },
  };
  const labels = new TextDecoder().decode(bytes.subarray(bytes.length - labelBytes)).split("\n");
  return {
    networkOf(address) {
      const value = valueAt(table, address);
      const label = value === NONE ? undefined : labels[value];
      if (label === undefined) return null;
      const tab = label.indexOf("\t");
      return { asn: Number(label.slice(0, tab)), name: label.slice(tab + 1) || null, country: null };
    },
  };
}

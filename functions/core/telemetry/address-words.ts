/** Addresses as numbers, read from bytes: as strict as `parseAddress`, and nothing is allocated. */
import { type Address, formatAddress, parseAddress } from "../address";

/** An address in four words of 32 bits, the highest first (signed, as bit operations give them); IPv4 has the last only. */
export interface AddressWords {
  /** 0 stands for no address. */
  family: 0 | 4 | 6;
  a: number;
  b: number;
  c: number;
  d: number;
}

export const noAddress = (): AddressWords => ({ family: 0, a: 0, b: 0, c: 0, d: 0 });

export const isSameAddress = (one: AddressWords, other: AddressWords): boolean =>
  one.d === other.d &&
  one.family === other.family &&
  one.c === other.c &&
  one.b === other.b &&
  one.a === other.a;

const DOT = 46;
const COLON = 58;
const LONGEST_ADDRESS = 45;

/** Reads exactly one address into `into`; `false` where the bytes are none. */
export function readAddress(bytes: Uint8Array, from: number, to: number, into: AddressWords): boolean {
  let [value, part, digits, dots] = [0, 0, 0, 0];
  for (let i = from; i < to; i++) {
    const digit = (bytes[i] as number) - 48;
    if (digit >= 0 && digit <= 9) {
      if (digits > 0 && part === 0) return readIpv6(bytes, from, to, into); // 01: octal to some
      part = part * 10 + digit;
      digits++;
      if (part > 255) return readIpv6(bytes, from, to, into);
    } else if (bytes[i] === DOT && digits > 0 && dots < 3) {
      value = (value << 8) | part;
      part = 0;
      digits = 0;
      dots++;
    } else {
      return readIpv6(bytes, from, to, into);
    }
  }
  if (dots !== 3 || digits === 0) return false;
  set(into, 4, 0, 0, 0, (value << 8) | part);
  return true;
}

const groups = new Int32Array(8);
const tail = noAddress();

function readIpv6(bytes: Uint8Array, from: number, to: number, into: AddressWords): boolean {
  if (to - from > LONGEST_ADDRESS) return false;
  let [at, count, fold] = [from, 0, -1];
  if (to - from >= 2 && bytes[at] === COLON && bytes[at + 1] === COLON) {
    fold = 0;
    at += 2;
  }
  while (at < to) {
    const start = at;
    let group = 0;
    for (
      let digit = hexDigit(bytes[at]);
      at < to && at - start < 4 && digit >= 0;
      digit = hexDigit(bytes[at])
    ) {
      group = (group << 4) | digit;
      at++;
    }
    if (at < to && bytes[at] === DOT) {
      if (count === 0 && fold < 0) return false;
      if (count > 6 || !isIpv4(bytes, start, to) || !readAddress(bytes, start, to, tail)) return false;
      groups[count++] = tail.d >>> 16;
      groups[count++] = tail.d & 0xffff;
      break;
    }
    if (at === start || count === 8) return false;
    groups[count++] = group;
    if (at === to) break;
    if (bytes[at++] !== COLON || at === to) return false;
    if (bytes[at] === COLON) {
      if (fold >= 0) return false;
      fold = count;
      at++;
    }
  }
  if (fold < 0 ? count !== 8 : count > 7) return false;
  if (fold >= 0) {
    groups.copyWithin(8 - (count - fold), fold, count);
    groups.fill(0, fold, 8 - (count - fold));
  }
  set(into, 6, pair(0), pair(2), pair(4), pair(6));
  return true;
}

const pair = (index: number) => ((groups[index] as number) << 16) | (groups[index + 1] as number);

function isIpv4(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number;
    if (byte !== DOT && (byte < 48 || byte > 57)) return false;
  }
  return true;
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

function set(into: AddressWords, family: 4 | 6, a: number, b: number, c: number, d: number): void {
  into.family = family;
  into.a = a;
  into.b = b;
  into.c = c;
  into.d = d;
}

/** The words of an address given as text, or `null` if it is none. */
export function addressWords(text: string): AddressWords | null {
  const address = parseAddress(text);
  if (address === null) return null;
  const word = (shift: bigint) => Number(BigInt.asIntN(32, address.value >> shift));
  return { family: address.family, a: word(96n), b: word(64n), c: word(32n), d: word(0n) };
}

/** The canonical text of an address. */
export function addressText({ family, a, b, c, d }: AddressWords): string {
  if (family === 4) return `${d >>> 24}.${(d >>> 16) & 255}.${(d >>> 8) & 255}.${d & 255}`;
  const value = [a, b, c, d].reduce((sum, word) => (sum << 32n) | BigInt(word >>> 0), 0n);
  return formatAddress({ family: 6, value } satisfies Address);
}

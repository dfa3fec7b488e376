/** Addresses as numbers, read from bytes: as strict as `parseAddress`, and nothing is allocated. */
import { type Address, formatAddress, PRIVATE_BLOCKS, parseAddress } from "../address";
import { digitsIn, numberOf } from "./byte-words";

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

/** Makes it the IPv4 address that is this number. */
export function setIpv4(into: AddressWords, number: number): void {
  into.family = 4;
  into.a = 0;
  into.b = 0;
  into.c = 0;
  into.d = number;
}

/** Private blocks by the first bits of their addresses, in the first word that an address has. */
const [PRIVATE_4, PRIVATE_6] = ([4, 6] as const).map((family) =>
  PRIVATE_BLOCKS.filter(({ first, prefix }) => first.family === family && prefix <= 32).map(
    ({ first, prefix }) => ({
      shift: 32 - prefix,
      bits: Number(first.value >> (family === 4 ? 0n : 96n)) >>> (32 - prefix),
    }),
  ),
) as [PrivateBlock[], PrivateBlock[]];
interface PrivateBlock {
  readonly shift: number;
  readonly bits: number;
}

/** Whether an address is in a private or reserved block. */
export function isPrivateAddress({ family, a, d }: AddressWords): boolean {
  const [word, blocks] = family === 4 ? [d, PRIVATE_4] : [a, PRIVATE_6];
  return blocks.some(({ shift, bits }) => word >>> shift === bits);
}

const NEWLINE = 10;
const SPACE = 32;
const DOT = 46;
const ZERO = 48;
const COLON = 58;
const LONGEST_ADDRESS = 45;

/**
 * Reads an IPv4 address into `into` and gives where the space or line break after it is; 0 where there is none, for
 * another to tell why. Three more bytes must be there.
 */
export function readIpv4(view: DataView, from: number, into: AddressWords): number {
  let value = 0;
  let at = from;
  for (let part = 0; part < 4; part++) {
    const word = view.getInt32(at, true);
    const count = digitsIn(word);
    if (count === 0 || count === 4) return 0;
    // No leading zero: 010 is eight to some.
    if (count > 1 && (word & 255) === ZERO) return 0;
    const number = numberOf(word, count);
    const next = (word >>> (count << 3)) & 255;
    if (number > 255 || (part < 3 ? next !== DOT : next !== SPACE && next !== NEWLINE)) return 0;
    value = (value << 8) | number;
    at += count + 1;
  }
  setIpv4(into, value);
  return at - 1;
}

const alone = new Uint8Array(LONGEST_ADDRESS + 4);
const aloneView = new DataView(alone.buffer);

/** Reads exactly one address into `into`; `false` where the bytes are none. */
export function readAddress(bytes: Uint8Array, from: number, to: number, into: AddressWords): boolean {
  if (to === from || to - from > LONGEST_ADDRESS) return false;
  for (let i = from; i < to; i++) if (bytes[i] === COLON) return readIpv6(bytes, from, to, into);
  return isIpv4(bytes, from, to, into);
}

function isIpv4(bytes: Uint8Array, from: number, to: number, into: AddressWords): boolean {
  for (let i = from; i < to; i++) alone[i - from] = bytes[i] as number;
  alone[to - from] = NEWLINE;
  return readIpv4(aloneView, 0, into) === to - from;
}

const groups = new Int32Array(8);
const tail = noAddress();

function readIpv6(bytes: Uint8Array, from: number, to: number, into: AddressWords): boolean {
  let at = from;
  let count = 0;
  let fold = -1;
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
      if (count > 6 || !isIpv4(bytes, start, to, tail)) return false;
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
  into.family = 6;
  into.a = pair(0);
  into.b = pair(2);
  into.c = pair(4);
  into.d = pair(6);
  return true;
}

const pair = (index: number) => ((groups[index] as number) << 16) | (groups[index + 1] as number);

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
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

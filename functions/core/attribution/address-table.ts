/**
 * Which of many ranges an address lies in. Ranges may nest and overlap: the one that begins last, so the most specific,
 * goes first. They are cut once into segments that do not overlap, sorted by where they begin, and a lookup is a binary
 * search: AWS's ranges, the networks of the internet and threat lists all are such tables.
 */
import type { Address } from "../address";
import { GrowingNumbers } from "../growing";

/** In place of a value, where no range is. */
export const NONE = -1;

/** Each segment goes to where the next begins. Values are 0 and up, or `NONE`. */
export interface AddressTable {
  readonly v4: { readonly starts: Uint32Array; readonly values: Int32Array };
  /** Four words for each start, the most significant first. */
  readonly v6: { readonly starts: Uint32Array; readonly values: Int32Array };
}

/** The value of the most specific range that holds `address`, else `NONE`. */
export function valueAt({ v4, v6 }: AddressTable, { family, value }: Address): number {
  if (family === 4) {
    const { starts } = v4;
    const sought = Number(value);
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] as number) <= sought) low = middle + 1;
      else high = middle;
    }
    return v4.values[low - 1] ?? NONE;
  }
  const sought = wordsOf(value);
  let [low, high] = [0, v6.values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (beginsAfter(v6.starts, middle * 4, sought)) high = middle;
    else low = middle + 1;
  }
  return v6.values[low - 1] ?? NONE;
}

function beginsAfter(starts: Uint32Array, at: number, sought: readonly number[]): boolean {
  for (let word = 0; word < 4; word++) {
    const difference = (starts[at + word] as number) - (sought[word] as number);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

const wordsOf = (value: bigint): number[] =>
  [96n, 64n, 32n, 0n].map((shift) => Number((value >> shift) & 0xffffffffn));

interface Ranges {
  readonly firsts: Float64Array;
  /** Exclusive. */
  readonly ends: Float64Array;
  readonly values: Float64Array;
}

export interface AddressTableBuilder {
  /** `last` is inclusive. Of two equal ranges the first counts; one that ends before it begins is none. */
  addIpv4(first: number, last: number, value: number): void;
  addIpv6(first: bigint, last: bigint, value: number): void;
  /** `overlapping`: ranges that lie in or over another; `duplicates`: the same range again. */
  build(): { table: AddressTable; duplicates: number; overlapping: number };
}

const IPV4_END = 2 ** 32;
const IPV6_END = 1n << 128n;

export function addressTableBuilder(): AddressTableBuilder {
  const v4 = { firsts: new GrowingNumbers(), ends: new GrowingNumbers(), values: new GrowingNumbers() };
  const v6 = { firsts: [] as bigint[], ends: [] as bigint[], values: new GrowingNumbers() };
  return {
    addIpv4(first, last, value) {
      if (first < 0 || last < first || last >= IPV4_END) return;
      v4.firsts.push(first);
      v4.ends.push(last + 1);
      v4.values.push(value);
    },
    addIpv6(first, last, value) {
      if (first < 0n || last < first || last >= IPV6_END) return;
      v6.firsts.push(first);
      v6.ends.push(last + 1n);
      v6.values.push(value);
    },
    build() {
      const four = cut({ firsts: v4.firsts.all(), ends: v4.ends.all(), values: v4.values.all() }, IPV4_END);
      const { limits, places } = inPlaces([...v6.firsts, ...v6.ends]);
      const [firsts, ends] = [places.subarray(0, v6.firsts.length), places.subarray(v6.firsts.length)];
      const beyond = limits.at(-1) === IPV6_END ? limits.length - 1 : limits.length;
      const six = cut({ firsts, ends, values: v6.values.all() }, beyond);
      const words = Uint32Array.from([...six.starts].flatMap((at) => wordsOf(limits[at] ?? 0n)));
      return {
        table: {
          v4: { starts: Uint32Array.from(four.starts), values: four.values },
          v6: { starts: words, values: six.values },
        },
        duplicates: four.duplicates + six.duplicates,
        overlapping: four.overlapping + six.overlapping,
      };
    },
  };
}

/** The place of each of these in their order: so IPv6 is cut by numbers, too. Equal ones have one place. */
function inPlaces(all: readonly bigint[]): { limits: bigint[]; places: Float64Array } {
  const limits: bigint[] = [];
  const places = new Float64Array(all.length);
  const [at, less] = [
    (i: number) => all[i] as bigint,
    (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
  ];
  for (const index of Uint32Array.from(all.keys()).sort((a, b) => less(at(a), at(b)))) {
    if (limits.at(-1) !== at(index)) limits.push(at(index));
    places[index] = limits.length - 1;
  }
  return { limits, places };
}

/** Above every index: as many ranges as fit beside 32 bits into the 53 that a number holds exactly. */
const INDEX = 2 ** 21;

/**
 * Indexes of ranges by where they begin, the widest first, then as they were added. Where a range begins and its index
 * are sorted as one number, which takes a fifth of the time of comparing in a function.
 */
function inOrder({ firsts, ends }: Ranges): Uint32Array {
  const compare = (a: number, b: number) =>
    (firsts[a] as number) - (firsts[b] as number) || (ends[b] as number) - (ends[a] as number) || a - b;
  if (firsts.length >= INDEX) return Uint32Array.from(firsts.keys()).sort(compare);
  const keys = new Float64Array(firsts.length);
  for (let i = 0; i < keys.length; i++) keys[i] = (firsts[i] as number) * INDEX + i;
  keys.sort();
  const order = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i++) order[i] = (keys[i] as number) % INDEX;
  for (let from = 0, to = 1; from < order.length; from = to++) {
    while (to < order.length && firsts[order[to] as number] === firsts[order[from] as number]) to++;
    if (to - from > 1) order.subarray(from, to).sort(compare);
  }
  return order;
}

/** Cuts ranges into segments; `beyond` is the first integer that is no address. */
function cut(ranges: Ranges, beyond: number) {
  const { firsts, ends, values } = ranges;
  const end = (index: number) => ends[index] as number;
  // Each range begins at most two segments: its own, and what goes on after it.
  const starts = new Float64Array(2 * firsts.length);
  const held = new Int32Array(2 * firsts.length);
  let [length, duplicates, overlapping] = [0, 0, 0];
  /** Ranges that hold the place where the sweep is, the most specific last. */
  const open: number[] = [];

  function begin(at: number, value: number): void {
    if (at === beyond || (length === 0 ? NONE : held[length - 1]) === value) return;
    if (length === 0 || starts[length - 1] !== at) length++;
    starts[length - 1] = at;
    held[length - 1] = value;
  }
  /** Ends what ends by `at`; what is around it goes on. */
  function endUntil(at: number): void {
    while (open.length > 0) {
      const ended = end(open[open.length - 1] as number);
      if (ended > at) return;
      open.pop();
      while (open.length > 0 && end(open[open.length - 1] as number) <= ended) open.pop();
      begin(ended, open.length === 0 ? NONE : (values[open[open.length - 1] as number] as number));
    }
  }
  let before = -1;
  for (const index of inOrder(ranges)) {
    if (before >= 0 && firsts[before] === firsts[index] && ends[before] === ends[index]) {
      duplicates++;
      continue;
    }
    before = index;
    const first = firsts[index] as number;
    endUntil(first);
    if (open.length > 0) overlapping++;
    open.push(index);
    begin(first, values[index] as number);
  }
  endUntil(beyond);
  return { starts: starts.slice(0, length), values: held.slice(0, length), duplicates, overlapping };
}

/**
 * Which of many ranges an address lies in. Ranges may nest and overlap: the one that begins last, so the most specific,
 * goes first. They are cut once into segments that do not overlap, sorted by where they begin, and a lookup is a binary
 * search: AWS's ranges, the networks of the internet and threat lists all are such tables.
 */
import type { Address } from "../address";

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

interface Ranges<N extends number | bigint> {
  readonly firsts: N[];
  /** Exclusive. */
  readonly ends: N[];
  readonly values: number[];
}

export interface AddressTableBuilder {
  /** `last` is inclusive. Of two equal ranges the one that was added first counts. */
  addIpv4(first: number, last: number, value: number): void;
  addIpv6(first: bigint, last: bigint, value: number): void;
  /** `overlapping`: ranges that lie in or over another; `duplicates`: the same range again. */
  build(): { table: AddressTable; duplicates: number; overlapping: number };
}

export function addressTableBuilder(): AddressTableBuilder {
  const v4: Ranges<number> = { firsts: [], ends: [], values: [] };
  const v6: Ranges<bigint> = { firsts: [], ends: [], values: [] };
  function add<N extends number | bigint>(ranges: Ranges<N>, first: N, end: N, value: number): void {
    ranges.firsts.push(first);
    ranges.ends.push(end);
    ranges.values.push(value);
  }
  return {
    addIpv4: (first, last, value) => add(v4, first, last + 1, value),
    addIpv6: (first, last, value) => add(v6, first, last + 1n, value),
    build() {
      const four = cut(v4, 2 ** 32);
      const six = cut(v6, 1n << 128n);
      return {
        table: {
          v4: { starts: Uint32Array.from(four.starts), values: Int32Array.from(four.values) },
          v6: { starts: Uint32Array.from(six.starts.flatMap(wordsOf)), values: Int32Array.from(six.values) },
        },
        duplicates: four.duplicates + six.duplicates,
        overlapping: four.overlapping + six.overlapping,
      };
    },
  };
}

/** Cuts ranges into segments; `beyond` is the first integer that is no address. */
function cut<N extends number | bigint>({ firsts, ends, values }: Ranges<N>, beyond: N) {
  const first = (index: number) => firsts[index] as N;
  const end = (index: number) => ends[index] as N;
  const order = Uint32Array.from(firsts.keys()).sort((a, b) => {
    if (first(a) !== first(b)) return first(a) < first(b) ? -1 : 1;
    if (end(a) !== end(b)) return end(a) > end(b) ? -1 : 1;
    return a - b;
  });
  const segments = { starts: [] as N[], values: [] as number[], duplicates: 0, overlapping: 0 };
  /** Ranges that hold the place where the sweep is, the most specific last. */
  const open: number[] = [];

  function begin(at: N, value: number): void {
    const last = segments.starts.length - 1;
    if (at === beyond || (segments.values[last] ?? NONE) === value) return;
    if (segments.starts[last] === at) segments.values[last] = value;
    else {
      segments.starts.push(at);
      segments.values.push(value);
    }
  }
  /** Ends what ends by `at`; what is around it goes on. */
  function endUntil(at: N): void {
    for (let top = open.at(-1); top !== undefined && end(top) <= at; top = open.at(-1)) {
      const ended = end(top);
      while (open.length > 0 && end(open.at(-1) as number) <= ended) open.pop();
      const around = open.at(-1);
      begin(ended, around === undefined ? NONE : (values[around] as number));
    }
  }
  let before: number | undefined;
  for (const index of order) {
    if (before !== undefined && first(before) === first(index) && end(before) === end(index)) {
      segments.duplicates++;
      continue;
    }
    before = index;
    endUntil(first(index));
    if (open.length > 0) segments.overlapping++;
    open.push(index);
    begin(first(index), values[index] as number);
  }
  endUntil(beyond);
  return segments;
}

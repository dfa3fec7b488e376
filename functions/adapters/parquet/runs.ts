/**
 * Reads Parquet's hybrid of repeated and bit-packed runs, in which levels and dictionary indices are written. What a run
 * says of its length is not trusted: no more is written than was asked for, nothing is read past `to`.
 *
 * Source: github.com/apache/parquet-format/blob/master/Encodings.md (RLE/Bit-Packing Hybrid)
 */

/** Fewer than the bits of a number: a dictionary of 16 million values fits into no page. */
const MOST_BITS = 24;

/** Bytes from `from` up to `to`. */
export interface Slice {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}

/** Numbers in runs: so many, of so many bits, all below `limit`. */
export interface Runs extends Slice {
  readonly count: number;
  readonly bits: number;
  readonly limit: number;
}

/**
 * Fills `into` with the numbers that `places` name, in ascending order; with all of them where it is `null`. A place of -1
 * is passed over.
 */
export function readRuns(runs: Runs, places: Int32Array | null, into: Int32Array): void {
  const { bytes, to, count, bits, limit } = runs;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bits > MOST_BITS) throw new RangeError(`indices of ${bits} bits`);
  let { from } = runs;
  let next = 0;
  for (let at = 0; at < count && bits > 0; ) {
    const header = readVarint(bytes, from, to);
    from = header.next;
    const isPacked = header.value % 2 === 1;
    const length = Math.floor(header.value / 2);
    const size = isPacked ? length * bits : (bits + 7) >> 3;
    // The last group of eight may be cut where the values end.
    const run = isPacked ? Math.min(length * 8, count - at) : length;
    const used = isPacked ? Math.ceil((run * bits) / 8) : size;
    if (from + used > to || at + run > count || run === 0) {
      throw new RangeError(`a run of ${run} values where ${count - at} are left, in ${to - from} bytes`);
    }
    const end = endIn(places, next, at + run);
    if (isPacked) unpack(runs, view, from, at, places, into, next, end);
    else into.fill(below(limit, littleEndian(bytes, from, size)), next, end);
    from += size;
    at += run;
    next = end;
  }
  if (bits === 0) into.fill(below(limit, 0));
}

/** Of a packed run that begins with the byte `from` and the place `first`, the numbers at some places. */
function unpack(
  { bytes, to, bits, limit }: Runs,
  view: DataView,
  from: number,
  first: number,
  places: Int32Array | null,
  into: Int32Array,
  start: number,
  end: number,
): void {
  const mask = (1 << bits) - 1;
  for (let i = start; i < end; i = (i + 1) | 0) {
    const bit = Math.imul((places === null ? i : (places[i] as number)) - first, bits);
    if (bit < 0) continue;
    const at = (from + (bit >> 3)) | 0;
    const word = at + 4 <= to ? view.getInt32(at, true) : littleEndian(bytes, at, to - at);
    into[i] = below(limit, (word >>> (bit & 7)) & mask);
  }
}

function below(limit: number, value: number): number {
  if (value >= limit) throw new RangeError(`value ${value} of ${limit}`);
  return value;
}

/** Whether there is one run only, of one value, of one byte: so are the levels of a page without nulls. */
export function isRepeated({ bytes, from, to }: Slice, count: number, value: number): boolean {
  if (from === to || (bytes[from] as number) % 2 === 1) return false;
  const { value: header, next } = readVarint(bytes, from, to);
  return header === 2 * count && next < to && bytes[next] === value;
}

/** How many places there are before `end`; at least as many as were found before. */
function endIn(places: Int32Array | null, from: number, end: number): number {
  if (places === null) return end;
  let next = from;
  while (next < places.length && (places[next] as number) < end) next++;
  return next;
}

function littleEndian(bytes: Uint8Array, from: number, size: number): number {
  let value = 0;
  for (let i = 0; i < size; i++) value |= (bytes[from + i] as number) << (8 * i);
  return value;
}

/** A number in groups of seven bits, and where the byte after it is. */
function readVarint(bytes: Uint8Array, from: number, to: number): { value: number; next: number } {
  let value = 0;
  for (let i = 0; i < 5 && from + i < to; i++) {
    const byte = bytes[from + i] as number;
    value += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return { value, next: from + i + 1 };
  }
  throw new RangeError("a run whose length does not end");
}

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

/** Fills `into` from `start` up to `end` with numbers of so many bits. */
export function readRuns(slice: Slice, bits: number, into: Int32Array, start: number, end: number): void {
  if (bits > MOST_BITS) throw new RangeError(`indices of ${bits} bits`);
  if (bits === 0) {
    into.fill(0, start, end);
    return;
  }
  const { bytes, to } = slice;
  let { from } = slice;
  for (let at = start; at < end; ) {
    const header = readVarint(bytes, from, to);
    from = header.next;
    const isPacked = header.value % 2 === 1;
    const length = Math.floor(header.value / 2);
    const size = isPacked ? length * bits : (bits + 7) >> 3;
    // The last group of eight may be cut where the values end.
    const count = isPacked ? Math.min(length * 8, end - at) : length;
    const used = isPacked ? Math.ceil((count * bits) / 8) : size;
    if (from + used > to || at + count > end || count === 0) {
      throw new RangeError(`a run of ${count} values where ${end - at} are left, in ${to - from} bytes`);
    }
    if (isPacked) unpack(bytes, from, bits, into, at, at + count);
    else into.fill(littleEndian(bytes, from, size), at, at + count);
    from += size;
    at += count;
  }
}

function unpack(
  bytes: Uint8Array,
  from: number,
  bits: number,
  into: Int32Array,
  start: number,
  end: number,
): void {
  const mask = (1 << bits) - 1;
  let next = from;
  let rest = 0;
  let left = 0;
  for (let at = start; at < end; at++) {
    for (; left < bits; left += 8) rest |= (bytes[next++] as number) << left;
    into[at] = rest & mask;
    rest >>>= bits;
    left -= bits;
  }
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

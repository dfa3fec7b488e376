/**
 * Reads numbers that are written as differences (DELTA_BINARY_PACKED), in blocks with a least difference each and so many
 * bits for what a difference has more. Writers choose it only when told to, so it is read simply, not fast.
 *
 * Source: github.com/apache/parquet-format/blob/master/Encodings.md (Delta Encoding)
 */
import type { Slice } from "./runs";

/** Writers take 128 values a block, 4 miniblocks. */
const LARGEST_BLOCK = 65_536;
/** A double holds these exactly; sizes and times need fewer. */
const MOST_BITS = 52;

/** Reads as many numbers as `into` has room for, and gives where the byte after them is. */
export function readDeltas(slice: Slice, into: Float64Array | Int32Array): number {
  const reader = new DeltaReader(slice);
  const [size, miniblocks, count] = [reader.varint(), reader.varint(), reader.varint()];
  const length = size / miniblocks;
  if (!(size <= LARGEST_BLOCK && length >= 8 && length % 8 === 0) || count !== into.length) {
    throw new RangeError(`${into.length} numbers as ${count} differences, ${size} in ${miniblocks} blocks`);
  }
  let value = reader.zigzag();
  let at = 0;
  if (count > 0) into[at++] = value;
  while (at < count) {
    const least = reader.zigzag();
    const widths = Array.from({ length: miniblocks }, () => reader.byte());
    for (const bits of widths) {
      if (at === count) break;
      const end = reader.at + (length / 8) * bits;
      for (let i = 0; i < length && at < count; i++) {
        value += least + reader.bits(i * bits, bits);
        // Those of 32 bits may wrap around.
        if (into instanceof Int32Array) value |= 0;
        into[at++] = value;
      }
      reader.at = end;
    }
  }
  return reader.at;
}

class DeltaReader {
  at: number;

  constructor(private readonly slice: Slice) {
    this.at = slice.from;
  }

  byte(): number {
    return this.byteAt(this.at++);
  }

  varint(): number {
    let value = 0;
    for (let power = 1; power < 2 ** 64; power *= 128) {
      const byte = this.byte();
      value += (byte & 127) * power;
      if (byte < 128) return value;
    }
    throw new RangeError("a number that does not end");
  }

  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** The number in so many bits, `offset` bits on from here. */
  bits(offset: number, count: number): number {
    if (count > MOST_BITS) throw new RangeError(`differences of ${count} bits`);
    let value = 0;
    for (let read = 0; read < count; ) {
      const bit = offset + read;
      const taken = Math.min(8 - (bit & 7), count - read);
      const part = (this.byteAt(this.at + (bit >> 3)) >> (bit & 7)) & ((1 << taken) - 1);
      value += part * 2 ** read;
      read += taken;
    }
    return value;
  }

  private byteAt(at: number): number {
    const { bytes, to } = this.slice;
    if (at >= to) throw new RangeError("differences that are cut");
    return bytes[at] as number;
  }
}

/** The texts that the rows of a column chunk refer to: those of its dictionary, and those of pages that have none. */
import type { TextColumn } from "../../core/telemetry/flow-log-rows";
import { readDeltas } from "./delta";
import type { Page } from "./pages";
import type { Slice } from "./runs";

/** Texts in `bytes`, each from its start up to its end. */
type List = Omit<TextColumn, "ofRow">;

/** Of a page, once prefixes are written out. */
const LARGEST_LIST = 64 * 1024 * 1024;

export class Texts {
  private bytes: Uint8Array = new Uint8Array();
  private starts: Int32Array = new Int32Array();
  private ends: Int32Array = new Int32Array();

  /** Adds what a page holds, at these places or all, and gives the number of the first. */
  add(page: Page, places: Int32Array | null): number {
    const list = listOf(page, places);
    const first = this.starts.length;
    const offset = this.bytes.length;
    this.starts = joined(this.starts, list.starts, offset);
    this.ends = joined(this.ends, list.ends, offset);
    this.bytes = offset === 0 ? list.bytes : Buffer.concat([this.bytes, list.bytes]);
    return first;
  }

  column(ofRow: Int32Array): TextColumn {
    return { ofRow, bytes: this.bytes, starts: this.starts, ends: this.ends };
  }
}

/** The numbers of two lists, those of the second moved on by `offset`. */
function joined(one: Int32Array, other: Int32Array, offset: number): Int32Array {
  if (one.length === 0) return other;
  const all = new Int32Array(one.length + other.length);
  all.set(one);
  for (let i = 0; i < other.length; i++) all[one.length + i] = (other[i] as number) + offset;
  return all;
}

function listOf({ encoding, data, values }: Page, places: Int32Array | null): List {
  if (encoding === "PLAIN") return withLengthBefore(data, values, places);
  if (encoding === "DELTA_LENGTH_BYTE_ARRAY") return some(withLengthsFirst(data, values), places);
  if (encoding === "DELTA_BYTE_ARRAY") return some(withPrefixes(data, values), places);
  throw new TypeError(`text in encoding ${encoding}`);
}

/** Those of a list that stand at these places. */
function some({ bytes, starts, ends }: List, places: Int32Array | null): List {
  if (places === null) return { bytes, starts, ends };
  const there = places.filter((place) => place >= 0);
  return {
    bytes,
    starts: there.map((place) => starts[place] as number),
    ends: there.map((place) => ends[place] as number),
  };
}

/** Each text with its length before it. */
function withLengthBefore({ bytes, from, to }: Slice, values: number, places: Int32Array | null): List {
  const page = bytes.subarray(from, to);
  const view = new DataView(page.buffer, page.byteOffset, page.length);
  const there = places?.filter((place) => place >= 0) ?? null;
  const count = there?.length ?? values;
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  let at = 0;
  let found = 0;
  for (let value = 0; found < count; value++) {
    const length = at + 4 <= page.length ? view.getUint32(at, true) : Number.NaN;
    const end = at + 4 + length;
    if (!(end <= page.length)) throw new RangeError(`a text of ${length} bytes at ${at} of ${page.length}`);
    if (there === null || there[found] === value) {
      starts[found] = at + 4;
      ends[found] = end;
      found++;
    }
    at = end;
  }
  return { bytes: page, starts, ends };
}

/** All lengths, then all texts. */
function withLengthsFirst(slice: Slice, count: number): List {
  const ends = new Int32Array(count);
  const page = slice.bytes.subarray(readDeltas(slice, ends), slice.to);
  const starts = new Int32Array(count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const length = ends[i] as number;
    if (!(length >= 0 && at + length <= page.length)) throw new RangeError(`a text of ${length} bytes`);
    starts[i] = at;
    at += length;
    ends[i] = at;
  }
  return { bytes: page, starts, ends };
}

/** Of each text only what differs from the one before it, behind so many bytes that are the same. */
function withPrefixes(slice: Slice, count: number): List {
  const prefixes = new Int32Array(count);
  const suffixes = withLengthsFirst({ ...slice, from: readDeltas(slice, prefixes) }, count);
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  let size = 0;
  for (let i = 0; i < count; i++) {
    const before = i === 0 ? 0 : (ends[i - 1] as number) - (starts[i - 1] as number);
    const prefix = prefixes[i] as number;
    if (!(prefix >= 0 && prefix <= before)) throw new RangeError(`a prefix of ${prefix} of ${before} bytes`);
    starts[i] = size;
    size += prefix + (suffixes.ends[i] as number) - (suffixes.starts[i] as number);
    ends[i] = size;
    if (size > LARGEST_LIST) throw new RangeError(`texts of more than ${LARGEST_LIST} bytes`);
  }
  const bytes = new Uint8Array(size);
  for (let i = 0; i < count; i++) {
    const start = starts[i] as number;
    const prefix = prefixes[i] as number;
    if (prefix > 0) bytes.copyWithin(start, starts[i - 1] as number, (starts[i - 1] as number) + prefix);
    bytes.set(suffixes.bytes.subarray(suffixes.starts[i], suffixes.ends[i]), start + prefix);
  }
  return { bytes, starts, ends };
}

/**
 * Walks over the pages of a column chunk. hyparquet reads their headers; what these say is held against the bytes that are
 * there and the rows that the row group has, before anything is allocated or decoded by it: so damage ends in an error, in
 * bounded time and memory.
 */
import { gunzipSync } from "node:zlib";
import type { ColumnMetaData, Encoding, PageHeader } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { compressors } from "hyparquet-compressors";
import { isRepeated, readRuns, type Slice } from "./runs";

/** Of one page, decompressed: most have one MiB or so. */
const LARGEST_PAGE = 64 * 1024 * 1024;
/** Of the pages of one chunk. */
const LARGEST_CHUNK = 512 * 1024 * 1024;

export interface Page {
  readonly isDictionary: boolean;
  readonly encoding: Encoding;
  /** Rows; those that are null are not among the values. Of a dictionary, its values. */
  readonly rows: number;
  readonly values: number;
  /** 1 for each row that has a value, 0 for null; `null` if all have one. */
  readonly levels: Int32Array | null;
  /** The encoded values. */
  readonly data: Slice;
}

/** The pages of a chunk that has a value or null in each of `rows` rows. */
export function* pagesOf(
  file: Uint8Array,
  chunk: ColumnMetaData,
  rows: number,
  isNullable: boolean,
): Generator<Page> {
  const start = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
  const length = Number(chunk.total_compressed_size);
  if (!(start >= 0 && length >= 0 && start + length <= file.length)) {
    throw new RangeError(`a column of ${length} bytes at ${start}, in a file of ${file.length}`);
  }
  const reader = { view: new DataView(file.buffer, file.byteOffset + start, length), offset: 0 };
  let room = LARGEST_CHUNK;
  for (let seen = 0; seen < rows; ) {
    const header = parquetHeader(reader);
    const size = within(length - reader.offset, header.compressed_page_size, "bytes of a page");
    room -= within(
      Math.min(room, LARGEST_PAGE),
      header.uncompressed_page_size,
      "bytes of a decompressed page",
    );
    const from = start + reader.offset;
    reader.offset += size;
    const page = readPage(file.subarray(from, from + size), header, chunk.codec, rows - seen, isNullable);
    if (page === null) continue;
    if (!page.isDictionary) seen += page.rows;
    yield page;
  }
}

/** `null` for a page of another kind (an index), which holds no values. */
function readPage(
  bytes: Uint8Array,
  header: PageHeader,
  codec: ColumnMetaData["codec"],
  rowsLeft: number,
  isNullable: boolean,
): Page | null {
  const size = header.uncompressed_page_size;
  if (header.type === "DICTIONARY_PAGE" && header.dictionary_page_header) {
    const data = whole(decompressed(bytes, codec, size));
    // A value takes four bytes at least: a number, or the length of a text.
    const count = within(size / 4, header.dictionary_page_header.num_values, "values of a dictionary");
    return { isDictionary: true, encoding: "PLAIN", rows: count, values: count, levels: null, data };
  }
  if (header.type === "DATA_PAGE" && header.data_page_header) {
    const { num_values, encoding } = header.data_page_header;
    const rows = within(rowsLeft, num_values, "rows of a page");
    const data = whole(decompressed(bytes, codec, size));
    if (!isNullable) return { isDictionary: false, encoding, rows, values: rows, levels: null, data };
    const length = within(data.to - 4, littleEndian32(data.bytes), "bytes of levels");
    const levels = { ...data, from: 4, to: 4 + length };
    return {
      isDictionary: false,
      encoding,
      rows,
      ...present(levels, rows),
      data: { ...data, from: levels.to },
    };
  }
  if (header.type === "DATA_PAGE_V2" && header.data_page_header_v2) {
    const v2 = header.data_page_header_v2;
    const rows = within(rowsLeft, v2.num_values, "rows of a page");
    const before = within(bytes.length, v2.repetition_levels_byte_length, "bytes of levels");
    const length = within(bytes.length - before, v2.definition_levels_byte_length, "bytes of levels");
    const from = before + length;
    const encoded = bytes.subarray(from);
    const isPlain = v2.is_compressed === false;
    const data = whole(isPlain ? encoded : decompressed(encoded, codec, within(size, size - from, "bytes")));
    const levels = isNullable
      ? present({ bytes, from: before, to: from }, rows)
      : { values: rows, levels: null };
    return { isDictionary: false, encoding: v2.encoding, rows, ...levels, data };
  }
  if (header.type === "INDEX_PAGE") return null;
  throw new TypeError(`a page of type ${header.type}`);
}

function decompressed(bytes: Uint8Array, codec: ColumnMetaData["codec"], size: number): Uint8Array {
  const plain = decompress(bytes, codec, size);
  if (plain.length !== size) throw new RangeError(`a page of ${plain.length} bytes that should have ${size}`);
  return plain;
}

/** The codecs that AWS writes; gzip by Node, which is faster than by script. */
function decompress(bytes: Uint8Array, codec: ColumnMetaData["codec"], size: number): Uint8Array {
  if (size === 0) return new Uint8Array();
  if (codec === "UNCOMPRESSED") return bytes;
  if (codec === "GZIP") return gunzipSync(bytes, { maxOutputLength: size });
  if (codec === "SNAPPY" && compressors.SNAPPY) return compressors.SNAPPY(bytes, size);
  throw new TypeError(`compression ${codec}`);
}

/** Which rows have a value, and how many. */
function present(slice: Slice, rows: number): Pick<Page, "levels" | "values"> {
  if (isRepeated(slice, rows, 1)) return { levels: null, values: rows };
  const levels = new Int32Array(rows);
  readRuns({ ...slice, count: rows, bits: 1, limit: 2 }, null, levels);
  let values = 0;
  for (let row = 0; row < rows; row++) values += levels[row] as number;
  return { levels: values === rows ? null : levels, values };
}

const whole = (bytes: Uint8Array): Slice => ({ bytes, from: 0, to: bytes.length });

function littleEndian32(bytes: Uint8Array): number {
  if (bytes.length < 4) throw new RangeError(`a page of ${bytes.length} bytes`);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
}

/** A count that a header gives, if it can be true. */
function within(most: number, count: number, what: string): number {
  if (!(count >= 0 && count <= most)) throw new RangeError(`${count} ${what} where ${most} fit`);
  return count;
}

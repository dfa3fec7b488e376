/**
 * Decodes a column chunk into the columns that `flow-log-rows` takes: numbers in a `Float64Array`, texts as numbers that
 * tell which of the chunk's texts each row has. Nothing is allocated for a value.
 *
 * hyparquet would give a plain array with a bigint, a string or an array of bytes in it for every row.
 */
import type { ColumnMetaData } from "hyparquet";
import { BAD, NONE } from "../../core/telemetry/flow-log-record";
import type { TextColumn } from "../../core/telemetry/flow-log-rows";
import { readDeltas } from "./delta";
import { type Page, pagesOf } from "./pages";
import { readRuns } from "./runs";
import { Texts } from "./texts";

export interface Chunk {
  readonly file: Uint8Array;
  readonly metadata: ColumnMetaData;
  readonly rows: number;
  readonly isNullable: boolean;
}

/** The numbers of a column: `NONE` for null, `BAD` for one below zero. */
export function readNumbers({ file, metadata, rows, isNullable }: Chunk): Float64Array {
  const numbers = new Float64Array(rows);
  const width = metadata.type === "INT64" ? 8 : 4;
  let dictionary: Float64Array | null = null;
  let row = 0;
  for (const page of pagesOf(file, metadata, rows, isNullable)) {
    if (page.isDictionary) {
      dictionary = new Float64Array(page.rows);
      readPlainNumbers(page, width, dictionary);
      continue;
    }
    const into = numbers.subarray(row, row + page.rows);
    if (isIndexed(page)) lookUp(readIndices(page, dictionary?.length ?? 0), dictionary ?? into, into);
    else if (page.encoding === "PLAIN") readPlainNumbers(page, width, into);
    else if (page.encoding === "DELTA_BINARY_PACKED") readDeltaNumbers(page, width, into);
    else throw new TypeError(`numbers in encoding ${page.encoding}`);
    spread(page, into, NONE);
    row += page.rows;
  }
  return numbers;
}

/** The texts of a column. */
export function readTexts({ file, metadata, rows, isNullable }: Chunk): TextColumn {
  const texts = new Texts();
  const ofRow = new Int32Array(rows);
  let dictionary = 0;
  let row = 0;
  for (const page of pagesOf(file, metadata, rows, isNullable)) {
    if (page.isDictionary) {
      texts.add(page);
      dictionary = page.rows;
      continue;
    }
    const into = ofRow.subarray(row, row + page.rows);
    if (isIndexed(page)) into.set(readIndices(page, dictionary));
    else {
      const first = texts.add(page);
      for (let i = 0; i < page.values; i++) into[i] = first + i;
    }
    spread(page, into, -1);
    row += page.rows;
  }
  return texts.column(ofRow);
}

const isIndexed = ({ encoding }: Page) => encoding === "RLE_DICTIONARY" || encoding === "PLAIN_DICTIONARY";

/** Indices into the dictionary, all of which are in it. */
function readIndices({ data, values }: Page, size: number): Int32Array {
  const indices = new Int32Array(values);
  if (values === 0) return indices;
  if (data.from === data.to) throw new RangeError("a page without indices");
  const bits = data.bytes[data.from] as number;
  readRuns({ ...data, from: data.from + 1 }, bits, indices, 0, values);
  for (let i = 0; i < values; i++) {
    if ((indices[i] as number) >= size)
      throw new RangeError(`value ${indices[i]} of a dictionary of ${size}`);
  }
  return indices;
}

function lookUp(indices: Int32Array, dictionary: Float64Array, into: Float64Array): void {
  for (let i = 0; i < indices.length; i++) into[i] = dictionary[indices[i] as number] as number;
}

function readPlainNumbers({ data, values }: Page, width: 4 | 8, into: Float64Array): void {
  const { bytes, from, to } = data;
  if (from + values * width > to) throw new RangeError(`${values} numbers in ${to - from} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset + from, to - from);
  for (let i = 0; i < values; i++) {
    // A double holds less than 64 bits, but more than `MOST_COUNT` has.
    const low = view.getInt32(i * width, true);
    const high = width === 8 ? view.getInt32(i * 8 + 4, true) : low >> 31;
    into[i] = high < 0 ? BAD : high * 2 ** 32 + (low >>> 0);
  }
}

function readDeltaNumbers({ data, values }: Page, width: 4 | 8, into: Float64Array): void {
  const numbers = width === 4 ? new Int32Array(values) : into.subarray(0, values);
  readDeltas(data, numbers);
  for (let i = 0; i < values; i++) into[i] = (numbers[i] as number) < 0 ? BAD : (numbers[i] as number);
}

/** Moves the values of a page, which stand side by side, to the rows that have one. */
function spread({ levels, rows, values }: Page, into: Float64Array | Int32Array, missing: number): void {
  if (levels === null) return;
  let value = values;
  for (let row = rows - 1; row >= 0; row--) {
    into[row] = levels[row] === 0 ? missing : (into[--value] as number);
  }
}

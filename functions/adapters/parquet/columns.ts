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
  /** The rows that are asked for, ascending; `null` for all. */
  readonly wanted: Int32Array | null;
}

/** The numbers of a column, of the rows that are asked for: `NONE` for null, `BAD` for one below zero. */
export function readNumbers(chunk: Chunk): Float64Array {
  const numbers = new Float64Array(chunk.wanted?.length ?? chunk.rows);
  const width = chunk.metadata.type === "INT64" ? 8 : 4;
  let dictionary: Float64Array = new Float64Array();
  for (const { page, places, from, to } of placesOf(chunk)) {
    if (page.isDictionary) {
      dictionary = new Float64Array(page.rows);
      readPlainNumbers(page, width, null, dictionary);
      continue;
    }
    const into = numbers.subarray(from, to);
    if (isIndexed(page)) lookUp(readIndices(page, places, into.length, dictionary.length), dictionary, into);
    else if (page.encoding === "PLAIN") readPlainNumbers(page, width, places, into);
    else if (page.encoding === "DELTA_BINARY_PACKED") readDeltaNumbers(page, width, places, into);
    else throw new TypeError(`numbers in encoding ${page.encoding}`);
    setMissing(places, into, NONE);
  }
  return numbers;
}

/** The texts of a column, of the rows that are asked for. */
export function readTexts(chunk: Chunk): TextColumn {
  const texts = new Texts();
  const ofRow = new Int32Array(chunk.wanted?.length ?? chunk.rows);
  let dictionary = 0;
  for (const { page, places, from, to } of placesOf(chunk)) {
    if (page.isDictionary) {
      texts.add(page, null);
      dictionary = page.rows;
      continue;
    }
    const into = ofRow.subarray(from, to);
    if (isIndexed(page)) into.set(readIndices(page, places, into.length, dictionary));
    else {
      let text = texts.add(page, places);
      for (let i = 0; i < into.length; i++)
        if (places === null || (places[i] as number) >= 0) into[i] = text++;
    }
    setMissing(places, into, -1);
  }
  return texts.column(ofRow);
}

interface PagePlaces {
  readonly page: Page;
  /** Of each row that is asked for, which of the page's values it has, -1 for none; `null` if they are all, in order. */
  readonly places: Int32Array | null;
  /** Those rows, counted among all that are asked for. */
  readonly from: number;
  readonly to: number;
}

/** The pages that have a row that is asked for. */
function* placesOf({ file, metadata, rows, isNullable, wanted }: Chunk): Generator<PagePlaces> {
  let first = 0;
  let from = 0;
  for (const page of pagesOf(file, metadata, rows, isNullable)) {
    if (page.isDictionary) {
      yield { page, places: null, from, to: from };
      continue;
    }
    const end = first + page.rows;
    let to = wanted === null ? end : from;
    if (wanted !== null) while (to < wanted.length && (wanted[to] as number) < end) to++;
    if (to > from)
      yield { page, places: placesIn(page, first, wanted?.subarray(from, to) ?? null), from, to };
    from = to;
    first = end;
  }
}

function placesIn({ levels, rows }: Page, first: number, wanted: Int32Array | null): Int32Array | null {
  if (levels === null) return wanted === null ? null : wanted.map((row) => row - first);
  const places = new Int32Array(wanted?.length ?? rows);
  let value = 0;
  let row = 0;
  for (let i = 0; i < places.length; i++) {
    const asked = wanted === null ? i : (wanted[i] as number) - first;
    for (; row < asked; row++) value += levels[row] as number;
    places[i] = levels[row] === 0 ? -1 : value;
  }
  return places;
}

const isIndexed = ({ encoding }: Page) => encoding === "RLE_DICTIONARY" || encoding === "PLAIN_DICTIONARY";

/** Indices into the dictionary, all of which are in it. */
function readIndices(
  { data, values }: Page,
  places: Int32Array | null,
  count: number,
  size: number,
): Int32Array {
  const indices = new Int32Array(count);
  if (values === 0) return indices;
  if (data.from === data.to) throw new RangeError("a page without indices");
  const bits = data.bytes[data.from] as number;
  readRuns({ ...data, from: data.from + 1, count: values, bits, limit: size }, places, indices);
  return indices;
}

function lookUp(indices: Int32Array, dictionary: Float64Array, into: Float64Array): void {
  for (let i = 0; i < indices.length; i++) into[i] = dictionary[indices[i] as number] as number;
}

function readPlainNumbers(
  { data, values }: Page,
  width: 4 | 8,
  places: Int32Array | null,
  into: Float64Array,
): void {
  const { bytes, from, to } = data;
  if (from + values * width > to) throw new RangeError(`${values} numbers in ${to - from} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset + from, to - from);
  for (let i = 0; i < into.length; i++) {
    const place = places === null ? i : (places[i] as number);
    if (place < 0) continue;
    // A double holds less than 64 bits, but more than `MOST_COUNT` has.
    const low = view.getInt32(place * width, true);
    const high = width === 8 ? view.getInt32(place * 8 + 4, true) : low >> 31;
    into[i] = high < 0 ? BAD : high * 2 ** 32 + (low >>> 0);
  }
}

function readDeltaNumbers(
  { data, values }: Page,
  width: 4 | 8,
  places: Int32Array | null,
  into: Float64Array,
): void {
  const numbers = width === 4 ? new Int32Array(values) : new Float64Array(values);
  readDeltas(data, numbers);
  for (let i = 0; i < into.length; i++) {
    const place = places === null ? i : (places[i] as number);
    if (place >= 0) into[i] = (numbers[place] as number) < 0 ? BAD : (numbers[place] as number);
  }
}

function setMissing(places: Int32Array | null, into: Float64Array | Int32Array, missing: number): void {
  if (places === null) return;
  for (let i = 0; i < places.length; i++) if ((places[i] as number) < 0) into[i] = missing;
}

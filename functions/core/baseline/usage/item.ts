/**
 * A usage line as one plain item for JSON or DynamoDB, and back. Numbers and flags stay as they are; an array becomes the
 * Base64 text of its bytes (little-endian, as in every place that runs Node), a third longer than in memory. Nothing is
 * rounded: the line that is read goes on exactly as the one that was written.
 */

/** What a line is made of: numbers, flags, typed arrays, and parts that are made of the same. */
export type Item = { readonly [name: string]: number | boolean | string | Item };

type Numbers = Float64Array | Float32Array | Uint8Array | Uint16Array;

const isNumbers = (value: unknown): value is Numbers => ArrayBuffer.isView(value);

export function encode(line: object): Item {
  const entries = Object.entries(line).map(([name, value]) => {
    if (isNumbers(value)) {
      return [name, Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64")];
    }
    return [name, typeof value === "object" ? encode(value) : value];
  });
  return Object.fromEntries(entries) as Item;
}

/**
 * Fills `fresh`, a line of the same kind without history, from an item. `null` if the item is of another make (an earlier
 * version, or damaged): then the line has to be learned again.
 */
export function decode<Line extends object>(fresh: Line, item: unknown): Line | null {
  return fill(fresh as Record<string, unknown>, item) ? fresh : null;
}

function fill(target: Record<string, unknown>, item: unknown): boolean {
  if (typeof item !== "object" || item === null) return false;
  const source = item as Record<string, unknown>;
  return Object.entries(target).every(([name, value]) => {
    const stored = source[name];
    if (isNumbers(value)) return typeof stored === "string" && fillNumbers(value, stored);
    if (typeof value === "object") return fill(value as Record<string, unknown>, stored);
    if (typeof stored !== typeof value || (typeof stored === "number" && !Number.isFinite(stored)))
      return false;
    target[name] = stored;
    return true;
  });
}

function fillNumbers(target: Numbers, text: string): boolean {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== target.byteLength) return false;
  new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(bytes);
  return target.every((value) => Number.isFinite(value));
}

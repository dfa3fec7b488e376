/** Reading JSON that somebody else wrote: nothing is trusted to be there, or to be what it should be. */
import { cleanText } from "../text";

/** An object of JSON; empty where there was none. */
export type JsonFields = Readonly<Record<string, unknown>>;

// Fields are asked for by names of AWS's, none of which an object has that was parsed without it. (Names that come from
// telemetry are for `own`.)
const NOTHING: JsonFields = Object.freeze(Object.create(null));

/** The fields of a value, where it is an object. */
export const fieldsOf = (value: unknown): JsonFields =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as JsonFields) : NOTHING;

/** The elements of a value, where it is a list; at most `most`. */
export const listOf = (value: unknown, most = 100): readonly unknown[] =>
  Array.isArray(value) ? value.slice(0, most) : [];

/** The text of a field, clean and at most `limit` characters; `null` where it is no text, or empty. */
export function textAt(fields: JsonFields, name: string, limit = 200): string | null {
  const value = fields[name];
  if (typeof value !== "string") return null;
  const text = isPlain(value, limit) ? value : cleanText(value, limit);
  return text === "" ? null : text;
}

/** A field that is true or false; CloudTrail writes some of them as text. `null` where it is neither. */
export function flagAt(fields: JsonFields, name: string): boolean | null {
  const value = fields[name];
  return value === true || value === "true" ? true : value === false || value === "false" ? false : null;
}

/** Whether text is what it is when cleaned: so it is nearly always, and cheaper to see than to clean. */
const isPlain = (text: string, limit: number) =>
  text.length <= limit && !/[^ -~]/.test(text) && !text.startsWith(" ") && !text.endsWith(" ");

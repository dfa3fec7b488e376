/**
 * Text that comes from telemetry or tags was written by somebody else, maybe by an attacker. It is cleaned once,
 * where it comes in, so that logs, terminals, mails and tables can print it as it is.
 */

// Control characters (C0, DEL, C1), line and paragraph separators, and the marks that turn the direction of text.
// biome-ignore lint/suspicious/noControlCharactersInRegex: to remove them is what this is for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** `text` without what a terminal or a mail would act on, at most `limit` characters (an ellipsis marks the cut). */
export function cleanText(text: string, limit = 200): string {
  const clean = text
    .slice(0, limit * 4)
    .replace(UNPRINTABLE, " ")
    .trim();
  return clean.length <= limit ? clean : `${clean.slice(0, limit - 1)}…`;
}

/** `count` and its noun, in the plural where it is not one: `1 peer`, `3 peers`. */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? noun : many}`;
}

/** A list as a sentence would have it: `a`, `a and b`, `a, b and 3 more`. */
export function listed(items: readonly string[], most = 5): string {
  const shown = items.length > most ? [...items.slice(0, most), `${items.length - most} more`] : [...items];
  const last = shown.pop() ?? "none";
  return shown.length === 0 ? last : `${shown.join(", ")} and ${last}`;
}

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Bytes as people write them, in powers of a thousand: `512 B`, `8.4 MB`. */
export function bytesText(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** unit;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

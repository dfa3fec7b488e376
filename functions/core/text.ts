/**
 * Text that comes from telemetry or tags was written by somebody else, maybe by an attacker. It is cleaned once,
 * where it comes in, so that logs, terminals, mails and tables can print it as it is.
 */

// Control characters (C0, DEL, C1), line and paragraph separators, the marks that turn the direction of text, and halves of
// characters, which no store and no mail keeps as they are.
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}\ufeff]/gu;

/** `text` without what a terminal or a mail would act on, at most `limit` characters (an ellipsis marks the cut). */
export function cleanText(text: string, limit = 200): string {
  const clean = text
    .slice(0, limit * 4)
    .replace(UNPRINTABLE, " ")
    .trim();
  return clean.length <= limit ? clean : `${cut(clean, limit - 1)}…`;
}

/** The same for text of several lines, which stay as they are otherwise. */
export const cleanLines = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.replace(UNPRINTABLE, " "))
    .join("\n");

/** The beginning of `text`, without half a character at its end. */
const cut = (text: string, length: number) => text.slice(0, length).replace(/[\ud800-\udbff]$/, "");

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

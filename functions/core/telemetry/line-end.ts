/** Finds the end of a line that nobody will read, four bytes at a time. */

const NEWLINE = 10;
const SPACE = 32;

export interface LineEnd {
  /** Where the newline is. */
  at: number;
  /** Spaces before it, from where the search began. */
  spaces: number;
}

/**
 * Looks for the next newline from `from` on, which must be there, and counts the spaces before it. `words` are the same
 * bytes as numbers. Bit tricks: Warren, Hacker's Delight, 6-1 (find a zero byte in a word).
 */
export function findLineEnd(bytes: Uint8Array, words: Int32Array, from: number, into: LineEnd): void {
  let at = from;
  let spaces = 0;
  for (; (at & 3) !== 0; at++) {
    const byte = bytes[at];
    if (byte === SPACE) spaces++;
    else if (byte === NEWLINE) {
      into.at = at;
      into.spaces = spaces;
      return;
    }
  }
  for (let index = at >> 2; ; index++) {
    const word = words[index] as number;
    const newlines = word ^ 0x0a0a0a0a;
    if (((newlines - 0x01010101) & ~newlines & 0x80808080) !== 0) {
      at = index << 2;
      break;
    }
    const others = word ^ 0x20202020;
    // 0x80 in each byte that is a space, and nothing elsewhere.
    const found = ~(((others & 0x7f7f7f7f) + 0x7f7f7f7f) | others | 0x7f7f7f7f);
    spaces += Math.imul(found >>> 7, 0x01010101) >>> 24;
  }
  for (; bytes[at] !== NEWLINE; at++) if (bytes[at] === SPACE) spaces++;
  into.at = at;
  into.spaces = spaces;
}

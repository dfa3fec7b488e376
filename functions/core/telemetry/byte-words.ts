/**
 * Text four bytes at a time: where a cell ends, and what number its digits are. A loop over bytes ends where the processor
 * cannot foresee it, and so costs more for going wrong at each end than for all that it does.
 *
 * Reads up to three bytes past what it is asked for, which must be there.
 */
const SPACE = 32;
const NEWLINE = 10;

/** Where the cell that begins at `from` ends: at the next space or newline. */
export function cellEnd(view: DataView, from: number): number {
  for (let at = from; ; at += 4) {
    const word = view.getInt32(at, true);
    // Bytes below 33 get their highest bit: exact for the first of them.
    let low = (word - 0x21212121) & ~word & 0x80808080;
    while (low !== 0) {
      const end = at + firstByte(low);
      const byte = view.getUint8(end);
      if (byte === SPACE || byte === NEWLINE) return end;
      low &= low - 1;
    }
  }
}

/** How many digits a word begins with: 0 to 4. */
export function digitsIn(word: number): number {
  // 48 to 57 begin with a three, and still do so with six more.
  const others = ((word & 0xf0f0f0f0) ^ 0x30303030) | (((word + 0x06060606) & 0xf0f0f0f0) ^ 0x30303030);
  return others === 0 ? 4 : firstByte(others);
}

/** The number that the first `count` digits of a word are, 1 to 4. */
export function numberOf(word: number, count: number): number {
  const digits = (word << ((4 - count) << 3)) & 0x0f0f0f0f;
  const pairs = (digits * 10 + (digits >>> 8)) & 0x00ff00ff;
  return ((pairs & 0xff) * 100 + (pairs >>> 16)) | 0;
}

/** The place of the lowest byte that is not zero. */
const firstByte = (word: number) => (31 - Math.clz32(word & -word)) >>> 3;

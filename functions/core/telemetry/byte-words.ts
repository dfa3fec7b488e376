/**
 * Text four bytes at a time: where cells end, and what number the digits of an address's part are. A loop over bytes ends
 * where the processor cannot foresee it, and so costs more for going wrong at each end than for all that it does.
 *
 * Reads up to three bytes past what it is asked for, which must be there.
 */

/** Where the cell ends that begins at `from`: at the next space, or at `to`. */
export function cellEnd(view: DataView, from: number, to: number): number {
  for (let at = from; at < to; at = (at + 4) | 0) {
    const spaces = spacesIn(view.getInt32(at, true));
    if (spaces !== 0) {
      const end = (at + firstByte(spaces)) | 0;
      return end < to ? end : to;
    }
  }
  return to;
}

/**
 * Where the cell ends that is `count` - 1 cells behind the one that begins at `from`: at a space, or at `to`. Beyond `to` if
 * there are not so many.
 */
export function cellsEnd(view: DataView, from: number, to: number, count: number): number {
  let left = count;
  for (let at = from; at < to; at = (at + 4) | 0) {
    let spaces = spacesIn(view.getInt32(at, true));
    if (at + 4 > to) spaces &= (1 << ((to - at) << 3)) - 1;
    if (spaces === 0) continue;
    left -= Math.imul(spaces >>> 7, 0x01010101) >>> 24;
    if (left > 0) continue;
    // The one that is asked for has so many behind it in this word.
    for (; left < 0; left++) spaces ^= 1 << (31 - Math.clz32(spaces));
    return (at + ((31 - Math.clz32(spaces)) >>> 3)) | 0;
  }
  return left === 1 ? to : to + 1;
}

/** The highest bit of each byte that is a space. */
function spacesIn(word: number): number {
  const other = word ^ 0x20202020;
  return ~(((other & 0x7f7f7f7f) + 0x7f7f7f7f) | other) & 0x80808080;
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

/**
 * A set of pairs of numbers, a group's and a second's. Neighbours share a word of 32 bits, since what follows
 * each other in time is mostly asked for together: open addressing over words, 16 to 32 bytes a word.
 */
export class PairSet {
  /** Pairs in it. */
  size = 0;
  private words = 0;
  /** In each slot which word it has, plus one, and the word, side by side; 0 is free. At most half of them are used. */
  private slots = new Int32Array(2_048);

  /** Adds a pair: both not negative, the first below 2^19, the second below 2^17. `false` if it was there. */
  add(first: number, second: number): boolean {
    const { slots } = this;
    const key = ((first << 12) | (second >>> 5)) + 1;
    const bit = 1 << (second & 31);
    const at = slotOf(slots, key);
    const known = slots[at + 1] as number;
    if ((known & bit) !== 0) return false;
    slots[at + 1] = known | bit;
    this.size++;
    if (known === 0) {
      slots[at] = key;
      if (++this.words * 4 > slots.length) this.grow();
    }
    return true;
  }

  private grow(): void {
    const { slots } = this;
    const larger = new Int32Array(slots.length * 2);
    for (let i = 0; i < slots.length; i += 2) {
      const key = slots[i] as number;
      if (key === 0) continue;
      const at = slotOf(larger, key);
      larger[at] = key;
      larger[at + 1] = slots[i + 1] as number;
    }
    this.slots = larger;
  }
}

/** Where a key is, or has its place. */
function slotOf(slots: Int32Array, key: number): number {
  const mask = slots.length - 2;
  let mixed = Math.imul(key, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  let at = ((mixed ^ (mixed >>> 16)) << 1) & mask;
  while (slots[at] !== 0 && slots[at] !== key) at = (at + 2) & mask;
  return at;
}

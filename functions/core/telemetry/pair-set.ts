/**
 * A set of pairs of numbers, a group's and a second's or a port's. Neighbours share a word of 32 bits, since what follows
 * each other in time is mostly asked for together: open addressing over words, 16 to 32 bytes a word.
 */
export class PairSet {
  /** Pairs in it. */
  size = 0;
  private words = 0;
  /** Which word it is, plus one; 0 is free. At most half of them are used. */
  private keys = new Int32Array(1_024);
  private bits = new Int32Array(1_024);

  /** Adds a pair: both not negative, the first below 2^19, the second below 2^17. `false` if it was there. */
  add(first: number, second: number): boolean {
    const key = ((first << 12) | (second >>> 5)) + 1;
    const bit = 1 << (second & 31);
    const slot = slotOf(this.keys, key);
    const known = this.bits[slot] as number;
    if ((known & bit) !== 0) return false;
    this.bits[slot] = known | bit;
    this.size++;
    if (this.keys[slot] === 0) {
      this.keys[slot] = key;
      if (++this.words * 2 > this.keys.length) this.grow();
    }
    return true;
  }

  private grow(): void {
    const { keys: before, bits } = this;
    const keys = new Int32Array(before.length * 2);
    this.bits = new Int32Array(keys.length);
    for (let i = 0; i < before.length; i++) {
      const key = before[i] as number;
      if (key === 0) continue;
      const slot = slotOf(keys, key);
      keys[slot] = key;
      this.bits[slot] = bits[i] as number;
    }
    this.keys = keys;
  }
}

/** Where a key is, or has its place. */
function slotOf(keys: Int32Array, key: number): number {
  const mask = keys.length - 1;
  let mixed = Math.imul(key, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  let slot = (mixed ^ (mixed >>> 16)) & mask;
  while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & mask;
  return slot;
}

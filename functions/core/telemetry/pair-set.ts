/** A set of pairs of numbers, a group's and a port's: open addressing, 16 to 32 bytes a pair. */
export class PairSet {
  size = 0;
  /** Keys plus one, as doubles, which hold 53 bits; 0 is free. At most half of them are used. */
  private slots = new Float64Array(1_024);

  /** Adds a pair: both not negative, the second below 2^17. `false` if it was there. */
  add(first: number, second: number): boolean {
    const key = first * 0x2_0000 + second + 1;
    const slot = slotOf(this.slots, key);
    if (this.slots[slot] === key) return false;
    this.slots[slot] = key;
    if (++this.size * 2 > this.slots.length) this.grow();
    return true;
  }

  private grow(): void {
    const before = this.slots;
    const slots = new Float64Array(before.length * 2);
    for (let i = 0; i < before.length; i++) {
      const key = before[i] as number;
      if (key !== 0) slots[slotOf(slots, key)] = key;
    }
    this.slots = slots;
  }
}

/** Where a key is, or has its place. */
function slotOf(slots: Float64Array, key: number): number {
  const mask = slots.length - 1;
  let mixed = Math.imul(key | 0, 0x9e3779b1) ^ Math.imul((key / 0x1_0000_0000) | 0, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  let slot = (mixed ^ (mixed >>> 16)) & mask;
  while (slots[slot] !== 0 && slots[slot] !== key) slot = (slot + 1) & mask;
  return slot;
}

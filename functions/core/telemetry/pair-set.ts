/** A set of pairs of numbers, a group's and a port's: open addressing, 8 to 32 bytes a pair. */
export interface PairSet {
  readonly size: number;
  /** Adds a pair: both not negative, the second below 2^17. `false` if it was there. */
  add(first: number, second: number): boolean;
}

export function pairSet(): PairSet {
  let size = 0;
  /** Keys plus one, as doubles, which hold 53 bits; 0 is free. At most half of them are used. */
  let slots = new Float64Array(1_024);

  function slotOf(key: number): number {
    const mask = slots.length - 1;
    let mixed = Math.imul(key | 0, 0x9e3779b1) ^ Math.imul((key / 0x1_0000_0000) | 0, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
    let slot = (mixed ^ (mixed >>> 16)) & mask;
    while (slots[slot] !== 0 && slots[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  return {
    get size() {
      return size;
    },
    add(first, second) {
      const key = first * 0x2_0000 + second + 1;
      const slot = slotOf(key);
      if (slots[slot] === key) return false;
      slots[slot] = key;
      size++;
      if (size * 2 > slots.length) {
        const before = slots;
        slots = new Float64Array(before.length * 2);
        for (let i = 0; i < before.length; i++) {
          const known = before[i] as number;
          if (known !== 0) slots[slotOf(known)] = known;
        }
      }
      return true;
    },
  };
}

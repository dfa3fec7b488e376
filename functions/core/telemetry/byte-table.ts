/** Numbers byte strings in the order in which they are added, and finds them again: by hash, then byte for byte. */
export interface ByteTable {
  readonly size: number;
  /** The number of the string that `bytes` hold from `from` up to `to`; -1 if it was not added. */
  find(bytes: Uint8Array, from: number, to: number): number;
  /** Adds a string that is not there yet, and gives its number. */
  add(bytes: Uint8Array, from: number, to: number): number;
}

export function byteTable(): ByteTable {
  let size = 0;
  /** All strings, one after the other: string `i` is from `ends[i]` up to `ends[i + 1]`. */
  let strings = new Uint8Array(1_024);
  let ends = new Int32Array(64);
  /** Numbers plus one; 0 is free. At most half of them are used, so a search for what is not there ends soon. */
  let slots = new Int32Array(64);

  function place(number: number): void {
    let slot = hash(strings, ends[number - 1] as number, ends[number] as number) & (slots.length - 1);
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = number;
  }

  function isSame(number: number, bytes: Uint8Array, from: number, to: number): boolean {
    let at = ends[number - 1] as number;
    if ((ends[number] as number) - at !== to - from) return false;
    for (let i = from; i < to; i++, at++) if (strings[at] !== bytes[i]) return false;
    return true;
  }

  return {
    get size() {
      return size;
    },
    find(bytes, from, to) {
      const mask = slots.length - 1;
      let slot = hash(bytes, from, to) & mask;
      for (let number = slots[slot] as number; number !== 0; number = slots[slot] as number) {
        if (isSame(number, bytes, from, to)) return number - 1;
        slot = (slot + 1) & mask;
      }
      return -1;
    },
    add(bytes, from, to) {
      const begin = ends[size] as number;
      const end = begin + to - from;
      while (end > strings.length) strings = enlarged(strings, new Uint8Array(strings.length * 2));
      if (size + 2 > ends.length) ends = enlarged(ends, new Int32Array(ends.length * 2));
      strings.set(bytes.subarray(from, to), begin);
      ends[++size] = end;
      if (size * 2 > slots.length) {
        slots = new Int32Array(slots.length * 2);
        for (let number = 1; number < size; number++) place(number);
      }
      place(size);
      return size - 1;
    },
  };
}

function enlarged<T extends Uint8Array | Int32Array>(values: T, larger: T): T {
  larger.set(values);
  return larger;
}

/**
 * Of the length and the last eight bytes: that is where ids differ. Whoever chooses the strings can make them collide,
 * so it is meant for names that AWS gives.
 */
function hash(bytes: Uint8Array, from: number, to: number): number {
  let mixed = to - from;
  if (to - from >= 8) {
    mixed = Math.imul(mixed ^ fourBytes(bytes, to - 8), 0x9e3779b1);
    mixed = Math.imul((mixed >>> 15) ^ mixed ^ fourBytes(bytes, to - 4), 0x85ebca6b);
  } else {
    for (let i = from; i < to; i++) mixed = Math.imul(mixed ^ (bytes[i] as number), 0x9e3779b1);
  }
  return mixed ^ (mixed >>> 15);
}

const fourBytes = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) |
  ((bytes[at + 1] as number) << 8) |
  ((bytes[at + 2] as number) << 16) |
  ((bytes[at + 3] as number) << 24);

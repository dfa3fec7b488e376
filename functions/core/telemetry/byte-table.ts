/** Numbers byte strings in the order in which they are added, and finds them again: by hash, then byte for byte. */
export interface ByteTable {
  readonly size: number;
  /** The number of the string that `bytes` hold from `from` up to `to`; -1 if it was not added. */
  find(bytes: Uint8Array, from: number, to: number): number;
  /** Adds a string that is not there yet, and gives its number. */
  add(bytes: Uint8Array, from: number, to: number): number;
}

export function byteTable(): ByteTable {
  const known: Uint8Array[] = [];
  /** Numbers plus one; 0 is free. At most half of them are used, so a search for what is not there ends soon. */
  let slots = new Int32Array(64);

  function add(entry: Uint8Array): void {
    known.push(entry);
    place(known.length);
  }

  function place(number: number): void {
    const entry = known[number - 1] as Uint8Array;
    let slot = hash(entry, 0, entry.length) & (slots.length - 1);
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = number;
  }

  return {
    get size() {
      return known.length;
    },
    find(bytes, from, to) {
      const mask = slots.length - 1;
      let slot = hash(bytes, from, to) & mask;
      for (let number = slots[slot] as number; number !== 0; number = slots[slot] as number) {
        if (isSame(known[number - 1] as Uint8Array, bytes, from, to)) return number - 1;
        slot = (slot + 1) & mask;
      }
      return -1;
    },
    add(bytes, from, to) {
      if (known.length * 2 >= slots.length) {
        slots = new Int32Array(slots.length * 2);
        for (let number = 1; number <= known.length; number++) place(number);
      }
      add(bytes.slice(from, to));
      return known.length - 1;
    },
  };
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

function isSame(entry: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (entry.length !== to - from) return false;
  for (let i = 0; i < entry.length; i++) if (entry[i] !== bytes[from + i]) return false;
  return true;
}

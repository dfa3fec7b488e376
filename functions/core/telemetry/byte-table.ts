/**
 * Numbers byte strings in the order in which they are added, and finds them again: by hash, then byte for byte.
 *
 * This and the other parts of a scan that see every record are classes: methods are compiled once for all objects that are
 * scanned, whereas what a factory returns is compiled anew for each, which costs more than the scan of a small one.
 */
import { enlarged } from "../growing";

export class ByteTable {
  size = 0;
  /** All strings, one after the other: string `i` is from `ends[i]` up to `ends[i + 1]`. */
  private strings = new Uint8Array(1_024);
  private view = new DataView(this.strings.buffer);
  private ends = new Int32Array(64);
  /** Numbers plus one; 0 is free. At most half of them are used, so a search for what is not there ends soon. */
  private slots = new Int32Array(64);

  /** The number of the string that `view` holds from `from` up to `to`; -1 if it was not added. */
  find(view: DataView, from: number, to: number): number {
    const slots = this.slots;
    const mask = slots.length - 1;
    let slot = hash(view, from, to) & mask;
    for (let number = slots[slot] as number; number !== 0; number = slots[slot] as number) {
      if (this.isSame(number, view, from, to)) return number - 1;
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  /** Adds a string that is not there yet, and gives its number. */
  add(bytes: Uint8Array): number {
    const begin = this.ends[this.size] as number;
    const end = begin + bytes.length;
    while (end > this.strings.length) {
      this.strings = enlarged(this.strings, new Uint8Array(this.strings.length * 2));
      this.view = new DataView(this.strings.buffer);
    }
    if (this.size + 2 > this.ends.length)
      this.ends = enlarged(this.ends, new Int32Array(this.ends.length * 2));
    this.strings.set(bytes, begin);
    this.ends[++this.size] = end;
    if (this.size * 2 > this.slots.length) {
      this.slots = new Int32Array(this.slots.length * 2);
      for (let number = 1; number < this.size; number++) this.place(number);
    }
    this.place(this.size);
    return this.size - 1;
  }

  private place(number: number): void {
    const mask = this.slots.length - 1;
    let slot = hash(this.view, this.ends[number - 1] as number, this.ends[number] as number) & mask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
    this.slots[slot] = number;
  }

  private isSame(number: number, other: DataView, from: number, to: number): boolean {
    const { view } = this;
    const length = (to - from) | 0;
    const begin = this.ends[number - 1] as number;
    if ((this.ends[number] as number) - begin !== length) return false;
    let i = 0;
    for (; i + 4 <= length; i = (i + 4) | 0)
      if (view.getInt32(begin + i) !== other.getInt32(from + i)) return false;
    for (; i < length; i++) if (view.getUint8(begin + i) !== other.getUint8(from + i)) return false;
    return true;
  }
}

/**
 * Of the length and the last eight bytes: that is where ids differ. Whoever chooses the strings can make them collide,
 * so it is meant for names that AWS gives.
 */
function hash(view: DataView, from: number, to: number): number {
  let mixed = to - from;
  if (to - from >= 8) {
    mixed = Math.imul(mixed ^ view.getInt32(to - 8), 0x9e3779b1);
    mixed = Math.imul((mixed >>> 15) ^ mixed ^ view.getInt32(to - 4), 0x85ebca6b);
  } else {
    for (let i = from; i < to; i++) mixed = Math.imul(mixed ^ view.getUint8(i), 0x9e3779b1);
  }
  return mixed ^ (mixed >>> 15);
}

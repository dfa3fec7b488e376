/**
 * Finds the group of a record by numbers: an open-addressing table. Memory: 32 bytes of key and 8 to 16 of slots for a
 * group, and nothing for a record.
 */
import type { AddressWords } from "./address-words";

export interface GroupKey {
  /** Index in the table of known interfaces. */
  readonly interface: number;
  readonly address: AddressWords;
  /** 0 to 65,535, or -1. */
  readonly port: number;
  /** 0 to 255, or -1. */
  readonly protocol: number;
  /** Whole hours since 1970. */
  readonly hour: number;
}

/** Numbers of a key: interface, port with protocol and family, hour, four words of address; the last is left free. */
const STRIDE = 8;

export class GroupTable {
  size = 0;
  private keys = new Int32Array(1_024 * STRIDE);
  /** Group numbers plus one; 0 is free. At most half of them are used. */
  private slots = new Int32Array(2_048);

  /** Whoever sends packets chooses addresses and ports, and could choose them so that keys collide: hence the seed. */
  constructor(private readonly seed: number) {}

  /** The number of the group with this key, a new one if there are fewer than `most`; else -1. */
  groupOf(
    interfaceIndex: number,
    address: AddressWords,
    port: number,
    protocol: number,
    hour: number,
    most: number,
  ): number {
    if ((this.size + 1) * STRIDE > this.keys.length) this.grow();
    const { keys, slots } = this;
    // The key is written where the next group would have it, and stays there if it is new.
    const at = this.size * STRIDE;
    keys[at] = interfaceIndex;
    keys[at + 1] = ((port + 1) << 10) | ((protocol + 1) << 1) | (address.family === 6 ? 1 : 0);
    keys[at + 2] = hour;
    keys[at + 3] = address.a;
    keys[at + 4] = address.b;
    keys[at + 5] = address.c;
    keys[at + 6] = address.d;
    const mask = slots.length - 1;
    let slot = hash(this.seed, keys, at) & mask;
    for (let group = slots[slot] as number; group !== 0; group = slots[slot] as number) {
      if (isSame(keys, (group - 1) * STRIDE, at)) return group - 1;
      slot = (slot + 1) & mask;
    }
    if (this.size >= most) return -1;
    slots[slot] = ++this.size;
    return this.size - 1;
  }

  keyOf(group: number): GroupKey {
    const [index, service, hour, a, b, c, d] = this.keys.subarray(group * STRIDE, group * STRIDE + 7);
    const packed = service as number;
    return {
      interface: index as number,
      address: { family: packed & 1 ? 6 : 4, a, b, c, d } as AddressWords,
      port: (packed >>> 10) - 1,
      protocol: ((packed >>> 1) & 511) - 1,
      hour: hour as number,
    };
  }

  private grow(): void {
    const keys = new Int32Array(this.keys.length * 2);
    keys.set(this.keys);
    this.keys = keys;
    this.slots = new Int32Array(this.slots.length * 2);
    const mask = this.slots.length - 1;
    for (let group = 0; group < this.size; group++) {
      let slot = hash(this.seed, keys, group * STRIDE) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = group + 1;
    }
  }
}

function isSame(keys: Int32Array, one: number, other: number): boolean {
  for (let i = 0; i < STRIDE - 1; i++) if (keys[one + i] !== keys[other + i]) return false;
  return true;
}

/** MurmurHash3 for 32 bits (public domain, Austin Appleby) over the numbers of a key. */
function hash(seed: number, keys: Int32Array, at: number): number {
  let mixed = seed;
  for (let i = 0; i < STRIDE - 1; i++) {
    let part = Math.imul(keys[at + i] as number, 0xcc9e2d51);
    part = Math.imul((part << 15) | (part >>> 17), 0x1b873593);
    mixed ^= part;
    mixed = (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
  }
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

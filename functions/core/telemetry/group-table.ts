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

type Key = [index: number, service: number, hour: number, d: number, a: number, b: number, c: number];

export class GroupTable {
  size = 0;
  private keys = new Int32Array(1_024 * STRIDE);
  /** Group numbers plus one; 0 is free. At most half of them are used. */
  private slots = new Int32Array(2_048);
  /** Where the key that was last looked for has its place, if it was not there. */
  private free = 0;
  /** One for each number of a key, odd. */
  private readonly factors = new Int32Array(STRIDE);

  /**
   * Whoever sends packets chooses addresses and ports, and could choose them so that keys collide: hence the seed, which
   * decides what each number of a key is multiplied by.
   */
  constructor(seed: number) {
    for (let i = 0; i < STRIDE; i++) this.factors[i] = mixed((seed + Math.imul(i + 1, 0x9e3779b1)) | 0) | 1;
  }

  /**
   * The number of the group with this key; -1 if there is none yet: then `add` can add it. It is looked for at `likely` first,
   * any number of a group that there is, or 0.
   */
  find(
    likely: number,
    interfaceIndex: number,
    address: AddressWords,
    port: number,
    protocol: number,
    hour: number,
  ): number {
    const { slots } = this;
    const { family, a, b, c, d } = address;
    const service = serviceOf(port, protocol, family);
    if (this.isKeyOf(likely, interfaceIndex, service, hour, address)) return likely;
    const mask = slots.length - 1;
    let slot = this.hash(interfaceIndex, service, hour, d, a, b, c) & mask;
    for (let group = slots[slot] as number; group !== 0; group = slots[slot] as number) {
      if (this.isKeyOf(group - 1, interfaceIndex, service, hour, address)) return (group - 1) | 0;
      slot = (slot + 1) & mask;
    }
    this.free = slot;
    return -1;
  }

  private isKeyOf(
    group: number,
    interfaceIndex: number,
    service: number,
    hour: number,
    { family, a, b, c, d }: AddressWords,
  ): boolean {
    const { keys } = this;
    const at = (group * STRIDE) | 0;
    return (
      keys[at + 3] === d &&
      keys[at] === interfaceIndex &&
      keys[at + 1] === service &&
      keys[at + 2] === hour &&
      // Of IPv4 these are 0, and the service tells which it is.
      (family === 4 || (keys[at + 4] === a && keys[at + 5] === b && keys[at + 6] === c))
    );
  }

  /** Adds the key that was just looked for, and gives the number of its group. */
  add(interfaceIndex: number, address: AddressWords, port: number, protocol: number, hour: number): number {
    const { a, b, c, d, family } = address;
    const key = [interfaceIndex, serviceOf(port, protocol, family), hour, d, a, b, c];
    this.keys.set(key, this.size * STRIDE);
    this.slots[this.free] = ++this.size;
    if ((this.size + 1) * STRIDE > this.keys.length) this.grow();
    return this.size - 1;
  }

  keyOf(group: number): GroupKey {
    const [index, service, hour, d, a, b, c] = this.keys.subarray(group * STRIDE, group * STRIDE + 7);
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
      const [index, service, hour, d, a, b, c] = keys.subarray(
        group * STRIDE,
        group * STRIDE + 7,
      ) as unknown as Key;
      let slot = this.hash(index, service, hour, d, a, b, c) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = group + 1;
    }
  }

  /** Of a key: its numbers, each multiplied by its own factor, so that none waits for another. */
  private hash(
    index: number,
    service: number,
    hour: number,
    d: number,
    a: number,
    b: number,
    c: number,
  ): number {
    const f = this.factors as unknown as Key;
    const short =
      Math.imul(index, f[0]) + Math.imul(service, f[1]) + Math.imul(hour, f[2]) + Math.imul(d, f[3]);
    const isShort = (service & 1) === 0;
    return mixed(
      isShort ? short | 0 : (short + Math.imul(a, f[4]) + Math.imul(b, f[5]) + Math.imul(c, f[6])) | 0,
    );
  }
}

/** The numbers of a service and of a family in one. */
const serviceOf = (port: number, protocol: number, family: AddressWords["family"]): number =>
  ((port + 1) << 10) | ((protocol + 1) << 1) | (family === 6 ? 1 : 0);

/** Each bit depends on all (the finalizer of MurmurHash3; public domain, Austin Appleby). */
function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

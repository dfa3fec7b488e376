/** The known Lambda interfaces, as a scanner looks them up: by the bytes of their id, with their addresses as numbers. */
import { type AddressWords, addressWords, isSameAddress } from "./address-words";
import type { LambdaInterfaces } from "./flow-log";
import type { FlowRecord } from "./flow-log-record";

/** Length of an interface id since 2018: `eni-` and 17 digits. */
export const USUAL_ID = 21;

export class InterfaceTable {
  readonly ids: readonly string[];
  /** All ids, one after the other: that of interface `i` is from `begins[i]` up to `begins[i + 1]`. */
  private readonly names: DataView;
  private readonly begins: Int32Array;
  /** By some of an id's digits, the first interface that has such, plus one; 0 in nearly all, so that few others hit one. */
  private readonly slots: Int32Array;
  private readonly shift: number;
  /** For each interface the next one of its slot, plus one. */
  private readonly next: Int32Array;
  private readonly own: readonly AddressWords[][];

  constructor(interfaces: LambdaInterfaces) {
    this.ids = [...interfaces.keys()];
    const { size } = interfaces;
    const names = this.ids.map((id) => new TextEncoder().encode(id));
    this.begins = Int32Array.from([0, ...sums(names.map(({ length }) => length))]);
    const bytes = new Uint8Array((this.begins[size] as number) + SHORTEST);
    this.names = new DataView(bytes.buffer);
    const bits = Math.max(1, Math.min(16, Math.ceil(Math.log2(size * SLOTS))));
    this.shift = 32 - bits;
    this.slots = new Int32Array(1 << bits);
    this.next = new Int32Array(size);
    // Shorter ones than AWS gives come last in every slot.
    let short = 0;
    for (const [index, name] of names.entries()) {
      bytes.set(name, this.begins[index]);
      if (name.length >= SHORTEST) continue;
      this.next[index] = short;
      short = index + 1;
    }
    this.slots.fill(short);
    for (const [index, name] of names.entries()) {
      if (name.length < SHORTEST) continue;
      const slot = this.slotOf(this.names, this.begins[index] as number);
      this.next[index] = this.slots[slot] as number;
      this.slots[slot] = index + 1;
    }
    this.own = [...interfaces.values()].map((texts) => texts.flatMap((text) => addressWords(text) ?? []));
  }

  /** `false` for nearly all ids that are none of ours, as one that begins at `from`; never for ours. */
  mayHave(view: DataView, from: number): boolean {
    return this.slots[this.slotOf(view, from)] !== 0;
  }

  /**
   * The index of the interface whose id begins at `from`, and ends at a space, a newline or at `to`; -1 if there is none of ours. Reads
   * up to twelve bytes, whatever `to` is.
   */
  find(view: DataView, from: number, to: number): number {
    const { slots, next } = this;
    let number = slots[this.slotOf(view, from)] as number;
    while (number !== 0 && !this.isAt(number - 1, view, from, to)) number = next[number - 1] as number;
    return number - 1;
  }

  /** How many bytes an interface's id has. */
  lengthOf(index: number): number {
    return ((this.begins[index + 1] as number) - (this.begins[index] as number)) | 0;
  }

  /** Which way a record of an interface went: by whose address is its own. */
  directionOf(index: number, source: AddressWords, destination: AddressWords): FlowRecord["direction"] {
    if (this.owns(index, source)) return "egress";
    return this.owns(index, destination) ? "ingress" : null;
  }

  private owns(index: number, address: AddressWords): boolean {
    const addresses = this.own[index] as AddressWords[];
    for (let i = 0; i < addresses.length; i++) {
      if (isSameAddress(addresses[i] as AddressWords, address)) return true;
    }
    return false;
  }

  private isAt(index: number, view: DataView, from: number, to: number): boolean {
    const { names } = this;
    const begin = this.begins[index] as number;
    const length = this.lengthOf(index);
    const end = (from + length) | 0;
    if (end > to || (end < to && !isBreak(view.getUint8(end)))) return false;
    let i = 0;
    for (; i + 4 <= length; i = (i + 4) | 0)
      if (names.getInt32(begin + i, true) !== view.getInt32(from + i, true)) return false;
    for (; i < length; i = (i + 1) | 0)
      if (names.getUint8(begin + i) !== view.getUint8(from + i)) return false;
    return true;
  }

  /** By four of an id's digits, mixed: of a product the first bits differ most. */
  private slotOf(view: DataView, from: number): number {
    return Math.imul(view.getInt32(from + 8, true), 0x9e3779b1) >>> this.shift;
  }
}

const NEWLINE = 10;
const SPACE = 32;
const isBreak = (byte: number) => byte === SPACE || byte === NEWLINE;

/** `eni-` and eight digits. */
const SHORTEST = 12;
/** For each interface: so one of another's ids in 64 is compared with one of ours. */
const SLOTS = 64;

function sums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => (sum += value));
}

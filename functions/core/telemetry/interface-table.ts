/** The known Lambda interfaces, as a scanner looks them up: by the bytes of their id, with their addresses as numbers. */
import { type AddressWords, addressWords, isSameAddress } from "./address-words";
import { ByteTable } from "./byte-table";
import type { LambdaInterfaces } from "./flow-log";

export class InterfaceTable {
  readonly ids: readonly string[];
  private readonly table = new ByteTable();
  private readonly own: (readonly AddressWords[])[] = [];
  /** A slot for each tag that an id of ours has; so many slots that few other ids hit one. */
  private readonly filter: Uint8Array;
  private readonly shift: number;

  constructor(interfaces: LambdaInterfaces) {
    this.ids = [...interfaces.keys()];
    const bits = Math.min(16, Math.ceil(Math.log2(interfaces.size * 512 + 1)));
    this.shift = 32 - bits;
    this.filter = new Uint8Array(1 << bits);
    for (const [id, addresses] of interfaces) {
      const bytes = new TextEncoder().encode(id);
      this.table.add(bytes, 0, bytes.length);
      if (bytes.length < SHORTEST) this.filter.fill(1);
      else this.filter[tag(bytes, 0) >>> this.shift] = 1;
      this.own.push(addresses.flatMap((address) => addressWords(address) ?? []));
    }
  }

  /** The index of the interface whose id these bytes are; -1 if it is none of ours. */
  find(bytes: Uint8Array, from: number, to: number): number {
    return this.table.find(bytes, from, to);
  }

  /**
   * Whether the id that begins at `from` may be one of ours: cheap, never wrong about one that is, and seldom about one
   * that is not. Reads twelve bytes, as many as the shortest id has that AWS gives.
   */
  mayBe(bytes: Uint8Array, from: number): boolean {
    return this.filter[tag(bytes, from) >>> this.shift] !== 0;
  }

  /** Whether an address is the interface's own. */
  owns(index: number, address: AddressWords): boolean {
    const addresses = this.own[index] ?? [];
    for (let i = 0; i < addresses.length; i++) {
      if (isSameAddress(addresses[i] as AddressWords, address)) return true;
    }
    return false;
  }
}

/** `eni-` and eight digits. */
const SHORTEST = 12;

/** Four of an id's digits, mixed: the first bits differ most. */
const tag = (bytes: Uint8Array, from: number): number =>
  Math.imul(
    (bytes[from + 8] as number) |
      ((bytes[from + 9] as number) << 8) |
      ((bytes[from + 10] as number) << 16) |
      ((bytes[from + 11] as number) << 24),
    0x9e3779b1,
  );

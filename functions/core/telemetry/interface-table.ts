/** The known Lambda interfaces, as a scanner looks them up: by the bytes of their id, with their addresses as numbers. */
import { type AddressWords, addressWords, isSameAddress } from "./address-words";
import { type ByteTable, byteTable } from "./byte-table";
import type { LambdaInterfaces } from "./flow-log";

export interface InterfaceTable {
  readonly ids: readonly string[];
  /** The index of the interface whose id these bytes are; -1 if it is none of ours. */
  readonly find: ByteTable["find"];
  /**
   * Whether the id that begins at `from` may be one of ours: cheap, never wrong about one that is, and seldom about one
   * that is not. Reads twelve bytes, as many as the shortest id has that AWS gives.
   */
  mayBe(bytes: Uint8Array, from: number): boolean;
  /** Whether an address is the interface's own. */
  owns(index: number, address: AddressWords): boolean;
}

export function interfaceTable(interfaces: LambdaInterfaces): InterfaceTable {
  const table = byteTable();
  const own: (readonly AddressWords[])[] = [];
  // A slot for each tag that an id of ours has; so many slots that few other ids hit one.
  const bits = Math.min(16, Math.ceil(Math.log2(interfaces.size * 512 + 1)));
  const shift = 32 - bits;
  const filter = new Uint8Array(1 << bits);
  for (const [id, addresses] of interfaces) {
    const bytes = new TextEncoder().encode(id);
    table.add(bytes, 0, bytes.length);
    if (bytes.length < SHORTEST) filter.fill(1);
    else filter[tag(bytes, 0) >>> shift] = 1;
    own.push(addresses.flatMap((address) => addressWords(address) ?? []));
  }
  return {
    ids: [...interfaces.keys()],
    find: table.find,
    mayBe: (bytes, from) => filter[tag(bytes, from) >>> shift] !== 0,
    owns(index, address) {
      const addresses = own[index] ?? [];
      for (let i = 0; i < addresses.length; i++) {
        if (isSameAddress(addresses[i] as AddressWords, address)) return true;
      }
      return false;
    },
  };
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

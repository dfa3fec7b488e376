/** The known Lambda interfaces, as a scanner looks them up: by the bytes of their id, with their addresses as numbers. */
import { type AddressWords, addressWords, isSameAddress } from "./address-words";
import { type ByteTable, byteTable } from "./byte-table";
import type { LambdaInterfaces } from "./flow-log";

export interface InterfaceTable {
  readonly ids: readonly string[];
  /** The index of the interface whose id these bytes are; -1 if it is none of ours. */
  readonly find: ByteTable["find"];
  /** Whether an address is the interface's own. */
  owns(index: number, address: AddressWords): boolean;
}

export function interfaceTable(interfaces: LambdaInterfaces): InterfaceTable {
  const table = byteTable();
  const own: (readonly AddressWords[])[] = [];
  for (const [id, addresses] of interfaces) {
    const bytes = new TextEncoder().encode(id);
    table.add(bytes, 0, bytes.length);
    own.push(addresses.flatMap((address) => addressWords(address) ?? []));
  }
  return {
    ids: [...interfaces.keys()],
    find: table.find,
    owns(index, address) {
      const addresses = own[index] ?? [];
      for (let i = 0; i < addresses.length; i++) {
        if (isSameAddress(addresses[i] as AddressWords, address)) return true;
      }
      return false;
    },
  };
}

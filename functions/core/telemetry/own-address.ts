/** An interface's own address as it stands in a line, one of whose two addresses it is: so it need not be read. */
import { type AddressWords, addressText } from "./address-words";
import { ShortText } from "./short-text";

export class OwnAddress {
  /** With the space behind it; empty but where the interface has one address, and that IPv4. */
  readonly text = new ShortText();
  readonly ipv4: number;

  constructor(addresses: readonly AddressWords[]) {
    const [first, ...others] = addresses;
    this.ipv4 = first?.d ?? 0;
    if (first?.family !== 4 || others.length > 0) return;
    const bytes = new TextEncoder().encode(`${addressText(first)} `);
    this.text.become(new DataView(bytes.buffer), 0, bytes.length);
  }
}

/**
 * Who may add a group while an object is read, which can have so many and no more. Half of them are for whoever comes first;
 * of the other half each interface has a share of its own, for private and for public addresses apart. So a function that
 * floods, and a scan from outside, take no room from other functions, and a flood of strangers hides no neighbour.
 */
import { type AddressWords, isPrivateAddress } from "./address-words";

/** Of one interface and one kind of addresses, however many interfaces there are. */
const LEAST_SHARE = 8;

export class FlowRoom {
  private readonly share: number;
  /** What went out, by interface, to private and to public addresses. */
  private readonly used: Int32Array;

  constructor(
    interfaces: number,
    private readonly most: number,
  ) {
    this.share = Math.max(LEAST_SHARE, most / 4 / interfaces);
    this.used = new Int32Array(2 * interfaces);
  }

  /** So many groups there may be at most for one more to be added, where there are `size`. */
  limit(size: number, interfaceIndex: number, remote: AddressWords, inbound: boolean): number {
    const free = this.most / 2;
    if (inbound || size < free) return free;
    return (this.used[slotOf(interfaceIndex, remote)] as number) < this.share ? this.most : free;
  }

  /** Notes that a group was added for what went out. */
  add(interfaceIndex: number, remote: AddressWords): void {
    const slot = slotOf(interfaceIndex, remote);
    this.used[slot] = (this.used[slot] as number) + 1;
  }
}

const slotOf = (interfaceIndex: number, remote: AddressWords) =>
  2 * interfaceIndex + (isPrivateAddress(remote) ? 0 : 1);

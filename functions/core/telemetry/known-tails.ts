/**
 * How lines go on behind their usual columns. But for the flags, what stands there (VPC, subnet, Region, services,
 * direction) is the same in nearly all records between the same two addresses, and long: so it is compared with what was
 * read before, and read only where it differs.
 */
import type { FlowRecord } from "./flow-log-record";
import { LongText } from "./long-text";

/** The tail of a line but for its flags, the one that was read last. */
export class KnownTail {
  /** Up to the flags, and from behind them up to the newline and with it; the first is empty where there are none. */
  readonly head = new LongText();
  readonly rest = new LongText();
  /** What it tells; `null` for what it does not. */
  direction: FlowRecord["direction"] = null;
  awsService: string | null = null;
}

const SLOT_BITS = 12;

/** Memory: up to 4,096 tails, 600 bytes each. */
export class KnownTails {
  private tails: (KnownTail | undefined)[] = [];

  /** That of lines with these addresses (IPv4), or of others that share its slot. */
  of(source: number, destination: number): KnownTail {
    const mixed = (Math.imul(source, 0x9e3779b1) + Math.imul(destination, 0x85ebca6b)) | 0;
    const slot = mixed >>> (32 - SLOT_BITS);
    return this.tails[slot] ?? this.make(slot);
  }

  /** Tails of one layout mean nothing in another. */
  forget(): void {
    this.tails = [];
  }

  private make(slot: number): KnownTail {
    // Not before it is of use: most objects are small, and many lines have no tails.
    if (this.tails.length === 0) this.tails = new Array(1 << SLOT_BITS).fill(undefined);
    const tail = new KnownTail();
    this.tails[slot] = tail;
    return tail;
  }
}

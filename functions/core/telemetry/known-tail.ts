/**
 * How lines of a conversation go on behind their usual columns. But for the flags, what stands there (VPC, subnet, Region,
 * services, direction) is the same in nearly all of them, and long: so it is compared with what was read before, and read
 * only where it differs.
 */
import { cellEnd, cellsEnd } from "./byte-words";
import { type FlowRecord, MOST_FLAGS, NONE } from "./flow-log-record";
import { LongText } from "./long-text";

const SPACE = 32;
const ZERO = 48;
const MOST_DIGITS = 5;

/** The tail of a line but for its flags, the one that was read last. */
export class KnownTail {
  /** Up to the flags, and from behind them up to the newline and with it; the first is empty where there are none. */
  private readonly head = new LongText();
  private readonly rest = new LongText();
  /** What it tells; `null` for what it does not. */
  private direction: FlowRecord["direction"] = null;
  private awsService: string | null = null;

  /**
   * Fills `record` with what the tail that begins at `from` tells, and gives where its newline is; 0 if it is another one.
   * So many columns stand before the flags; negative where there are no flags.
   */
  read(bytes: Uint8Array, view: DataView, from: number, beforeFlags: number, record: FlowRecord): number {
    let at = from | 0;
    let flags = NONE;
    if (beforeFlags >= 0) {
      if (beforeFlags === 0 ? bytes[at] !== SPACE : !this.head.isAt(view, at)) return 0;
      at = (at + Math.max(1, this.head.length)) | 0;
      const begin = at;
      flags = 0;
      for (let digit = (bytes[at] as number) ^ ZERO; digit <= 9; digit = (bytes[at] as number) ^ ZERO) {
        flags = (Math.imul(flags, 10) + digit) | 0;
        at = (at + 1) | 0;
      }
      if (at === begin || at - begin > MOST_DIGITS || flags > MOST_FLAGS) return 0;
    }
    if (!this.rest.isAt(view, at)) return 0;
    record.tcpFlags = flags;
    record.direction = this.direction ?? record.direction;
    record.awsService = this.awsService;
    return (at + this.rest.length - 1) | 0;
  }

  /** From now on it is the tail from `from` up to `newline`, which told what `record` holds. */
  become(view: DataView, from: number, newline: number, beforeFlags: number, record: FlowRecord): void {
    let rest = from;
    if (beforeFlags >= 0) {
      const flags = (beforeFlags === 0 ? from : cellsEnd(view, from + 1, newline, beforeFlags)) + 1;
      this.head.become(view, from, flags - from);
      rest = cellEnd(view, flags, newline);
    }
    this.rest.become(view, rest, newline + 1 - rest);
    this.direction = record.direction;
    this.awsService = record.awsService;
  }
}

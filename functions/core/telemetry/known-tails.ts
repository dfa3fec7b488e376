/**
 * How lines go on behind their usual columns. What stands there (VPC, flags, Region, services, direction) is long, and the
 * same in nearly all records between the same two addresses. So it is compared with what was read before, eight bytes at a
 * time, and read only where it differs. Memory: 1 MB at most, for each object that is scanned.
 */
import type { FlowRecord } from "./flow-log-record";

/** What a tail says. */
export interface Tail {
  /** In bytes, its newline included. */
  readonly length: number;
  readonly tcpFlags: number;
  /** `null` where it does not tell. */
  readonly direction: FlowRecord["direction"];
  readonly awsService: string | null;
}

const WORD = 8;
/** In words; a longer one is read each time. */
const LONGEST = 32;
const SLOT_BITS = 12;

export class KnownTails {
  /** By the addresses of a line: one each, the last. */
  private tails: (Tail | null)[] = [];
  /** Their text, as doubles; the last overlaps the one before. */
  private words = new Float64Array(0);

  /**
   * The tail that stands at `from`, if it is the one that a line with these addresses had last. Reads no more than a word
   * past the end of the line, where a tail that goes on differs.
   */
  find(view: DataView, from: number, source: number, destination: number): Tail | null {
    if (this.tails.length === 0) return null;
    const slot = slotOf(source, destination);
    const tail = this.tails[slot] as Tail | null;
    if (tail === null) return null;
    const { words } = this;
    const last = (from + tail.length - WORD) | 0;
    let word = (slot * LONGEST) | 0;
    for (let at = from | 0; at < last; at = (at + WORD) | 0) {
      if (view.getFloat64(at, true) !== words[word]) return null;
      word = (word + 1) | 0;
    }
    return view.getFloat64(last, true) === words[word] ? tail : null;
  }

  /** Keeps the tail from `from` on, if it is text, and neither too short nor too long. */
  remember(view: DataView, from: number, source: number, destination: number, tail: Tail): void {
    if (tail.length < WORD || tail.length > LONGEST * WORD) return;
    if (this.tails.length === 0) this.allocate();
    const slot = slotOf(source, destination);
    this.tails[slot] = null;
    const last = from + tail.length - WORD;
    let word = slot * LONGEST;
    for (let at = from; ; at = Math.min(at + WORD, last)) {
      if (!isText(view, at)) return;
      this.words[word++] = view.getFloat64(at, true);
      if (at === last) break;
    }
    this.tails[slot] = tail;
  }

  /** Not before it is of use: most objects are small, and many have no tails. */
  private allocate(): void {
    this.tails = new Array(1 << SLOT_BITS).fill(null);
    this.words = new Float64Array(LONGEST << SLOT_BITS);
  }

  /** Tails of one layout mean nothing in another. */
  forget(): void {
    this.tails.fill(null);
  }
}

/** ASCII, and no four zeros: of such bytes, equal doubles are the same bytes. */
function isText(view: DataView, at: number): boolean {
  const low = view.getInt32(at, true);
  const high = view.getInt32(at + 4, true);
  return ((low | high) & 0x80808080) === 0 && low !== 0 && high !== 0;
}

const slotOf = (source: number, destination: number): number =>
  (Math.imul(source, 0x9e3779b1) + Math.imul(destination, 0x85ebca6b)) >>> (32 - SLOT_BITS);

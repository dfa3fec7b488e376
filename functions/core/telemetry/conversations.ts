/**
 * Who talks to whom, in one direction: what a line holds from its interface's id up to its second address. Nearly all records
 * of an object are of few conversations: so these bytes are compared with those that were read before, and read only where
 * they differ. What is found out about one is kept with it.
 */
import { noAddress, readIpv4, setIpv4 } from "./address-words";
import { cellsEnd } from "./byte-words";
import type { FlowRecord } from "./flow-log-record";
import { type InterfaceTable, USUAL_ID } from "./interface-table";
import { KnownTail } from "./known-tail";
import { LongText } from "./long-text";

const SPACE = 32;
/** Of two IPv4 addresses, each with a space behind it. */
const LONGEST_PAIR = 32;

const NO_TAIL = new KnownTail();

export class Conversation {
  /** In a line, from the interface's id up to what follows the addresses. */
  length = 0;
  /** What stands there. */
  private readonly text = new LongText(USUAL_ID + 1 + LONGEST_PAIR);
  private ownTail = NO_TAIL;
  private interface = 0;
  private source = 0;
  private destination = 0;
  private direction: FlowRecord["direction"] = null;

  /** Other than the number of any other conversation that is known; 0 for one that is not. */
  constructor(private readonly number: number) {}

  /** Whether it is that of the line in which an id begins at `id`. */
  isAt(view: DataView, id: number): boolean {
    return this.text.isAt(view, id);
  }

  /** How its lines go on behind their usual columns. */
  get tail(): KnownTail {
    if (this.ownTail === NO_TAIL) this.ownTail = new KnownTail();
    return this.ownTail;
  }

  /** Fills `record` with what is the same in all records of it. */
  fill(record: FlowRecord): void {
    record.interface = this.interface;
    record.conversation = this.number;
    record.direction = this.direction;
    setIpv4(record.source, this.source);
    setIpv4(record.destination, this.destination);
  }

  /** From now on it is that of the interface with this index, between these addresses (IPv4). */
  become(
    length: number,
    index: number,
    source: number,
    destination: number,
    direction: FlowRecord["direction"],
  ): void {
    this.length = length;
    this.interface = index;
    this.source = source;
    this.destination = destination;
    this.direction = direction;
  }

  /** From now on it is known again. */
  keep(view: DataView, id: number): void {
    this.text.become(view, id, this.length);
  }
}

/** Stands where no conversation is known. */
const NOBODY = new Conversation(0);

/** A power of two. */
const SLOTS = 4_096;
/** The numbers of conversations are below this; 0 stands for none. */
export const CONVERSATIONS = SLOTS + 1;

const NONE: Conversation[] = new Array(SLOTS).fill(NOBODY);

/**
 * A conversation is kept when it is met for the second time: a scan has many, each of one record. Memory: up to 4,096 of them,
 * each 400 bytes, and 1,000 more where lines go on behind the usual columns.
 */
export class Conversations {
  /** Each has two slots, side by side, of which it may have either. */
  private known = NONE;
  /** By slot: the hash of the conversation that was met there. */
  private met = new Int32Array(SLOTS);
  /** One that was met for the first time. */
  private readonly stranger = new Conversation(0);
  private readonly source = noAddress();
  private readonly destination = noAddress();

  constructor(
    private readonly interfaces: InterfaceTable,
    private readonly view: DataView,
  ) {}

  /** What is known of them was read from lines of one layout, and means nothing in another. */
  forget(): void {
    this.known = NONE;
  }

  /**
   * That of the line in which an interface's id begins at `id`, and both addresses follow; `null` where it is none of ours,
   * or they do not look as they do in nearly every line. Reads up to 60 bytes.
   */
  at(id: number): Conversation | null {
    const { known, met, view } = this;
    const from = (id + USUAL_ID + 1) | 0;
    const end = cellsEnd(view, from, (from + LONGEST_PAIR) | 0, 2) | 0;
    const hash = hashOf(view, id, end);
    const first = hash & (SLOTS - 1);
    const slot = met[first] === hash ? first : first ^ 1;
    const conversation = known[slot] as Conversation;
    return met[slot] === hash && conversation.isAt(view, id) ? conversation : this.read(id, end, hash);
  }

  private read(id: number, end: number, hash: number): Conversation | null {
    const { interfaces, view, source, destination } = this;
    const index = interfaces.find(view, id, view.byteLength);
    if (index < 0 || interfaces.lengthOf(index) !== USUAL_ID) return null;
    if (view.getUint8(id + USUAL_ID) !== SPACE) return null;
    // Two addresses that end at the second space have the first between them.
    const between = readIpv4(view, id + USUAL_ID + 1, source);
    if (between === 0 || readIpv4(view, between + 1, destination) !== end) return null;
    const conversation = this.meet(hash);
    const direction = interfaces.directionOf(index, source, destination);
    conversation.become(end + 1 - id, index, source.d, destination.d, direction);
    if (conversation !== this.stranger) conversation.keep(view, id);
    return conversation;
  }

  /** The one to keep, if it was met before. */
  private meet(hash: number): Conversation {
    const { met, stranger } = this;
    const first = hash & (SLOTS - 1);
    const slot = met[first] === 0 || met[first] === hash ? first : first ^ 1;
    if (met[slot] !== hash) {
      met[slot] = hash;
      return stranger;
    }
    if (this.known === NONE) this.known = [...NONE];
    if (this.known[slot] === NOBODY) this.known[slot] = new Conversation(slot + 1);
    return this.known[slot] as Conversation;
  }
}

/** Of digits of the id, and of the ends of the addresses, where they differ most. */
function hashOf(view: DataView, id: number, end: number): number {
  const mixed =
    (Math.imul(view.getInt32(id + 8, true), 0x9e3779b1) +
      Math.imul(view.getInt32(id + 24, true), 0x85ebca6b) +
      Math.imul(view.getInt32(id + 28, true), 0xc2b2ae35) +
      Math.imul(view.getInt32(id + 32, true), 0x27d4eb2f) +
      Math.imul(view.getInt32(end - 4, true), 0x165667b1) +
      Math.imul(view.getInt32(end - 8, true), 0xd3a2646d)) |
    0;
  return mixed ^ (mixed >>> 15);
}

/**
 * The starts of an object's flows, as they are met. In columns of numbers, 20 to 40 bytes a start: of an object for each,
 * V8 would collect garbage twice as often.
 */
import { enlarged } from "../growing";
import { type FlowStart, MAX_STARTS } from "./flow-log";

const NO_PORT = -1;

export class StartTable {
  private size = 0;
  private groups = new Int32Array(64);
  private times = new Int32Array(64);
  private bytes = new Float64Array(64);
  private sourcePorts = new Int32Array(64);

  /** Adds a start of the group with this number. */
  add(group: number, { at, bytes, sourcePort }: FlowStart): void {
    if (this.size === this.groups.length) this.grow();
    const row = this.size++;
    this.groups[row] = group;
    this.times[row] = at;
    this.bytes[row] = bytes;
    this.sourcePorts[row] = sourcePort ?? NO_PORT;
  }

  /** Of each of so many groups: the earliest `MAX_STARTS`, in order. */
  byGroup(count: number): FlowStart[][] {
    const all: FlowStart[][] = Array.from({ length: count }, () => []);
    for (let row = 0; row < this.size; row++) {
      const port = this.sourcePorts[row] as number;
      all[this.groups[row] as number]?.push({
        at: this.times[row] as number,
        bytes: this.bytes[row] as number,
        sourcePort: port === NO_PORT ? null : port,
      });
    }
    for (const starts of all) {
      starts.sort((a, b) => a.at - b.at);
      if (starts.length > MAX_STARTS) starts.length = MAX_STARTS;
    }
    return all;
  }

  private grow(): void {
    const size = 2 * this.size;
    this.groups = enlarged(this.groups, new Int32Array(size));
    this.times = enlarged(this.times, new Int32Array(size));
    this.bytes = enlarged(this.bytes, new Float64Array(size));
    this.sourcePorts = enlarged(this.sourcePorts, new Int32Array(size));
  }
}

/** A set of ports: open addressing, 4 to 8 bytes a port, all of them side by side. */
export class PortSet {
  /** Ports in it. */
  size = 0;
  /** 0 is free. At most half of them are used. */
  private slots = new Uint16Array(8);
  private shift = 29;
  private hasZero = false;

  /** Adds a port, 0 to 65,535. `false` if it was there. */
  add(port: number): boolean {
    if (port === 0 ? this.hasZero : !this.put(port)) return false;
    if (port === 0) this.hasZero = true;
    this.size++;
    if (this.size * 2 > this.slots.length) this.grow();
    return true;
  }

  private put(port: number): boolean {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = Math.imul(port, 0x9e3779b1) >>> this.shift;
    for (let known = slots[slot] as number; known !== 0; known = slots[slot] as number) {
      if (known === port) return false;
      slot = (slot + 1) & mask;
    }
    slots[slot] = port;
    return true;
  }

  private grow(): void {
    const before = this.slots;
    this.slots = new Uint16Array(before.length * 2);
    this.shift--;
    for (const port of before) if (port !== 0) this.put(port);
  }
}

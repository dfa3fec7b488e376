/**
 * A list of numbers without an object for each: with hundreds of thousands of entries, what the garbage collector need
 * not look at is what makes them quick to load.
 */
export class GrowingNumbers {
  private numbers = new Float64Array(1024);
  length = 0;

  push(number: number): void {
    if (this.length === this.numbers.length)
      this.numbers = enlarged(this.numbers, new Float64Array(this.length * 2));
    this.numbers[this.length++] = number;
  }

  /** The numbers so far; valid until the next `push`. */
  all(): Float64Array {
    return this.numbers.subarray(0, this.length);
  }
}

/** `larger`, with `values` at its beginning. */
export function enlarged<T extends Uint8Array | Int32Array | Float64Array>(values: T, larger: T): T {
  larger.set(values);
  return larger;
}

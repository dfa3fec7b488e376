import fc from "fast-check";
import { cellEnd, cellsEnd, digitsIn, numberOf } from "../../../functions/core/telemetry/byte-words";

/** Bytes with some more after them, as in a scanner's buffer. */
function viewOf(bytes: readonly number[]): DataView {
  return new DataView(Uint8Array.from([...bytes, 0x20, 0xff, 0x0a, 0x30]).buffer);
}

const byte = fc.oneof(
  fc.integer({ min: 0, max: 255 }),
  fc.integer({ min: 0x2f, max: 0x3a }),
  fc.constantFrom(0x09, 0x0a, 0x0d, 0x1f, 0x20, 0x21, 0x80, 0xa0),
);

test("a cell ends at the first space, or where the line does", () => {
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 12 }), fc.nat(12), (bytes, most) => {
      const to = Math.min(most, bytes.length);
      const space = bytes.indexOf(0x20);
      expect(cellEnd(viewOf(bytes), 0, to)).toBe(space < 0 ? to : Math.min(space, to));
    }),
  );
});

test("some cells end where the last of them does, or beyond the line if it has fewer", () => {
  fc.assert(
    fc.property(
      fc.array(byte, { maxLength: 20 }),
      fc.nat(20),
      fc.integer({ min: 1, max: 5 }),
      (bytes, most, count) => {
        const to = Math.min(most, bytes.length);
        const ends = [...bytes.slice(0, to).flatMap((one, at) => (one === 0x20 ? [at] : [])), to];
        const end = cellsEnd(viewOf(bytes), 0, to, count);
        if (count <= ends.length && to > 0) expect(end).toBe(ends[count - 1]);
        else if (count > ends.length) expect(end).toBeGreaterThan(to);
      },
    ),
  );
});

test("a word begins with so many digits, and these are the number", () => {
  fc.assert(
    fc.property(fc.array(byte, { minLength: 4, maxLength: 4 }), (bytes) => {
      const [digits = ""] = /^[0-9]*/.exec(String.fromCharCode(...bytes)) ?? [];
      const word = viewOf(bytes).getInt32(0, true);
      expect(digitsIn(word)).toBe(digits.length);
      if (digits !== "") expect(numberOf(word, digits.length)).toBe(Number(digits));
    }),
    { numRuns: 1_000 },
  );
});

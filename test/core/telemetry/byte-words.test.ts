import fc from "fast-check";
import { cellEnd, digitsIn, numberOf } from "../../../functions/core/telemetry/byte-words";

/** Bytes with some more after them, as in a scanner's buffer. */
function viewOf(bytes: readonly number[]): DataView {
  return new DataView(Uint8Array.from([...bytes, 0x20, 0xff, 0x0a, 0x30]).buffer);
}

const byte = fc.oneof(
  fc.integer({ min: 0, max: 255 }),
  fc.integer({ min: 0x2f, max: 0x3a }),
  fc.constantFrom(0x09, 0x0a, 0x0d, 0x1f, 0x20, 0x21, 0x80, 0xa0),
);

test("a cell ends at the first space or newline, whatever stands before it", () => {
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 12 }), (bytes) => {
      const end = [...bytes, 0x20].findIndex((one) => one === 0x20 || one === 0x0a);
      expect(cellEnd(viewOf(bytes), 0)).toBe(end);
    }),
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

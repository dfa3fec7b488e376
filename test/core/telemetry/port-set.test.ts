/** A set of ports against the language's own. */
import fc from "fast-check";
import { PortSet } from "../../../functions/core/telemetry/port-set";

test("a port is new once, and all that were added are counted", () => {
  const port = fc.oneof(fc.nat(65_535), fc.nat(20), fc.constantFrom(0, 65_535));
  fc.assert(
    fc.property(fc.array(port, { maxLength: 2_000, size: "max" }), (ports) => {
      const set = new PortSet();
      const expected = new Set<number>();
      for (const port of ports) {
        expect(set.add(port)).toBe(!expected.has(port));
        expected.add(port);
      }
      expect(set.size).toBe(expected.size);
    }),
  );
});

/**
 * Parquet that is damaged inside: what a page says of itself (how many values, how long a run) is not to be believed.
 * Every case here ends at once, in a result or in an error that says what was wrong.
 */
import fc from "fast-check";
import { readParquet } from "../../functions/adapters/read-parquet";
import { DEFAULT_LIMITS, type FlowLogScan } from "../../functions/core/telemetry/flow-log";
import { ENI, INTERFACES, OWN, T0, V2, v2 } from "../support/flow-log";
import { type ParquetOptions, parquet } from "../support/parquet";

function read(bytes: Uint8Array): Promise<FlowLogScan> {
  async function* all() {
    yield bytes;
  }
  return readParquet(all(), INTERFACES, DEFAULT_LIMITS);
}

const RECORDS = [
  V2,
  ...Array.from({ length: 40 }, (_, i) =>
    v2({ to: `10.0.20.${i % 7}`, sourcePort: 40_000 + i, bytes: 1_000 + i * i, at: T0 + i }),
  ),
  `2 111122223333 ${ENI} - ${OWN} - - - - - ${T0} ${T0 + 60} - NODATA`,
];

describe("a changed byte ends in a result or in a reason, at once", () => {
  const files = (["GZIP", "SNAPPY", "UNCOMPRESSED"] as const).flatMap((codec) => [
    [codec, "dictionary", { codec, nulls: true, rowGroupSize: 20 }] as const,
    [codec, "differences", { codec, encoding: "DELTA_BYTE_ARRAY", rowGroupSize: 20 }] as const,
    [codec, "plain", { codec, encoding: "PLAIN", rowGroupSize: 20 }] as const,
  ]);

  test.each<readonly [string, string, ParquetOptions]>(files)("%s, %s", async (_, __, options) => {
    const whole = parquet(RECORDS, options);
    const sound = await read(whole);
    expect(sound.problem).toBeNull();
    const at = fc.nat(whole.length - 1);
    // Of all values, those that make a count or a length large are the ones that matter.
    const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 0x7e, 0x7f, 0x80, 0xfe, 0xff));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(at, byte), { minLength: 1, maxLength: 4 }), async (changes) => {
        const bytes = Buffer.from(whole);
        for (const [index, value] of changes) bytes[index] = value;
        const { problem, coverage } = await read(bytes);
        expect(problem === null || problem.reason.length > 0).toBe(true);
        expect(coverage.records).toBeLessThanOrEqual(RECORDS.length);
      }),
      { seed: 4, numRuns: 70 },
    );
  });

  test("the longest run that can be told, anywhere in an uncompressed file", async () => {
    const whole = parquet(RECORDS, { codec: "UNCOMPRESSED", nulls: true, rowGroupSize: 100 });
    for (let at = 4; at + 12 < whole.length; at += 23) {
      const bytes = Buffer.from(whole);
      bytes.set([0xfe, 0xff, 0xff, 0xff, 0x0f], at);
      const { coverage } = await read(bytes);
      expect(coverage.records).toBeLessThanOrEqual(RECORDS.length);
    }
  });
});

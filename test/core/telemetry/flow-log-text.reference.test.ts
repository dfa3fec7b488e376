/** The scanner of bytes against a plain reading of the same text, on real shapes and what may be done to them. */
import fc from "fast-check";
import {
  DEFAULT_LIMITS,
  type FlowLogCoverage,
  type FlowLogScan,
  type LambdaInterfaces,
  type ScanLimits,
} from "../../../functions/core/telemetry/flow-log";
import { flowLogTextScanner } from "../../../functions/core/telemetry/flow-log-text";
import { ENI, INTERFACES, OWN, T0, V2 } from "../../support/flow-log";
import { referenceScan } from "../../support/reference-scan";

const NAMES = `${V2} tcp-flags flow-direction pkt-dst-aws-service pkt-srcaddr x-tag`.split(" ");
/** An interface with one address, beside those with two. */
const SINGLE = "eni-0a00000000000001b";
const OWN_OF_SINGLE = "10.0.1.22";
const DOUBLE = "eni-0a00000000000001c";
/** As AWS gave them before 2018. */
const SHORT_ID = "eni-0a00001d";
/** In another VPC, where the same addresses are others. */
const TWIN = "eni-0a00000000000001e";
const KNOWN: LambdaInterfaces = new Map([
  ...INTERFACES,
  [SINGLE, [OWN_OF_SINGLE]],
  [SHORT_ID, [OWN_OF_SINGLE]],
  [TWIN, [OWN_OF_SINGLE]],
  [DOUBLE, ["10.0.1.2", "10.0.1.220"]],
]);
const LIMITS: ScanLimits = { ...DEFAULT_LIMITS, line: 300, flows: 6, notAfter: T0 + 4_000 };

const own = fc.constantFrom(OWN, OWN_OF_SINGLE, "10.0.1.2", "10.0.1.220");
const address = fc.oneof(
  own,
  fc.constantFrom("10.0.20.11", "-", "2001:db8::21", "2001:DB8::7", "::ffff:1.2.3.4", "1::", "::"),
  fc.constantFrom(
    "10.0.0.01",
    "1.2.3",
    "1.2.3.4.5",
    "256.1.1.1",
    ":::",
    "1:2",
    "::1::",
    "1:2:3:4:5:6:7::",
    "1.",
  ),
  fc.ipV4(),
  fc.ipV6(),
);
const port = fc.oneof(fc.constantFrom("443", "5432", "-", "0", "65536", ""), fc.nat(70_000).map(String));
const count = fc.oneof(
  fc.nat(5_000).map(String),
  fc.constantFrom("-", "4294967301", "12345678901", "1234567890123456", "1e3", "007"),
);
const time = fc.oneof(
  fc.integer({ min: T0, max: T0 + 5_000 }).map(String),
  fc.constantFrom("-", `${T0}123`, "5", "5710804096", "10089934592", "01790812800"),
);

const CELLS: Record<string, fc.Arbitrary<string>> = {
  "interface-id": fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(ENI, SINGLE, DOUBLE) },
    fc.constantFrom("eni-0bbbbbbbbbbbbbbbb", "eni-00000000", "-", "i-1", `${ENI}0`, "eni-"),
  ),
  srcaddr: address,
  dstaddr: address,
  "pkt-srcaddr": address,
  srcport: port,
  dstport: port,
  protocol: fc.constantFrom("6", "6", "17", "1", "-", "256"),
  packets: count,
  bytes: count,
  start: time,
  end: time,
  action: fc.constantFrom("ACCEPT", "REJECT", "-", "REJEKT", "ACCEPTED"),
  "log-status": fc.constantFrom("OK", "OK", "OK", "NODATA", "SKIPDATA", "OKAY", "-"),
  "tcp-flags": fc.constantFrom("-", "0", "2", "3", "18", "19", "4"),
  "flow-direction": fc.constantFrom("egress", "ingress", "-"),
  "pkt-dst-aws-service": fc.constantFrom("S3", "EC2", "-", "Größe", "\u0007"),
};
const other = fc.constantFrom("2", "-", "abc", "");

/** What nearly every cell holds. */
const USUAL: Record<string, fc.Arbitrary<string>> = {
  ...CELLS,
  "interface-id": fc.constantFrom(ENI, SINGLE, DOUBLE),
  srcaddr: fc.oneof(own, fc.ipV4()),
  dstaddr: fc.oneof(own, fc.ipV4()),
  srcport: fc.nat(65_535).map(String),
  dstport: fc.nat(65_535).map(String),
  protocol: fc.constantFrom("6", "17", "1"),
  packets: fc.nat(5_000).map(String),
  bytes: fc.nat(999_999_999).map(String),
  start: fc.integer({ min: T0, max: T0 + 5_000 }).map(String),
  end: fc.integer({ min: T0, max: T0 + 5_000 }).map(String),
  action: fc.constantFrom("ACCEPT", "REJECT"),
  "log-status": fc.constant("OK"),
};

const joined = (cells: readonly string[]) => cells.join(" ");

/** A line of these columns: all of it as usual, but for one cell; or anything in every cell. */
const lineOf = (names: readonly string[]) =>
  fc
    .tuple(
      fc.tuple(...names.map((name) => USUAL[name] ?? other)),
      fc.tuple(...names.map((name) => CELLS[name] ?? other)),
      fc.nat(names.length),
      fc.boolean(),
    )
    .map(([usual, any, odd, isUsual]) =>
      joined(isUsual ? usual.map((cell, index) => (index === odd ? (any[index] as string) : cell)) : any),
    );

/** A header and records of its layout, sometimes the default one, sometimes any other; some again and again, as records repeat. */
const part = fc
  .oneof(fc.constant(V2.split(" ")), fc.shuffledSubarray(NAMES, { minLength: 3 }), fc.constant(NAMES))
  .chain((names) =>
    fc.tuple(fc.array(lineOf(names), { maxLength: 10 }), fc.nat(5)).map(([lines, count]) => {
      const again = lines.slice(0, count);
      return [joined(names), ...lines, ...again, ...again];
    }),
  );

/** What happens to lines: damage anywhere, other line ends, blanks, bytes that are no text. */
const mutation = fc.tuple(
  fc.nat(),
  fc.constantFrom("", " ", "\r", "\n", "\t", "\u0000", "é", "\ufeff", "x".repeat(310), "eni-", "-", "0"),
  fc.nat(3),
);

const content = fc
  .tuple(fc.array(part, { minLength: 1, maxLength: 3 }), fc.array(mutation, { maxLength: 6 }))
  .map(([parts, mutations]) => {
    let bytes = Buffer.from(parts.flat().join("\n"));
    for (const [place, text, removed] of mutations) {
      const at = place % (bytes.length + 1);
      bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(text), bytes.subarray(at + removed)]);
    }
    return bytes;
  });

function scan(
  bytes: Buffer,
  cuts: readonly number[],
  allocate?: (size: number) => Uint8Array,
  limits = LIMITS,
): FlowLogScan {
  const scanner = flowLogTextScanner(KNOWN, limits, allocate);
  let from = 0;
  for (const length of cuts) {
    scanner.push(bytes.subarray(from, from + length));
    from += length;
  }
  scanner.push(bytes.subarray(from));
  return scanner.end();
}

/** Damage to a line of another interface is not looked for: it may be told as such a line, or as damage. */
function comparable({ flows, coverage, problem }: FlowLogScan) {
  const { malformed, otherRecords, noData, skipData, ...exact }: FlowLogCoverage = coverage;
  return { flows, problem, ...exact, others: malformed + otherRecords + noData + skipData };
}

test("bytes are read as a plain reading of the text has it", () => {
  fc.assert(
    fc.property(content, fc.array(fc.nat(90), { maxLength: 40 }), fc.boolean(), (bytes, cuts, asBuffer) => {
      const expected = comparable(referenceScan(bytes, KNOWN, LIMITS));
      expect(comparable(scan(bytes, cuts, asBuffer ? Buffer.alloc : undefined))).toEqual(expected);
    }),
    { numRuns: 1_500 },
  );
});

/** Every field of versions 2 to 5, as many formats have them. */
const V5 = `${V2} vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region az-id flow-direction pkt-dst-aws-service traffic-path`;
const out = `2 111122223333 ${SINGLE} ${OWN_OF_SINGLE} 52.94.133.131 49152 443 6 25 5000 ${T0} ${T0 + 59} ACCEPT OK`;
const back = `2 111122223333 ${SINGLE} 52.94.133.131 ${OWN_OF_SINGLE} 443 49152 6 25 5000 ${T0} ${T0 + 59} ACCEPT OK`;
const vpc = "vpc-0d5c3b8a7f6e4c2d1 subnet-0bb5f9fdad49cc0e4 -";

test.each([
  ["default", V2, out, back],
  [
    "long",
    V5,
    `${out} ${vpc} 3 IPv4 ${OWN_OF_SINGLE} 52.94.133.131 eu-central-1 euc1-az3 egress S3 1`,
    `${back} ${vpc} 19 IPv4 52.94.133.131 ${OWN_OF_SINGLE} eu-central-1 euc1-az3 ingress - -`,
  ],
  [
    "short, flags first",
    `${V2} tcp-flags flow-direction pkt-dst-aws-service`,
    `${out} 3 egress S3`,
    `${back} 19 ingress -`,
  ],
  ["short, without flags", `${V2} vpc-id subnet-id instance-id`, `${out} ${vpc}`, `${back} ${vpc}`],
])("of the %s format any one byte may be damaged, among lines that are like it", (_, names, ...lines) => {
  for (const line of lines) {
    for (let at = 0; at <= line.length; at++) {
      for (const byte of ["", "\n", " ", "\t", "\r", "\u0000", "-", "0", "9", "x", "é"]) {
        const damaged = line.slice(0, at) + byte + line.slice(at + 1);
        const bytes = Buffer.from([names, line, line, damaged, damaged, damaged, line].join("\n"));
        const expected = comparable(referenceScan(bytes, KNOWN, LIMITS));
        try {
          expect(comparable(scan(bytes, [], Buffer.alloc))).toEqual(expected);
        } catch (error) {
          throw new Error(`${JSON.stringify(damaged)}: ${error}`);
        }
      }
    }
  }
});

/** A connection of its own, so many seconds later. */
const startedAt = (second: number) =>
  out.replace(" 49152 ", ` ${20_000 + second} `).replace(` ${T0} `, ` ${T0 + second} `);

const SHORT = "52.94.133.131 49152 443 6 25 5000";
const shortLine = `${SINGLE} ${OWN_OF_SINGLE} ${SHORT} ${T0} ${T0 + 59} ACCEPT OK`;
const COLUMNS = V2.replace("version account-id ", "");

test.each([
  [
    "a column that is read before the interface id",
    [`version tcp-flags ${COLUMNS}`, `2 18 ${shortLine}`, `2 2 ${shortLine}`],
  ],
  [
    "an address that begins, or goes on, as one before",
    [
      V2,
      out,
      out.replace("133.131", "133.13"),
      out.replace("133.131", "133.1"),
      out,
      back.replace("133.131", "133.1"),
    ],
  ],
  ["connections that begin in another order", [V2, ...[50, 10, 30, 20].map(startedAt)]],
  [
    "more connections than are kept",
    [`${V2} tcp-flags`, ...Array.from({ length: 700 }, (_, i) => `${startedAt((i * 37) % 700)} 2`)],
  ],
  [
    "a peer that opens connections, and to which some are opened",
    [`${V2} tcp-flags`, `${back} 2`, `${out.replace(" 443 ", " 8443 ")} 16`, `${out} 2`],
  ],
  ["a peer that only opens connections", [`${V2} tcp-flags`, `${back} 2`, `${out} 16`]],
  [
    "one peer of two interfaces",
    [V2, out, out.replace(SINGLE, DOUBLE).replace(OWN_OF_SINGLE, "10.0.1.2"), out],
  ],
  ["the same addresses in two VPCs", [V2, out, out.replace(SINGLE, TWIN), out, out.replace(SINGLE, TWIN)]],
  [
    "an interface with a short id, and a column too many",
    [V2, out.replace(SINGLE, SHORT_ID), out.replace(SINGLE, `${SHORT_ID} 12345678`)],
  ],
  [
    "two services of one peer, in turn",
    [
      V2,
      out,
      out.replace(" 443 ", " 8443 "),
      out.replace(" 6 25 ", " 17 25 "),
      out.replaceAll(`${T0}`, `${T0 + 3_600}`),
      out,
    ],
  ],
  [
    "two layouts with lines that look the same",
    [
      `${V2} tcp-flags x-tag pkt-dst-aws-service`,
      `${out} 2 AMAZON S3`,
      `${V2} tcp-flags pkt-dst-aws-service x-tag`,
      `${out.replace(" 443 ", " 8443 ")} 2 AMAZON S3`,
    ],
  ],
  [
    "the interface id at a line's end, where a carriage return is",
    [
      "version srcaddr dstaddr srcport dstport start interface-id",
      `2 ${OWN_OF_SINGLE} 52.94.133.131 49152 443 ${T0} ${SINGLE}\r`,
      `2 ${OWN_OF_SINGLE} 52.94.133.131 49152 443 ${T0} ${SINGLE}`,
    ],
  ],
])("%s is read as a plain reading has it", (_, lines) => {
  // Of a record that comes again and again more is known each time.
  const repeated = lines.flatMap((line) => (/^\d/.test(line) ? [line, line, line] : [line]));
  const bytes = Buffer.from(repeated.join("\n"));
  expect(comparable(scan(bytes, [], Buffer.alloc))).toEqual(comparable(referenceScan(bytes, KNOWN, LIMITS)));
});

test("more peers than are known at a time are read as a plain reading has it", () => {
  const limits = { ...LIMITS, flows: DEFAULT_LIMITS.flows };
  const peers = Array.from({ length: 9_000 }, (_, i) => `10.9.${i >> 8}.${i & 255}`);
  const lines = peers.map((peer, i) => out.replace("52.94.133.131", peer).replace(" 5000 ", ` ${i} `));
  const bytes = Buffer.from([V2, ...lines, ...lines, ...lines].join("\n"));
  const { flows, coverage } = scan(bytes, [], Buffer.alloc, limits);
  expect({ flows, records: coverage.lambdaRecords }).toEqual({
    flows: referenceScan(bytes, KNOWN, limits).flows,
    records: 27_000,
  });
});

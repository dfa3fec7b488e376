import fc from "fast-check";
import { DEFAULT_LIMITS, type FlowLogScan } from "../../../functions/core/telemetry/flow-log";
import { flowLogTextScanner } from "../../../functions/core/telemetry/flow-log-text";
import { ENI, file, INTERFACES, OWN, T0, V2, v2 } from "../../support/flow-log";

function scan(content: string | Uint8Array, chunk = Number.POSITIVE_INFINITY): FlowLogScan {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const scanner = flowLogTextScanner(INTERFACES);
  for (let at = 0; at < bytes.length; at += chunk) scanner.push(bytes.subarray(at, at + chunk));
  return scanner.end();
}

const PEER = "10.0.20.11";
const V5 =
  "version vpc-id interface-id srcaddr dstaddr srcport dstport protocol tcp-flags bytes packets start end action flow-direction pkt-dst-aws-service log-status";
const v5 = (flags: number | string, direction: string, source: string, target: string, ports: string) =>
  `5 vpc-1 ${ENI} ${source} ${target} ${ports} 6 ${flags} 900 3 ${T0} ${T0 + 9} ACCEPT ${direction} S3 OK`;

describe("a record becomes a flow", () => {
  test("in the default format", () => {
    const { flows, coverage, problem } = scan(file(V2, v2({ to: PEER, at: T0 })));
    expect(problem).toBeNull();
    expect(flows).toEqual([
      {
        interfaceId: ENI,
        address: PEER,
        port: 5432,
        protocol: 6,
        awsService: null,
        firstSeen: T0,
        lastSeen: T0 + 30,
        starts: [{ at: T0, bytes: 500, sourcePort: 40_000 }],
        bytesOut: 500,
        packetsOut: 5,
        bytesIn: 0,
        packetsIn: 0,
        accepted: 1,
        rejected: 0,
        line: 2,
      },
    ]);
    expect(coverage).toMatchObject({ records: 1, lambdaRecords: 1, malformed: 0 });
  });

  test.each<[string, string, object]>([
    [
      "in a custom format, its columns in any order and some unknown",
      "new-field dstport srcaddr dstaddr interface-id end start x-tag\n" +
        `? 443 ${OWN} 8.8.4.4 ${ENI} ${T0 + 1} ${T0} web`,
      { address: "8.8.4.4", port: 443, protocol: -1, starts: [{ at: T0, bytes: 0, sourcePort: null }] },
    ],
    [
      "with only the packet's addresses",
      `interface-id pkt-srcaddr pkt-dstaddr start\n${ENI} ${OWN} 8.8.4.4 ${T0}`,
      { address: "8.8.4.4", port: -1 },
    ],
    [
      "with names in underscores",
      `interface_id srcaddr dstaddr start\n${ENI} ${OWN} 8.8.4.4 ${T0}`,
      { address: "8.8.4.4" },
    ],
    [
      "over IPv6",
      `${V2}\n${v2({ from: "2001:db8::21", to: "2001:DB8:0::7", at: T0 })}`,
      { address: "2001:db8::7" },
    ],
    [
      "of ICMP, with ports 0",
      `${V2}\n${v2({ to: PEER, sourcePort: 0, port: 0, protocol: 1, at: T0 })}`,
      { port: 0, protocol: 1 },
    ],
    ["with times in milliseconds", `${V2}\n${v2({ to: PEER, at: `${T0}123` })}`, { firstSeen: T0 }],
    ["in lines that end in CRLF", `${V2}\r\n${v2({ to: PEER, at: T0 })}\r\n`, { address: PEER }],
    ["without a line break at the end", `${V2}\n${v2({ to: PEER, at: T0 })}`, { address: PEER }],
    [
      "with `-` for what AWS did not know",
      `${V2}\n${v2({ to: PEER, port: "-", bytes: "-", at: T0 })}`,
      { port: -1, bytesOut: 0 },
    ],
    [
      "that was rejected",
      `${V2}\n${v2({ to: PEER, at: T0, action: "REJECT" })}`,
      { accepted: 0, rejected: 1 },
    ],
    [
      "with the AWS service of its peer",
      `${V5}\n${v5(2, "egress", OWN, "52.216.1.1", "4000 443")}`,
      { awsService: "S3" },
    ],
  ])("%s", (_, content, expected) => {
    const { flows, coverage } = scan(content);
    expect(flows).toEqual([expect.objectContaining(expected)]);
    expect(coverage.malformed).toBe(0);
  });

  test("after a second header in the middle of the file that orders the columns anew", () => {
    const other = `dstaddr srcaddr interface-id start\n10.0.20.12 ${OWN} ${ENI} ${T0}`;
    const { flows, coverage } = scan(`${V2}\n${v2({ to: PEER, at: T0 })}\n${V2}\n${other}\n`);
    expect(flows.map((flow) => flow.address)).toEqual([PEER, "10.0.20.12"]);
    expect(coverage.records).toBe(2);
  });
});

test("where no interface is Lambda's, all records are others'", () => {
  const text = file(V2, v2({ to: PEER, at: T0 }), v2({ to: PEER, at: T0 }));
  const scanner = flowLogTextScanner(new Map());
  scanner.push(Buffer.from(text));
  expect(scanner.end()).toMatchObject({ flows: [], coverage: { records: 2, otherRecords: 2 } });
});

test("a line that is cut short does not take the next one with it", () => {
  const foreign = v2({ eni: "eni-0123456789abcdef0", from: "10.0.9.9", to: "10.0.9.8", at: T0 });
  const { flows, coverage } = scan(
    file(V2, foreign, "2 111", foreign, "2 1111111 x", foreign, v2({ to: PEER, at: T0 })),
  );
  expect(flows.map((flow) => flow.line)).toEqual([7]);
  expect(coverage).toMatchObject({ records: 6, otherRecords: 3, malformed: 2, lambdaRecords: 1 });
});

test("what one layout tells of a record is not taken over by the next, which does not tell", () => {
  const other = `interface-id srcaddr dstaddr start\n${ENI} ${OWN} 10.0.20.12 ${T0}`;
  const { flows } = scan(file(V2, v2({ to: PEER, at: T0, action: "REJECT" }), other));
  expect(flows.map(({ rejected, accepted }) => [rejected, accepted])).toEqual([
    [1, 0],
    [0, 1],
  ]);
});

describe("the initiator and the service port", () => {
  test("an answer adds its bytes to the flow and is no connection", () => {
    const answer = v2({ from: PEER, to: OWN, sourcePort: 5432, port: 40_000, bytes: 9_000, at: T0 + 1 });
    const { flows, coverage } = scan(file(V2, v2({ to: PEER, at: T0 }), answer));
    expect(flows).toEqual([expect.objectContaining({ address: PEER, bytesOut: 500, bytesIn: 9_000 })]);
    expect(coverage.replies).toBe(1);
  });

  test.each<[string, string]>([
    ["what only came in", v2({ from: "198.51.100.9", to: OWN, sourcePort: 55_555, port: 22, at: T0 })],
    [
      "what was tried from outside and rejected",
      v2({ from: "198.51.100.9", to: OWN, port: 22, at: T0, action: "REJECT" }),
    ],
    ["what leaves a system port for a high one", v2({ to: PEER, sourcePort: 443, port: 50_000, at: T0 })],
  ])("%s is no connection", (_, record) => {
    const { flows, coverage } = scan(file(V2, record));
    expect(flows).toEqual([]);
    expect(coverage).toMatchObject({ lambdaRecords: 1, replies: 1 });
  });

  test.each([
    [2, "SYN", 1, 1],
    [3, "SYN and FIN", 1, 1],
    [0, "a lone ACK of a long connection", 1, 0],
    [18, "SYN and ACK", 0, 0],
    [19, "SYN, ACK and FIN", 0, 0],
  ])("outbound TCP flags %d (%s) make %d flow with %d start", (flags, _, flows, starts) => {
    const result = scan(`${V5}\n${v5(flags, "egress", OWN, PEER, "40000 5432")}`).flows;
    expect(result).toHaveLength(flows);
    expect(result.flatMap((flow) => flow.starts)).toHaveLength(starts);
  });

  test("what answers a SYN from outside is no connection, whichever record comes first", () => {
    const attempt = v5(2, "ingress", "198.51.100.9", OWN, "55555 8080");
    const reset = v5(4, "egress", OWN, "198.51.100.9", "8080 55555");
    expect(scan(`${V5}\n${attempt}\n${reset}`).flows).toEqual([]);
    expect(scan(`${V5}\n${reset}\n${attempt}`).flows).toEqual([]);
  });

  test("without flags, each new source port is a connection and an old one is the same", () => {
    const records = [40_000, 40_001, 40_000].map((sourcePort, i) =>
      v2({ to: PEER, sourcePort, at: T0 + i * 60 }),
    );
    expect(scan(file(V2, ...records)).flows[0]?.starts.map(({ at }) => at)).toEqual([T0, T0 + 60]);
  });

  test("a flow is told apart by hour", () => {
    const { flows } = scan(file(V2, v2({ to: PEER, at: T0 }), v2({ to: PEER, at: T0 + 3600 })));
    expect(flows.map((flow) => flow.firstSeen)).toEqual([T0, T0 + 3600]);
  });
});

describe("what is no flow is counted", () => {
  test.each<[string, string[], object]>([
    ["NODATA", [`2 1 ${ENI} - - - - - - - ${T0} ${T0} - NODATA`], { records: 1, noData: 1, malformed: 0 }],
    ["SKIPDATA", [`2 1 ${ENI} - - - - - - - ${T0} ${T0} - SKIPDATA`], { records: 1, skipData: 1 }],
    [
      "another interface",
      [v2({ eni: "eni-0other", to: PEER, at: T0 })],
      { otherRecords: 1, lambdaRecords: 0 },
    ],
    ["too few columns", [`2 111122223333 ${ENI} ${OWN}`], { malformed: 1, lambdaRecords: 1 }],
    ["too many columns", [`${v2({ to: PEER, at: T0 })} OK`], { malformed: 1, lambdaRecords: 1 }],
    ["too few columns of another interface", ["2 111122223333 eni-1"], { malformed: 0, otherRecords: 1 }],
    [
      "NODATA of another interface",
      [`2 1 eni-0123456789abcdef0 - - - - - - - ${T0} ${T0} - NODATA`],
      { noData: 1, otherRecords: 0 },
    ],
    ["a number that is none", [v2({ to: PEER, bytes: "many", at: T0 })], { malformed: 1, lambdaRecords: 1 }],
    ["a negative number", [v2({ to: PEER, bytes: -1, at: T0 })], { malformed: 1 }],
    ["an address that is none", [v2({ to: "999.1.1.1", at: T0 })], { malformed: 1 }],
    [
      "a time beyond 32 bits",
      [`2 1 ${ENI} ${OWN} ${PEER} 50000 443 6 1 100 ${T0} 10089934592 ACCEPT OK`],
      { malformed: 1 },
    ],
    ["no address, not even a dash", [v2({ to: "", at: T0 })], { malformed: 1 }],
    ["a time beyond all times", [v2({ to: PEER, at: "999999999999999" })], { malformed: 1 }],
    ["a time before there was Lambda", [v2({ to: PEER, at: 5 })], { malformed: 1 }],
    ["no interface id", [v2({ eni: "i-0123", to: PEER, at: T0 })], { malformed: 1 }],
    ["no peer address", [v2({ to: "-", at: T0 })], { incomplete: 1, malformed: 0 }],
    ["no time", [v2({ to: PEER, at: "-" })], { incomplete: 1 }],
    [
      "neither end being the interface's own",
      [v2({ from: "10.9.9.9", to: PEER, at: T0 })],
      { incomplete: 1 },
    ],
    ["a line of 70,000 characters", ["x".repeat(70_000)], { records: 1, oversized: 1 }],
    ["prose", ["this is no record at all"], { malformed: 1 }],
  ])("%s", (_, lines, expected) => {
    const { flows, coverage, problem } = scan(file(V2, ...lines, v2({ to: "10.0.20.99", at: T0 })));
    expect(flows.map((flow) => flow.address)).toEqual(["10.0.20.99"]);
    expect(coverage).toMatchObject({
      ...expected,
      records: lines.length + 1,
      lambdaRecords: expect.any(Number),
    });
    expect(problem).toBeNull();
  });

  test("flows beyond the most that an object may have", () => {
    const scanner = flowLogTextScanner(INTERFACES, { ...DEFAULT_LIMITS, flows: 2 });
    scanner.push(file(V2, ...[1, 2, 3, 4, 1].map((n) => v2({ to: `10.0.20.${n}`, at: T0 }))));
    const { flows, coverage } = scanner.end();
    expect(flows.map((flow) => flow.address)).toEqual(["10.0.20.1", "10.0.20.2"]);
    expect(coverage.overflowed).toBe(2);
  });
});

test("records from the future are counted and not believed", () => {
  const scanner = flowLogTextScanner(INTERFACES, { ...DEFAULT_LIMITS, notAfter: T0 + 10 });
  scanner.push(file(V2, v2({ to: PEER, at: T0 + 10 }), v2({ to: PEER, at: T0 + 11 })));
  expect(scanner.end()).toMatchObject({ flows: [{ firstSeen: T0 + 10 }], coverage: { fromFuture: 1 } });
});

test("a scan from outside does not take the room of what goes out", () => {
  const scanner = flowLogTextScanner(INTERFACES, { ...DEFAULT_LIMITS, flows: 10 });
  const scan = Array.from({ length: 50 }, (_, i) => v2({ from: `198.51.100.${i}`, to: OWN, at: T0 }));
  scanner.push(file(V2, ...scan, v2({ to: PEER, at: T0 })));
  expect(scanner.end().flows.map((flow) => flow.address)).toEqual([PEER]);
});

test("a function that floods takes no room from its neighbours, and hides no private address behind public ones", () => {
  const neighbour = "eni-0b00000000000002b";
  const interfaces = new Map([...INTERFACES, [neighbour, ["10.0.1.22"]]]);
  const scanner = flowLogTextScanner(interfaces, { ...DEFAULT_LIMITS, flows: 100 });
  const strangers = Array.from({ length: 200 }, (_, n) => `198.51.100.${n}`);
  const others = ["203.0.113.1", "10.0.20.11"].map((to) =>
    v2({ eni: neighbour, from: "10.0.1.22", to, at: T0 }),
  );
  scanner.push(file(V2, ...strangers.map((to) => v2({ to, at: T0 })), v2({ to: PEER, at: T0 }), ...others));
  const { flows, coverage } = scanner.end();
  expect(flows.slice(-3).map(({ address }) => address)).toEqual([PEER, "203.0.113.1", "10.0.20.11"]);
  expect(coverage.overflowed).toBe(200 - 50);
});

describe("a file that gives nothing says why", () => {
  test.each<[string, string | Buffer, string, string]>([
    ["an empty one", "", "unreadable", "it is empty"],
    ["binary rubbish", Buffer.from([0, 1, 2, 10, 255, 254]), "unreadable", "no flow log header"],
    ["one endless line", "x".repeat(200_000), "unreadable", "too long"],
    ["one without a header", v2({ to: PEER, at: T0 }), "unreadable", "no flow log header"],
    [
      "a transit gateway's",
      "version resource-type account-id tgw-id tgw-attachment-id srcaddr dstaddr start end log-status\n6 TransitGateway 1 tgw-1 a 1.1.1.1 2.2.2.2 1 2 OK",
      "skipped",
      "transit gateway",
    ],
    [
      "one without interface-id",
      "version srcaddr dstaddr start\n2 1.1.1.1 2.2.2.2 5",
      "skipped",
      "lacks interface-id",
    ],
    ["one without addresses", "version interface-id start\n2 eni-1 5", "skipped", "lacks srcaddr, dstaddr"],
  ])("%s", (_, content, kind, reason) => {
    const { flows, problem } = scan(content);
    expect(flows).toEqual([]);
    expect(problem?.kind).toBe(kind);
    expect(problem?.reason).toContain(reason);
  });

  test("only its header is no problem", () => {
    expect(scan(`${V2}\n`)).toMatchObject({ problem: null, flows: [] });
  });
});

test("how the bytes are cut into chunks makes no difference", () => {
  const content = file(V2, ...[1, 2, 3, 4].map((n) => v2({ to: `10.0.20.${n}`, at: T0 + n })), "é rubbish ü");
  const whole = scan(content);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 80 }), (chunk) => expect(scan(content, chunk)).toEqual(whole)),
  );
});

test("no input makes it throw, and every line is counted once", () => {
  const cell = fc.oneof(
    fc.constantFrom("-", ENI, OWN, PEER, "6", `${T0}`, "OK", "NODATA", "\u0000"),
    fc.string(),
  );
  const line = fc.oneof(
    fc.constant(V2),
    fc.array(cell, { maxLength: 16 }).map((cells) => cells.join(" ")),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
      const { coverage } = scan(file(V2, ...lines));
      const { records, lambdaRecords, otherRecords, noData, skipData, malformed, oversized, ...rest } =
        coverage;
      expect(records).toBeGreaterThanOrEqual(lambdaRecords + otherRecords + noData + skipData + oversized);
      expect(lambdaRecords + otherRecords + noData + skipData + oversized + malformed).toBeGreaterThanOrEqual(
        records,
      );
      expect(rest.overflowed).toBe(0);
    }),
  );
});

/**
 * Makes flow logs of a made-up account: the same data set gives the same bytes on every machine.
 *
 * Records come in pairs, what went out and what came back, so that every contender can tell the direction. A function is
 * steady: it talks to a few peers on a few ports, from a new source port each time. The other interfaces meet anybody.
 */
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import {
  type DataSet,
  FIRST_SECOND,
  type Interface,
  interfaceAt,
  LAMBDA_INTERFACES,
  OTHER_INTERFACES,
  SECONDS,
  V2_COLUMNS,
  V5_COLUMNS,
} from "./data-set";

const BATCH = 2_000;
/** Seconds of an aggregation interval. Those follow each other through a file; within one, records come in any order. */
const INTERVAL = 60;
const PORTS = [443, 443, 443, 5432, 3306, 6379, 443, 8080];
const SERVICES = ["S3", "DYNAMODB", "AMAZON", "EC2"];

const FIN = 1;
const SYN = 2;
const ACK = 16;
/** Of a record: most connections begin and end within one; AWS does not tell of ACK alone. */
const FLAGS = [SYN | FIN, SYN | FIN, SYN | FIN, SYN | FIN, SYN | FIN, SYN | FIN, SYN | FIN, SYN, FIN, 0];

interface Peer {
  readonly address: string;
  readonly port: number;
  readonly service: string;
}

/** Writes a data set to a gzip file, a batch of lines at a time. */
export async function generate(set: DataSet, path: string): Promise<void> {
  await pipeline(Readable.from(text(set)), createGzip(), createWriteStream(path));
}

function* text(set: DataSet): Generator<string> {
  const random = generator(2_026);
  const upTo = (limit: number) => Math.floor(random() * limit);
  const peers = Array.from({ length: LAMBDA_INTERFACES }, (_, index) =>
    Array.from({ length: 2 + upTo(6) }, () => peer(index, upTo)),
  );
  const line = set.format === "v2" ? v2 : v5;
  yield `${(set.format === "v2" ? V2_COLUMNS : V5_COLUMNS).join(" ")}\n`;
  for (let made = 0; made < set.records; ) {
    const batch: string[] = [];
    const end = Math.min(made + BATCH, set.records);
    for (; made < end; made += 2) {
      const isLambda = upTo(100) < set.lambdaPercent;
      const index = upTo(isLambda ? LAMBDA_INTERFACES : OTHER_INTERFACES);
      const own = interfaceAt(index, isLambda);
      const known = isLambda ? peers[index] : undefined;
      const remote = known?.[upTo(known.length)] ?? peer(index, upTo);
      const start = FIRST_SECOND + Math.floor((made / set.records) * (SECONDS - INTERVAL)) + upTo(INTERVAL);
      batch.push(...pair(own, remote, start, upTo, line));
    }
    yield shuffled(batch, upTo).join("");
  }
}

function peer(index: number, upTo: (limit: number) => number): Peer {
  const port = PORTS[upTo(PORTS.length)] as number;
  const isInternal = port !== 443;
  const address = isInternal
    ? `10.2.${index & 15}.${upTo(250) + 1}`
    : `${[3, 18, 52, 54, 99, 140][upTo(6)]}.${upTo(256)}.${upTo(256)}.${upTo(256)}`;
  return { address, port, service: isInternal ? "-" : (SERVICES[upTo(4)] as string) };
}

interface Fields {
  own: Interface;
  remote: Peer;
  outbound: boolean;
  sourcePort: number;
  packets: number;
  bytes: number;
  start: number;
  end: number;
  rejected: boolean;
  flags: number;
}

function pair(
  own: Interface,
  remote: Peer,
  start: number,
  upTo: (limit: number) => number,
  line: (fields: Fields) => string,
): [string, string] {
  const packets = 2 + upTo(40);
  const fields: Fields = {
    own,
    remote,
    outbound: true,
    sourcePort: 1_024 + upTo(64_000),
    packets,
    bytes: packets * (40 + upTo(400)),
    start,
    end: start + upTo(INTERVAL),
    rejected: upTo(200) === 0,
    flags: FLAGS[upTo(FLAGS.length)] as number,
  };
  const back = 1 + upTo(60);
  return [
    line(fields),
    line({
      ...fields,
      outbound: false,
      packets: back,
      bytes: back * (40 + upTo(1_400)),
      rejected: false,
      flags: (fields.flags & SYN) === 0 ? fields.flags : fields.flags | ACK,
    }),
  ];
}

/** As records of many interfaces come: the two of a pair not side by side, which would compress too well. */
function shuffled(lines: string[], upTo: (limit: number) => number): string[] {
  for (let last = lines.length - 1; last > 0; last--) {
    const other = upTo(last + 1);
    [lines[last], lines[other]] = [lines[other] as string, lines[last] as string];
  }
  return lines;
}

function v2({ own, remote, outbound, sourcePort, packets, bytes, start, end, rejected }: Fields): string {
  const ends = outbound
    ? `${own.address} ${remote.address} ${sourcePort} ${remote.port}`
    : `${remote.address} ${own.address} ${remote.port} ${sourcePort}`;
  return `2 111122223333 ${own.id} ${ends} 6 ${packets} ${bytes} ${start} ${end} ${rejected ? "REJECT" : "ACCEPT"} OK\n`;
}

function v5(fields: Fields): string {
  const { own, remote, outbound, flags } = fields;
  const [source, destination] = outbound ? [own.address, remote.address] : [remote.address, own.address];
  const services = outbound ? `- ${remote.service}` : `${remote.service} -`;
  return (
    `${v2(fields).replace("2", "5").trimEnd()} ${own.vpcId} ${own.subnetId} - ${flags} IPv4 ` +
    `${source} ${destination} eu-central-1 euc1-az${(own.address.length % 3) + 1} - - ` +
    `${services} ${outbound ? "egress 1" : "ingress -"}\n`
  );
}

/** Numbers from 0 to below 1 that a seed decides (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

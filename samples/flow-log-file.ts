/** Flow log objects as AWS delivers them: gzip text in the recommended format, a file for five minutes. */
import { gzipSync } from "node:zlib";
import { ACCOUNT, REGION, VPC } from "./account";
import type { Random } from "./random";

const FIELDS =
  "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status vpc-id subnet-id tcp-flags type pkt-srcaddr pkt-dstaddr flow-direction traffic-path pkt-src-aws-service pkt-dst-aws-service reject-reason";

export interface SampleConnection {
  readonly interfaceId: string;
  readonly local: string;
  readonly remote: string;
  readonly port: number;
  /** AWS service of the remote address, `-` for none. */
  readonly service: string;
  /** Seconds since 1970. */
  readonly at: number;
  readonly bytesOut: number;
  /** 0 where nobody answers. */
  readonly bytesIn: number;
}

/** The records of a connection: what went out and, where somebody answered, what came back. */
export function connectionRecords(connection: SampleConnection, random: Random): string[] {
  const { interfaceId, local, remote, port, service, at, bytesOut, bytesIn } = connection;
  if (bytesIn === 0) return [vainRecord(connection, random)];
  const localPort = random.whole(1024, 65_535);
  const start = at + random.whole(0, 3);
  const end = start + random.whole(2, 50);
  const record = (source: string, target: string, ports: string, bytes: number, flags: number, way: string) =>
    [
      `7 ${ACCOUNT} ${interfaceId} ${source} ${target} ${ports} 6 ${Math.ceil(bytes / 900)} ${bytes} ${start} ${end}`,
      `ACCEPT OK ${VPC} - ${flags} IPv4 ${source} ${target} ${way}`,
      way === "egress" ? `1 - ${service} -` : `- ${service} - -`,
    ].join(" ");
  return [
    record(local, remote, `${localPort} ${port}`, bytesOut, 3, "egress"),
    record(remote, local, `${port} ${localPort}`, bytesIn, 19, "ingress"),
  ];
}

/** The one record of an attempt that nobody answers. */
function vainRecord(connection: SampleConnection, random: Random): string {
  const { interfaceId, local, remote, port, at } = connection;
  return `7 ${ACCOUNT} ${interfaceId} ${local} ${remote} ${random.whole(1024, 65_535)} ${port} 6 1 60 ${at} ${at + 3} ACCEPT OK ${VPC} - 2 IPv4 ${local} ${remote} egress 1 - - -`;
}

/** A scanner of the internet that tries an address of the VPC and is rejected. */
export function rejectedRecord(interfaceId: string, local: string, at: number, random: Random): string {
  const source = `198.51.100.${random.whole(1, 254)}`;
  return `7 ${ACCOUNT} ${interfaceId} ${source} ${local} ${random.whole(1024, 65_535)} ${random.pick([22, 23, 3389])} 6 1 40 ${at} ${at + 5} REJECT OK ${VPC} - 2 IPv4 ${source} ${local} ingress - - - -`;
}

export const statusRecord = (interfaceId: string, at: number, status: "NODATA" | "SKIPDATA"): string =>
  `7 ${ACCOUNT} ${interfaceId} - - - - - - - ${at} ${at + 59} - ${status} - - - - - - - - - - -`;

/** Path and content of the object that holds `records` of the five minutes from `at`. */
export function flowLogObject(
  records: readonly string[],
  at: number,
  random: Random,
): { key: string; body: Buffer } {
  const time = new Date(at * 1000).toISOString();
  const [date = "", clock = ""] = time.split("T");
  const stamp = `${date.replaceAll("-", "")}T${clock.slice(0, 5).replace(":", "")}Z`;
  const digest = random.whole(0x10000000, 0xffffffff).toString(16);
  return {
    key: `AWSLogs/${ACCOUNT}/vpcflowlogs/${REGION}/${date.replaceAll("-", "/")}/${ACCOUNT}_vpcflowlogs_${REGION}_fl-0123456789abcdef0_${stamp}_${digest}.log.gz`,
    body: gzipSync(`${[FIELDS, ...records].join("\n")}\n`),
  };
}

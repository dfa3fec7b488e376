/** The data sets of the bench, and what their records are made of. */

export interface DataSet {
  readonly name: string;
  readonly format: "v2" | "v5";
  /** Of the records, those on Lambda's interfaces, in percent. */
  readonly lambdaPercent: number;
  readonly records: number;
}

export const dataSets = (records: number): DataSet[] =>
  (["v2", "v5"] as const).flatMap((format) =>
    [5, 100].map((lambdaPercent) => ({
      name: `${format}, ${lambdaPercent} % Lambda`,
      format,
      lambdaPercent,
      records,
    })),
  );

/** The default format, in AWS's order. */
export const V2_COLUMNS = [
  "version",
  "account-id",
  "interface-id",
  "srcaddr",
  "dstaddr",
  "srcport",
  "dstport",
  "protocol",
  "packets",
  "bytes",
  "start",
  "end",
  "action",
  "log-status",
];

/** Every field of versions 2 to 5. */
export const V5_COLUMNS = [
  ...V2_COLUMNS,
  "vpc-id",
  "subnet-id",
  "instance-id",
  "tcp-flags",
  "type",
  "pkt-srcaddr",
  "pkt-dstaddr",
  "region",
  "az-id",
  "sublocation-type",
  "sublocation-id",
  "pkt-src-aws-service",
  "pkt-dst-aws-service",
  "flow-direction",
  "traffic-path",
];

/** An object holds the records of five minutes. 2026-10-15T10:57:00Z: the full hour lies in it. */
export const FIRST_SECOND = 1_792_061_820;
export const SECONDS = 300;

/** Lambda shares an interface among all functions with the same subnet and security groups: they are few, and busy. */
export const LAMBDA_INTERFACES = 40;
export const OTHER_INTERFACES = 2_000;

export interface Interface {
  readonly id: string;
  readonly address: string;
  readonly vpcId: string;
  readonly subnetId: string;
}

/** Its hexadecimal digits are those of a well-mixed number, as AWS's are. */
export function interfaceAt(index: number, isLambda: boolean): Interface {
  const number = isLambda ? index : LAMBDA_INTERFACES + index;
  const digits = hex(number, 1) + hex(number, 2) + hex(number, 3);
  return {
    id: `eni-0${digits.slice(0, 16)}`,
    address: `10.${isLambda ? 0 : 1}.${number >> 8}.${number & 255}`,
    vpcId: "vpc-0d5c3b8a7f6e4c2d1",
    subnetId: `subnet-0${hex(number % 6, 4)}${hex(number % 6, 5)}a`,
  };
}

/** 8 digits of a number and a salt, mixed (the finalizer of MurmurHash3). */
function hex(number: number, salt: number): string {
  let mixed = Math.imul(number + 1, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0).toString(16).padStart(8, "0");
}

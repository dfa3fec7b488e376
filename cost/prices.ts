/**
 * What AWS bills, in US dollars, in us-east-1, without free tiers (others may have used them up). Prices change and differ
 * between Regions: `--prices FILE` puts others in their place.
 *
 * `seen` tells how far a price is known: from AWS's own text or a bill, from somebody who quotes it, or from memory. The
 * last are marked in what is printed; look them up before you rely on them.
 */

import { z } from "zod";
import { LAMBDA_PRICES } from "../functions/core/price";

/** Up to so many units a month (absent: without end), so many dollars a unit. */
export interface Tier {
  readonly upTo?: number;
  readonly dollars: number;
}

export interface Price {
  readonly unit: string;
  readonly tiers: readonly Tier[];
  readonly seen: "at AWS" | "quoted" | "unconfirmed" | "as given";
  /** Where AWS publishes it. */
  readonly page: string;
}

const MILLION = 1e6;
const flat = (dollars: number): Tier[] => [{ dollars }];
const at = (page: string) => `https://aws.amazon.com/${page}/pricing/`;

export const PRICES = {
  flowLogDelivery: {
    unit: "GB",
    tiers: [
      { upTo: 10_000, dollars: 0.25 },
      { upTo: 30_000, dollars: 0.15 },
      { upTo: 50_000, dollars: 0.075 },
      { dollars: 0.05 },
    ],
    seen: "unconfirmed",
    page: at("cloudwatch"),
  },
  s3Storage: { unit: "GB-month", tiers: flat(0.023), seen: "unconfirmed", page: at("s3") },
  s3Get: { unit: "request", tiers: flat(0.4 / MILLION), seen: "unconfirmed", page: at("s3") },
  sqsRequest: { unit: "request", tiers: flat(0.4 / MILLION), seen: "quoted", page: at("sqs") },
  lambdaRequest: { unit: "request", tiers: flat(LAMBDA_PRICES.request), seen: "quoted", page: at("lambda") },
  lambdaSecond: {
    unit: "GB-second (arm64)",
    tiers: flat(LAMBDA_PRICES.gigabyteSecond.arm64),
    seen: "quoted",
    page: at("lambda"),
  },
  dynamoDbWrite: { unit: "write unit", tiers: flat(0.625 / MILLION), seen: "at AWS", page: at("dynamodb") },
  dynamoDbRead: { unit: "read unit", tiers: flat(0.125 / MILLION), seen: "at AWS", page: at("dynamodb") },
  dynamoDbStorage: { unit: "GB-month", tiers: flat(0.25), seen: "at AWS", page: at("dynamodb") },
  dynamoDbRecovery: { unit: "GB-month", tiers: flat(0.2), seen: "unconfirmed", page: at("dynamodb") },
  getMetricData: {
    unit: "metric asked for",
    tiers: flat(0.01 / 1000),
    seen: "at AWS",
    page: at("cloudwatch"),
  },
  customMetric: { unit: "metric-month", tiers: flat(0.3), seen: "unconfirmed", page: at("cloudwatch") },
  alarm: { unit: "alarm-month", tiers: flat(0.1), seen: "unconfirmed", page: at("cloudwatch") },
  dashboard: { unit: "dashboard-month", tiers: flat(3), seen: "unconfirmed", page: at("cloudwatch") },
  logIngestion: { unit: "GB", tiers: flat(0.5), seen: "unconfirmed", page: at("cloudwatch") },
  logStorage: { unit: "GB-month", tiers: flat(0.03), seen: "unconfirmed", page: at("cloudwatch") },
  snsPublish: { unit: "publish", tiers: flat(0.5 / MILLION), seen: "quoted", page: at("sns") },
  snsMail: { unit: "mail", tiers: flat(2 / 100_000), seen: "quoted", page: at("sns") },
  kmsKey: { unit: "key-month", tiers: flat(1), seen: "quoted", page: at("kms") },
  kmsRequest: { unit: "request", tiers: flat(0.03 / 10_000), seen: "quoted", page: at("kms") },
  guardDutyFlowLogs: {
    unit: "GB",
    tiers: [
      { upTo: 500, dollars: 1 },
      { upTo: 2_500, dollars: 0.5 },
      { upTo: 10_000, dollars: 0.25 },
      { dollars: 0.15 },
    ],
    seen: "unconfirmed",
    page: at("guardduty"),
  },
  guardDutyEvents: { unit: "event", tiers: flat(4 / MILLION), seen: "quoted", page: at("guardduty") },
} as const satisfies Record<string, Price>;

export type PriceName = keyof typeof PRICES;
export type Prices = Readonly<Record<PriceName, Price>>;

/** Dollars for a month's `quantity`, tier by tier. */
export function dollarsFor({ tiers }: Pick<Price, "tiers">, quantity: number): number {
  let dollars = 0;
  let from = 0;
  for (const { upTo = Number.POSITIVE_INFINITY, dollars: each } of tiers) {
    dollars += Math.max(0, Math.min(quantity, upTo) - from) * each;
    from = upTo;
  }
  return dollars;
}

const tier = z.strictObject({ upTo: z.number().positive().optional(), dollars: z.number().nonnegative() });
const names = Object.keys(PRICES) as [PriceName, ...PriceName[]];
const override = z.partialRecord(
  z.enum(names),
  z.union([z.number().nonnegative(), z.array(tier).min(1)], {
    error: 'must be dollars a unit, or tiers such as [{"upTo": 500, "dollars": 1}, {"dollars": 0.5}]',
  }),
);

/** Prices with others in their place: `{"lambdaSecond": 0.0000166667}`. Throws, naming each that cannot be used. */
export function withPrices(given: unknown, origin: string): Prices {
  const result = override.safeParse(given);
  if (!result.success) {
    const problems = result.error.issues.map((issue) =>
      issue.code === "unrecognized_keys" || issue.code === "invalid_key" || issue.code === "invalid_type"
        ? `  ${issue.path.join(".") || "the file"}: must be an object whose keys are of ${names.join(", ")}`
        : `  ${issue.path.join(".")}: ${issue.message}`,
    );
    throw new Error(`The prices in ${origin} cannot be used:\n${problems.join("\n")}`);
  }
  const replaced = Object.entries(result.data).map(([name, value]) => [
    name,
    {
      ...PRICES[name as PriceName],
      tiers: typeof value === "number" ? flat(value) : value,
      seen: "as given",
    },
  ]);
  return { ...PRICES, ...Object.fromEntries(replaced) };
}

/** Quantities with their prices: a line for each service and item, dollars a month. */
import { assumptionsOf } from "./assumptions";
import { dollarsFor, type Price, type PriceName, type Prices } from "./prices";
import { type Part, quantitiesOf, type Situation } from "./quantities";

export interface BillLine {
  readonly part: Part;
  readonly service: string;
  readonly item: string;
  readonly price: PriceName;
  readonly quantity: number;
  readonly unit: string;
  readonly dollars: number;
  readonly seen: Price["seen"];
}

export interface Bill {
  readonly situation: Situation;
  readonly lines: readonly BillLine[];
  /** Dollars a month for each part, and for the sum of all lines of a service. */
  readonly totals: Readonly<Record<Part, number>>;
  readonly assumptions: readonly string[];
}

/** Tiers are those of the whole account: lines of one price fill them together, in order. */
export function billOf(situation: Situation, prices: Prices): Bill {
  const before = new Map<PriceName, number>();
  const lines = quantitiesOf(situation)
    .filter(({ quantity }) => quantity > 0)
    .map((one): BillLine => {
      const { unit, seen } = prices[one.price];
      const from = before.get(one.price) ?? 0;
      before.set(one.price, from + one.quantity);
      const dollars =
        dollarsFor(prices[one.price], from + one.quantity) - dollarsFor(prices[one.price], from);
      return { ...one, unit, dollars, seen };
    });
  const total = (part: Part) =>
    lines.filter((line) => line.part === part).reduce((sum, { dollars }) => sum + dollars, 0);
  return {
    situation,
    lines,
    totals: { telemetry: total("telemetry"), plumbline: total("plumbline"), guardduty: total("guardduty") },
    assumptions: [
      ...assumptionsOf(situation.volume),
      ...situation.deployment.unmodelled.map((name) => `Runs of the function ${name} are not in it.`),
    ],
  };
}

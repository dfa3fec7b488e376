/** `npm run cost`: what Plumbline costs a month for a volume of telemetry, and GuardDuty for the same. */
import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import type { Volume } from "./assumptions";
import { billOf } from "./bill";
import { deploymentOf } from "./deployment";
import { PRICES, type Prices, withPrices } from "./prices";
import { printBill } from "./print";
import { MEASURED_WORK } from "./work";

interface Options extends Volume {
  readonly metricsMinutes?: string;
  readonly inventoryMinutes?: string;
  readonly prices?: string;
  readonly json?: boolean;
}

/** Gives what is to be printed. Throws, saying what to do, where an option cannot be used. */
export function cost({ metricsMinutes, inventoryMinutes, prices, json, ...volume }: Options): string {
  const deployment = deploymentOf({
    ...(metricsMinutes !== undefined && { metricsMinutes }),
    ...(inventoryMinutes !== undefined && { inventoryMinutes }),
  });
  const bill = billOf(
    { volume, deployment, work: MEASURED_WORK },
    prices === undefined ? PRICES : pricesIn(prices),
  );
  return json ? JSON.stringify(bill, null, 2) : printBill(bill);
}

function pricesIn(file: string): Prices {
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Error(
      `The prices in ${file} cannot be read: ${(cause as Error).message}. Give a JSON file such as {"lambdaSecond": 0.0000166667}`,
      { cause },
    );
  }
  return withPrices(given, file);
}

function amount(most = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== "" && value >= 0 && value <= most) return value;
    throw new InvalidArgumentError(
      most === Number.MAX_SAFE_INTEGER
        ? "It must be a number, 0 or more, such as 12.5."
        : `It must be a number from 0 to ${most}.`,
    );
  };
}

export const costCommand = () =>
  new Command("cost")
    .description("What Plumbline costs a month, by service, and GuardDuty for the same volume.")
    .option("--gb-per-day <n>", "GB of flow logs a day, as text", amount(), 1)
    .option("--functions <n>", "Lambda functions", amount(), 100)
    .option("--events-per-day <n>", "management events of CloudTrail a day", amount(), 100_000)
    .option("--lambda-percent <n>", "of the flow logs, those on Lambda's interfaces", amount(100), 100)
    .option("--sending-percent <n>", "of the functions, those that send much all the time", amount(100), 100)
    .option("--busy-percent <n>", "of the functions, those called all the time", amount(100), 100)
    .option("--function-events-percent <n>", "of the events, those that functions cause", amount(100), 100)
    .option("--findings-per-day <n>", "alerts, each one mail", amount(), 5)
    .option("--metrics-minutes <n>", "as in the deployment: between two looks at metrics")
    .option("--inventory-minutes <n>", "as in the deployment: between two looks at the account")
    .option("--prices <file>", "JSON with other prices: dollars a unit by name, as --json prints the names")
    .option("--json", "print the bill as JSON")
    .showHelpAfterError("(see npm run cost -- --help)");

if (require.main === module) {
  const command = costCommand().action((options: Options) => console.log(cost(options)));
  try {
    command.parse();
  } catch (error) {
    console.error(`cost: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}

/** What the deployed functions are made of, on the tables of a meter, with a clock that is set. */
import { paginateScan } from "@aws-sdk/lib-dynamodb";
import { baselineStore } from "../../functions/adapters/dynamodb/baseline-store";
import { findingStore } from "../../functions/adapters/dynamodb/finding-store";
import { inventoryStore } from "../../functions/adapters/dynamodb/inventory-store";
import type { Account, Log } from "../../functions/adapters/ports";
import { entityWatcher } from "../../functions/adapters/watch-entity";
import { parseFunctions, parseInterfaces } from "../../functions/core/attribution/snapshot";
import { detectionConfig } from "../../functions/core/config";
import { NO_THREAT_LISTS } from "../../functions/core/threat-list";
import { inventoryHandler } from "../../functions/inventory";
import type { Meter } from "./meter";
import { account } from "./steady-account";

export const SILENT: Log = {
  info() {},
  warn() {},
  error(message, { error }) {
    throw new Error(message, { cause: error });
  },
};

/** The inventory is the same for all functions: it is counted only where it is what is measured. */
export function runtimeOn({ database: { client, tables }, uncounted }: Meter, ofInventory = uncounted) {
  const config = detectionConfig.parse({});
  let now = 0;
  const clock = () => now;
  const inventory = inventoryStore(ofInventory, tables.inventory, config.retentionDays, clock);
  const findings = findingStore(client, tables.findings, config.findingRetentionDays);
  const watchEntity = entityWatcher({
    baselines: baselineStore(client, tables.baselines, config.retentionDays),
    findings,
    alerts: {
      async publish({ subject }) {
        throw new Error(`What is measured is not quiet: ${subject}`);
      },
    },
    threats: { current: async () => NO_THREAT_LISTS },
    config,
    clock,
    log: {
      ...SILENT,
      // What could not be published is left to the sweep; there is none here.
      warn(_, { error }) {
        throw error;
      },
    },
  });
  return {
    inventory,
    watchEntity,
    findings,
    clock,
    setClock(at: number) {
      now = at;
    },
    /** A look at the account, as the scheduled function takes it. */
    look: (functions: number) =>
      inventoryHandler({
        account: steadyAccount(functions),
        inventory,
        awsRanges: null,
        clock,
        log: SILENT,
      })(),
    /** Bytes of all baselines as JSON, which is about what DynamoDB bills. */
    async storedBytes(): Promise<number> {
      let bytes = 0;
      for await (const { Items = [] } of paginateScan({ client }, { TableName: tables.baselines }))
        bytes += Items.reduce((sum, item) => sum + JSON.stringify(item).length, 0);
      return bytes;
    },
  };
}

/** Answers as the APIs do: what is parsed is parsed anew in each look. */
function steadyAccount(functions: number): Account {
  const answers = account(functions);
  return {
    look: async () => ({
      snapshot: {
        functions: parseFunctions(answers.functions).items,
        interfaces: parseInterfaces(answers.interfaces).items,
      },
      problems: [],
    }),
  };
}

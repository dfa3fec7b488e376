/**
 * On a schedule, and at once when a function or interface changes: looks at the account and keeps which interface
 * belongs to which functions, and since when. Several changes in one batch are one look.
 */
import { EC2Client } from "@aws-sdk/client-ec2";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { awsAccount } from "./adapters/aws/aws-account";
import { awsRangesDownload } from "./adapters/aws/aws-ranges-download";
import { deployedInventory, lambdaHandler, logger, measure, once, systemClock } from "./adapters/aws/runtime";
import type {
  Account,
  AwsRangesPublication,
  Clock,
  InputProblem,
  InventoryStore,
  Log,
} from "./adapters/ports";
import { reconcile } from "./core/attribution/reconcile";
import { DAY } from "./core/time";

export interface InventoryDependencies {
  readonly account: Account;
  readonly inventory: InventoryStore;
  /** `null`: AWS's ranges are not read. */
  readonly awsRanges: AwsRangesPublication | null;
  readonly clock: Clock;
  readonly log: Log;
}

export interface InventoryResult {
  /** Records written. */
  readonly changes: number;
  /** Entries of the account that could not be read. */
  readonly problems: readonly InputProblem[];
}

/** Whatever the event, the work is the same. A look that is older than the last change changes nothing. */
export function inventoryHandler(dependencies: InventoryDependencies) {
  const { account, inventory, clock, log } = dependencies;
  return async (): Promise<InventoryResult> => {
    const at = clock();
    await refreshAwsRanges(dependencies, at);
    const { snapshot, problems } = await account.look();
    for (const problem of problems) log.warn("Part of the inventory could not be read", { ...problem });
    const stored = await inventory.items();
    // Asked after what is stored was read: nothing of a later look can be in it then without its mark being seen.
    const last = await inventory.lastSync();
    if (last !== null && at < last.at) return { changes: 0, problems };
    const changes = reconcile(stored, snapshot, at);
    // Who came no further may have written everything but that it is whole.
    if (changes.length > 0 || last?.isWhole === false) {
      await inventory.save(changes, at);
      log.info("The inventory changed", { changes: changes.length });
    }
    return { changes: changes.length, problems };
  };
}

/**
 * Once a day, the ranges that AWS publishes. Without them, or where they cannot be reached, what is stored stays and the
 * account is looked at all the same.
 */
async function refreshAwsRanges(
  { awsRanges, inventory, log }: InventoryDependencies,
  at: number,
): Promise<void> {
  if (awsRanges === null) return;
  const known = await inventory.awsRangesState();
  if (known !== null && at < known.checkedAt + DAY) return;
  try {
    const { ranges, unreadable } = await awsRanges.latest();
    if (unreadable > 0) log.warn("Entries of AWS's address ranges could not be read", { unreadable });
    await inventory.saveAwsRanges(ranges, at);
  } catch (error) {
    log.warn("AWS's address ranges could not be read; those that are stored are used on", {
      error: error instanceof Error ? error : new Error(String(error)),
    });
  }
}

const deployed = once(() => {
  const look = inventoryHandler({
    account: awsAccount(new LambdaClient({}), new EC2Client({})),
    inventory: deployedInventory(),
    awsRanges: awsRangesDownload(),
    clock: systemClock,
    log: logger(),
  });
  return async () => measure("UnreadableInput", (await look()).problems.length);
});

export const handler = lambdaHandler(deployed);

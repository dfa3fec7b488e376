/**
 * What a deployment has only after a week, or after an outage: written into its tables by the code that would have written
 * it then.
 */
import { baselineStore } from "../../functions/adapters/dynamodb/baseline-store";
import { findingStore } from "../../functions/adapters/dynamodb/finding-store";
import { entityWatcher } from "../../functions/adapters/watch-entity";
import { watchUsage } from "../../functions/adapters/watch-usage";
import { inventoryOf } from "../../functions/core/attribution/inventory";
import { detectionConfig } from "../../functions/core/config";
import { NO_THREAT_LISTS } from "../../functions/core/threat-list";
import { iso } from "../../functions/core/time";
import { ACCOUNT, REGION } from "../support/account";
import { noisy, steady } from "../support/usage";
import type { Clients } from "./clients";
import type { Deployment } from "./deployment";
import { FUNCTION } from "./watched-account";

const PERIOD = 300;
const config = detectionConfig.parse({});

const findingsOf = ({ dynamoDb }: Clients, deployment: Deployment) =>
  findingStore(dynamoDb, deployment.of("Tables/Findings"), config.findingRetentionDays);

/** Eight days of a function that is invoked about 20 times in five minutes, until `until` (seconds since 1970). */
export async function eightDaysOfUsage(
  clients: Clients,
  deployment: Deployment,
  until: number,
): Promise<void> {
  const counts = noisy(steady(20), 8);
  const from = until - counts.length * PERIOD;
  const points = new Map(counts.map((count, i) => [from + i * PERIOD, count]));
  const { findings } = await watchUsage(
    [{ functionName: FUNCTION, metric: "Invocations", points }],
    from,
    until,
    {
      inventory: { current: async () => inventoryOf([]) },
      watchEntity: entityWatcher({
        baselines: baselineStore(clients.dynamoDb, deployment.of("Tables/Baselines"), config.retentionDays),
        findings: findingsOf(clients, deployment),
        alerts: { publish: () => Promise.reject(new Error("Eight usual days raised an alert")) },
        threats: { current: async () => NO_THREAT_LISTS },
        config,
        clock: () => until,
      }),
      elsewhere: { accountId: ACCOUNT, region: REGION },
    },
  );
  if (findings.length > 0) throw new Error(`Eight usual days raised ${findings.length} findings`);
}

/** A finding whose alert could not be published at `at`. */
export const leaveAlertBehind = (clients: Clients, deployment: Deployment, id: string, at: number) =>
  findingsOf(clients, deployment).amend(id, (finding) => ({ ...finding, alertDue: iso(at) }));

/**
 * On a schedule: publishes the alerts that are still due. An alert is published as soon as its finding is written; what
 * a crash or an outage of SNS left behind is found here, in the findings table's index `alertDue`.
 */
import {
  deployedAlerts,
  deployedFindings,
  lambdaHandler,
  logger,
  measure,
  once,
  systemClock,
} from "./adapters/aws/runtime";
import type { AlertPublisher, Clock, FindingStore, Log } from "./adapters/ports";
import { publishAlert } from "./adapters/watch-entity";
import { iso } from "./core/time";

export interface AlertsDependencies {
  readonly findings: FindingStore;
  readonly alerts: AlertPublisher;
  readonly clock: Clock;
  /** Told how many alerts had been left behind, before it is tried to publish them. */
  readonly report: (due: number) => void;
  readonly log: Log;
}

/** An alert younger than this (seconds) may be in the hands of the function that wrote its finding. */
const GRACE = 300;

/**
 * Publishes what is due and tells how many were; throws at the end if some could not be published. Each is claimed first:
 * the index lags, and a schedule may run twice at once.
 */
export function alertsHandler({ findings, alerts, clock, report, log }: AlertsDependencies) {
  return async (): Promise<number> => {
    const now = clock();
    const due = await findings.due(iso(now - GRACE));
    report(due.length);
    const failures: unknown[] = [];
    let published = 0;
    for (const { id, alertDue = "" } of due) {
      try {
        const record = await findings.claimAlert(id, alertDue, iso(now));
        if (record === null) continue;
        await publishAlert(record, { findings, alerts });
        published++;
      } catch (error) {
        failures.push(error);
      }
    }
    if (due.length > 0) log.warn("Alerts had been left behind", { due: due.length, failed: failures.length });
    if (failures.length > 0) {
      throw new AggregateError(
        failures,
        `${failures.length} of ${due.length} alerts could not be published; they stay due`,
      );
    }
    return published;
  };
}

const deployed = once(() =>
  alertsHandler({
    findings: deployedFindings(),
    alerts: deployedAlerts(),
    clock: systemClock,
    report: (due) => measure("AlertsDue", due),
    log: logger(),
  }),
);

export const handler = lambdaHandler(deployed);

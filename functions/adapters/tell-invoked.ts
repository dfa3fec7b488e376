/**
 * Says of findings on groups which of the candidates were invoked at the time, as metrics have it. CloudTrail's data events
 * say so too, and which interface it was; where they did, that stands.
 */
import { mergeCandidates } from "../core/attribution/entity";
import type { Inventory } from "../core/attribution/inventory";
import { invokedAround, LONGEST_RUN } from "../core/attribution/invocation";
import type { FindingRecord } from "../core/finding";
import type { MetricSeries } from "../core/telemetry/metric-data";
import { iso } from "../core/time";
import type { FindingStore } from "./ports";

/**
 * `series` tells of all invocations in `from` <= time < `until` (seconds since 1970), of the functions that it names;
 * `groups` are ids of entities. Gives the findings that it changed, or might have.
 */
export async function tellInvoked(
  series: readonly MetricSeries[],
  from: number,
  until: number,
  groups: Iterable<string>,
  inventory: Pick<Inventory, "functionNamed">,
  findings: Pick<FindingStore, "ofEntity" | "amend">,
): Promise<FindingRecord[]> {
  const points = new Map(
    series.flatMap(({ functionName, metric, points }) => {
      const functionArn = inventory.functionNamed(functionName)[0]?.functionArn;
      return metric === "Invocations" && functionArn !== undefined ? [[functionArn, points] as const] : [];
    }),
  );
  const told: FindingRecord[] = [];
  for (const group of groups) {
    for (const { id, occurrences } of await findings.ofEntity(group, iso(from))) {
      const times = occurrences.filter((at) => at >= from + LONGEST_RUN && at < until);
      if (times.length === 0) continue;
      const record = await findings.amend(id, (stored) => withInvoked(stored, points, times));
      if (record !== null) told.push(record);
    }
  }
  return told;
}

function withInvoked(
  record: FindingRecord,
  points: ReadonlyMap<string, MetricSeries["points"]>,
  times: readonly number[],
): FindingRecord {
  const { candidates, invokedFrom } = record;
  if (invokedFrom !== "metrics" && candidates.some(({ invoked }) => invoked !== null)) return record;
  const seen = candidates.map((candidate) => ({
    ...candidate,
    invoked: invokedAround(points.get(candidate.functionArn), times),
  }));
  return { ...record, invokedFrom: "metrics", candidates: mergeCandidates(candidates, seen) };
}

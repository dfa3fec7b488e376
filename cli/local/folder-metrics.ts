/** The metrics of a telemetry folder: what aws cloudwatch get-metric-data printed, in one file or many. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { InputProblem } from "../../functions/adapters/ports";
import { type MetricSeries, mergeSeries, readMetricData } from "../../functions/core/telemetry/metric-data";
import { plural } from "../../functions/core/text";
import { HOUR } from "../../functions/core/time";

export interface FolderMetrics {
  readonly series: readonly MetricSeries[];
  /** Hour by hour, the times that there are points of, in seconds since 1970. */
  readonly hours: readonly { readonly from: number; readonly until: number }[];
  readonly problems: readonly InputProblem[];
}

const PERIOD = 300;
/** CloudWatch keeps no point for longer: a stamp of another year is no reason to walk through all that lies between. */
const MOST_HOURS = 455 * 24;

/** Reads all of them. A file that cannot be read is a problem, and the rest is used. */
export async function folderMetrics(dir: string, files: readonly string[]): Promise<FolderMetrics> {
  const problems: InputProblem[] = [];
  const all: MetricSeries[] = [];
  for (const ref of files) {
    try {
      const read = readMetricData(JSON.parse(await readFile(join(dir, ref), "utf8")));
      for (const series of read.series) all.push(series);
      for (const reason of read.problems) problems.push({ ref, reason });
      if (read.unusable > 0)
        problems.push({
          ref,
          reason: `${plural(read.unusable, "point")} without a time or a number that can be, passed over`,
        });
    } catch (error) {
      const reason = `cannot be read as JSON (${error instanceof Error ? error.message : String(error)})`;
      problems.push({ ref, reason });
    }
  }
  const series = mergeSeries(all);
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { points } of series) {
    for (const at of points.keys()) {
      first = Math.min(first, at);
      last = Math.max(last, at);
    }
  }
  const hours: { from: number; until: number }[] = [];
  for (let from = first; from <= last && hours.length < MOST_HOURS; from = hours.at(-1)?.until ?? last + 1) {
    hours.push({ from, until: Math.min((Math.floor(from / HOUR) + 1) * HOUR, last + PERIOD) });
  }
  return { series, hours, problems };
}

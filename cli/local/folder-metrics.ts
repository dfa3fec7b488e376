/** The metrics of a telemetry folder: what aws cloudwatch get-metric-data printed, in one file or many. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { InputProblem } from "../../functions/adapters/ports";
import {
  inSlots,
  type MetricSeries,
  mergeSeries,
  readMetricData,
} from "../../functions/core/telemetry/metric-data";
import { plural } from "../../functions/core/text";
import { HOUR } from "../../functions/core/time";

export interface FolderMetrics {
  readonly series: readonly MetricSeries[];
  /** Hour by hour, the times that there are points of, in seconds since 1970. */
  readonly hours: readonly { readonly from: number; readonly until: number }[];
  readonly problems: readonly InputProblem[];
}

const PERIOD = 300;
/** Where nothing at all is told for so long, nothing is known of that time: a stamp of another year is no year of silence. */
const LONGEST_GAP = 72;

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
  const series = mergeSeries(all).map(inSlots);
  return { series, hours: hoursOf(series), problems };
}

/** The hours that there are points of, and those between; the last ends with the last point. */
function hoursOf(series: readonly MetricSeries[]): FolderMetrics["hours"] {
  const told = new Set<number>();
  let last = 0;
  for (const { points } of series) {
    for (const at of points.keys()) {
      told.add(Math.floor(at / HOUR));
      last = Math.max(last, at + PERIOD);
    }
  }
  const hours: number[] = [];
  for (const hour of [...told].sort((a, b) => a - b)) {
    const before = hours.at(-1) ?? hour;
    const isGap = hour - before > LONGEST_GAP;
    for (let one = isGap ? hour : before + 1; one < hour; one++) hours.push(one);
    hours.push(hour);
  }
  return hours.map((hour) => ({ from: hour * HOUR, until: Math.min((hour + 1) * HOUR, last) }));
}

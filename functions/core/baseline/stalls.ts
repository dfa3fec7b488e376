/**
 * When a source's silence is longer than can be, by its own history. A source tells in some hours and not in others (an
 * account sleeps at night, a small one over the weekend), so what counts is the longest time that it was silent before.
 * Should its silences come by chance (exponential), one more is four times the longest of n with probability
 * 1 / C(n + 4, 4): 1 in 330 after 7, 1 in 59,000 after 32; next to never for a source that tells every hour. And a week
 * of holidays is not four times a weekend.
 */
import type { DetectionConfig } from "../config";
import type { Source, SourceCheck } from "../telemetry/source";
import { hourOf } from "../time";
import { hoursTold, keptFrom, type SourceFacet } from "./source-facets";

/** A time in which a source did not tell, though by its history it should have. Hours since 1970. */
export interface Stall {
  /** The last hour in which it told. */
  readonly after: number;
  /** The hour in which it told again; `null` where it did not yet. */
  readonly until: number | null;
  /** How many hours it lasted, or lasts already. */
  readonly hours: number;
  /** The longest silence that was usual before, and the longest that is not told. */
  readonly longest: number;
  readonly bound: number;
}

/** How many times the longest silence so far a silence may last. */
const TIMES = 4;
/**
 * The shortest stall. Flow logs come ten minutes late, CloudTrail a quarter of an hour, and outages of AWS's own deliveries
 * pass within hours. What CloudTrail tells of may be one daily job.
 */
const FLOOR: Readonly<Record<Source, number>> = { flow: 6, trail: 24, metrics: 6 };
/** It must have told on so many days: what is sparser has no pace of its own. */
const LEAST_DAYS = 7;
/** What stalls once more within the history does so as a rule. */
const MOST_STALLS = 2;
/** For so long after its end a stall is told, in hours; it is judged by as much less history, so always the same. */
const TOLD_FOR = 3 * 24;

/** Whether a source is known for long enough to be judged. */
export const isLearned = ({ firstHour }: SourceFacet, hour: number, { learningDays }: DetectionConfig) =>
  hour >= firstHour + learningDays * 24;

/** The stalls of a source that ended lately, and the one that goes on, in order of time. */
export function stallsOf(facet: SourceFacet, check: SourceCheck, config: DetectionConfig): Stall[] {
  const now = hourOf(check.at);
  const told = hoursTold(facet).filter((hour) => hour <= now);
  return told.flatMap((after, i) => {
    const until = told[i + 1] ?? null;
    if (until === null ? !check.isLive : until <= now - TOLD_FOR) return [];
    const end = until ?? now;
    const hours = end - Math.max(after, hourOf(check.since));
    if (hours <= FLOOR[check.source] || !isLearned(facet, after, config)) return [];
    const longest = longestSilence(facet, told.slice(0, i + 1), end, check.source, config);
    if (longest === null || hours <= boundOf(longest, check.source)) return [];
    return [{ after, until, hours, longest, bound: boundOf(longest, check.source) }];
  });
}

/** The stall that goes on, if one does. */
export const openStall = (facet: SourceFacet, check: SourceCheck, config: DetectionConfig): Stall | null =>
  stallsOf(facet, check, config).find(({ until }) => until === null) ?? null;

const boundOf = (longest: number, source: Source) => Math.max(FLOOR[source], TIMES * longest);

/** The longest usual silence among `told`, as long before `end` as is always kept; `null` where it has no pace. */
function longestSilence(
  facet: SourceFacet,
  told: readonly number[],
  end: number,
  source: Source,
  { retentionDays }: DetectionConfig,
): number | null {
  const from = Math.max(facet.firstHour, end - (retentionDays - 1) * 24 + TOLD_FOR);
  if (from < keptFrom(facet, retentionDays)) return null;
  const history = told.filter((hour) => hour >= from);
  let longest = 1;
  let stalls = 0;
  for (const [i, hour] of history.entries()) {
    const silence = hour - (history[i - 1] ?? hour);
    const isStall =
      stalls < MOST_STALLS && silence > boundOf(longest, source) && hasPace(history.slice(0, i));
    if (isStall) stalls++;
    else longest = Math.max(longest, silence);
  }
  return hasPace(history) ? longest : null;
}

const hasPace = (history: readonly number[]): boolean =>
  new Set(history.map((hour) => Math.floor(hour / 24))).size >= LEAST_DAYS;

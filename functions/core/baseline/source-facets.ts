/** What is known of a source that tells of an account: in which hours it did, and the stalls that were told. */
import type { Source } from "../telemetry/source";
import { DAY, hourOf } from "../time";
import type { FacetKind } from "./facet-kind";

/** A stall that was told while it lasted; hours since 1970. */
export interface ToldStall {
  /** In which it was told last. */
  readonly until: number;
  /** In which it was seen to be over; 0 where it was not yet. */
  readonly over: number;
}

export interface SourceFacet {
  readonly facet: `SOURCE#${Source}`;
  /** The first hour ever (since 1970), which outlives `hours`. */
  readonly firstHour: number;
  /** By UTC day within the retention before the last one: a bit for each hour in which it told, the lowest for the first. */
  readonly hours: Readonly<Record<string, number>>;
  /** By the last hour before it; the latest `MAX_TOLD`. */
  readonly told: Readonly<Record<string, ToldStall>>;
}

const MAX_TOLD = 4;
const HOURS = 24;

export const sourceToldIn = (source: Source, hour: number): SourceFacet => ({
  facet: `SOURCE#${source}`,
  firstHour: hour,
  hours: { [Math.floor(hour / HOURS)]: 1 << (hour % HOURS) },
  told: {},
});

export const hasToldIn = ({ hours }: SourceFacet, hour: number): boolean =>
  ((hours[Math.floor(hour / HOURS)] ?? 0) & (1 << (hour % HOURS))) !== 0;

/** The hours in which it told, as far as they are kept, ascending. */
export const hoursTold = ({ hours }: SourceFacet): number[] =>
  ascending(hours).flatMap(([day, bits]) =>
    Array.from({ length: HOURS }, (_, hour) => hour)
      .filter((hour) => (bits & (1 << hour)) !== 0)
      .map((hour) => day * HOURS + hour),
  );

/** The hour from which on all that it told is kept. */
export const keptFrom = (facet: SourceFacet, retentionDays: number): number =>
  hourOf((lastDay(facet) - retentionDays + 1) * DAY);

const lastDay = ({ hours }: SourceFacet): number => Math.max(...Object.keys(hours).map(Number));

const sourceKind: FacetKind<SourceFacet> = {
  is: (name) => name.startsWith("SOURCE#"),
  lastDay,
  keptDays: (retentionDays) => retentionDays,
  merge: (a, b, retentionDays) => {
    const last = Math.max(lastDay(a), lastDay(b));
    const days = union(a.hours, b.hours, (x, y) => x | y);
    const told = union(a.told, b.told, (x, y) => ({
      until: Math.max(x.until, y.until),
      over: Math.max(x.over, y.over),
    }));
    return {
      facet: a.facet,
      firstHour: Math.min(a.firstHour, b.firstHour),
      hours: Object.fromEntries(ascending(days).filter(([day]) => day > last - retentionDays)),
      told: Object.fromEntries(ascending(told).slice(-MAX_TOLD)),
    };
  },
};

export const SOURCE_FACETS = [sourceKind];

const ascending = <T>(byNumber: Readonly<Record<string, T>>): [number, T][] =>
  Object.entries(byNumber)
    .map(([key, value]): [number, T] => [Number(key), value])
    .sort(([a], [b]) => a - b);

const union = <T>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
  both: (x: T, y: T) => T,
): Record<string, T> => {
  const all = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const known = all[key];
    all[key] = known === undefined ? value : both(known, value);
  }
  return all;
};

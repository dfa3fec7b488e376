/** What a kind of facet has to say of itself to be stored, merged and forgotten. */
import { DAY, HOUR, iso } from "../time";

export interface FacetKind<F> {
  /** Whether a facet of this name is one of the kind. */
  is(name: string): boolean;
  /** Merges two states of one facet: idempotent and free of order. */
  merge(a: F, b: F, retentionDays: number): F;
  /** The last UTC day on which it was seen. */
  lastDay(facet: F): number;
  /** For how many days it is kept after that. */
  keptDays(retentionDays: number): number;
}

/** Passing facets tell of one hour or day, and are kept today and tomorrow: a day's windows reach no further back. */
export const PASSING_DAYS = 2;

/** `AT#2026-10-15T02`: passing facets sort before all others, so a store can leave out the old ones. */
export const hourName = (hour: number): `AT#${string}` => `AT#${iso(hour * HOUR).slice(0, 13)}`;

/** The first facet in the order of names that is kept on `day`; whatever comes after the passing ones is kept longer. */
export const firstFacetKept = (day: number): string => hourName(((day - PASSING_DAYS + 1) * DAY) / HOUR);

/** Metrics need no facets but these: in the order of names, their own come last, behind what CloudTrail told of deploys. */
export const FIRST_FACET_OF_USAGE = "TRAIL";

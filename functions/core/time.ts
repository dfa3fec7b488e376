/**
 * Time as telemetry gives it: whole seconds since 1970 in UTC. A baseline counts in UTC days, because verdicts by day
 * do not depend on the order in which the objects of one day arrive.
 */

export const DAY = 86_400;
export const HOUR = 3_600;

/** The number of whole UTC days since 1970 at `seconds`. */
export const dayOf = (seconds: number): number => Math.floor(seconds / DAY);

/** The number of whole hours since 1970 at `seconds`. */
export const hourOf = (seconds: number): number => Math.floor(seconds / HOUR);

/** ISO 8601 in UTC without milliseconds: `2026-10-15T02:17:00Z`. */
export const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");

/** ISO 8601 date of a UTC day number: `2026-10-15`. */
export const isoDay = (day: number): string => iso(day * DAY).slice(0, 10);

/** The last second of the year 9999: later ones have no date, or one that does not sort as text. */
const LAST = 253_402_300_799;

/** Whether a number is a time that telemetry can have, in seconds since 1970. */
export const isTime = (seconds: number): boolean => seconds >= 0 && seconds <= LAST;

/** Seconds since 1970 of an ISO 8601 time, or `null` if it is none. */
export function secondsOf(text: string): number | null {
  const seconds = Math.floor(Date.parse(text) / 1000);
  return isTime(seconds) ? seconds : null;
}

/** How many of how many, and how long it took. */
export interface Tally {
  tried: number;
  found: number;
  /** Minutes from begin to report, summed over those found. */
  minutes: number;
}

export const noTally = (): Tally => ({ tried: 0, found: 0, minutes: 0 });

/** Tells a tally of one try: found after so many minutes, or `null`. */
export function tell(tallies: Map<string, Tally>, key: string, minutes: number | null): void {
  const tally = tallies.get(key) ?? noTally();
  tallies.set(key, tally);
  tally.tried++;
  if (minutes === null) return;
  tally.found++;
  tally.minutes += minutes;
}

export const percent = ({ tried, found }: Tally): string =>
  tried === 0 ? "-" : `${((100 * found) / tried).toFixed(1)} %`;
export const delay = ({ found, minutes }: Tally): string =>
  found === 0 ? "-" : `${(minutes / found).toFixed(0)} min`;
/** Per 100 function-weeks after the first. */
export const alarmRate = (alarms: number, functions: number, days: number): string =>
  ((100 * alarms) / (functions * (days / 7 - 1))).toFixed(2);

/**
 * On which UTC days something was seen. Merging is a union, so the same delivery twice, or two in either order, give
 * the same history.
 */
export interface History {
  /** The first day ever, which outlives `days`. Days are numbered from 1970-01-01. */
  readonly firstDay: number;
  /** The days within the retention before the last one, ascending. */
  readonly days: readonly number[];
}

export const seenOn = (day: number): History => ({ firstDay: day, days: [day] });

export const lastDay = ({ firstDay, days }: History): number => days.at(-1) ?? firstDay;

/** Whether a history knows of this day. */
export const isSeenOn = (history: History | undefined, day: number): boolean =>
  history?.days.includes(day) ?? false;

/** The union of two histories; days that lie `retentionDays` or more before the last one are dropped. */
export function mergeHistory(a: History, b: History, retentionDays: number): History {
  if (a.firstDay <= b.firstDay && b.days.every((day) => a.days.includes(day))) return a; // mostly, nothing is new
  const days = [...new Set([...a.days, ...b.days])].sort((x, y) => x - y);
  const last = days.at(-1) ?? 0;
  return {
    firstDay: Math.min(a.firstDay, b.firstDay),
    days: days.filter((day) => day > last - retentionDays),
  };
}

/** On how many days before `day` it was seen, as far as they are kept. */
export const daysBefore = ({ days }: History, day: number): number => days.filter((one) => one < day).length;

/** Histories by name. */
export type Histories = Readonly<Record<string, History>>;

/** The union of histories by name; beyond `most`, those that were seen first stay. */
export function mergeHistories(a: Histories, b: Histories, most: number, retentionDays: number): Histories {
  const all = new Map(Object.entries(a));
  for (const [name, history] of Object.entries(b)) {
    const known = all.get(name);
    all.set(name, known === undefined ? history : mergeHistory(known, history, retentionDays));
  }
  const inOrder = [...all].sort(
    ([nameA, x], [nameB, y]) => x.firstDay - y.firstDay || (nameA < nameB ? -1 : 1),
  );
  return Object.fromEntries(inOrder.slice(0, most));
}

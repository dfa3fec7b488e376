/** How grave a finding is: a score from 0 to 10, and its band. */

export const SEVERITIES = ["low", "medium", "high", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Why something around a finding moves its severity, as a sentence without its end, and by how many bands. */
export interface SeverityStep {
  readonly step: 1 | 0 | -1;
  readonly why: string;
}

/** Where the bands begin, as Amazon GuardDuty draws them. */
const BEGINS = [0, 4, 7, 9];

/** The band of a score. */
export const severityOf = (score: number): Severity => SEVERITIES[bandOf(score)] as Severity;

/** The score at the same height of the next band up (`1`) or down (`-1`); the highest and lowest stay. */
export function nextBand(score: number, step: 1 | -1): number {
  const band = bandOf(score);
  const next = Math.min(SEVERITIES.length - 1, Math.max(0, band + step));
  if (next === band) return score;
  const height = (score - from(band)) / (from(band + 1) - from(band));
  return Math.round(10 * (from(next) + height * (from(next + 1) - from(next)))) / 10;
}

const from = (band: number) => BEGINS[band] ?? 10;
const bandOf = (score: number) =>
  Math.max(
    0,
    BEGINS.findLastIndex((begin) => score >= begin),
  );

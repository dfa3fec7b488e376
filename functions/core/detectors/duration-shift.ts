/**
 * Sees: invocations that take longer than they ever did, and go on to do so.
 * Why: mining, or a call that was brought in, makes every invocation longer, at the owner's cost.
 * Where the bill is running away, it says so, by the usual number of calls (`run-away.ts`).
 * What is usual follows from the function's own weeks (`core/baseline/usage`, `docs/detection-quality.md`); the first one is
 * silent.
 */
import { usualCalls } from "../baseline/usage-pace";
import type { UsageDetector } from "./detector";
import { numberText, spanText, usageEpisodes } from "./usage-sighting";

export const durationShift: UsageDetector = {
  type: "DurationShift",
  judges: "usage",
  source: "metrics",
  title: "Invocations take longer, and keep doing so",
  severity: "medium",
  misses:
    "Changes of less than a third; functions that are seldom called; the first week; what is masked by a wide spread of durations.",
  reference: "https://attack.mitre.org/techniques/T1496/",
  mitre: ["T1496"],
  mayComeOfDeploy: true,
  lookAt:
    "What does the function do in that time? Compare with its last deploy, and with whom it talks to since.",
  ...usageEpisodes("Duration", "shift", {
    base: 3.5,
    paces: ({ peak, expected }, baseline) => {
      const calls = usualCalls(baseline);
      if (calls === null) return null;
      const usual = { calls, milliseconds: expected };
      return { now: { calls, milliseconds: peak }, usual, mean: usual };
    },
    title: (name, { peak, expected }) =>
      `${name} takes ${numberText(peak)} ms, where ${numberText(expected)} ms are usual`,
    what: (name, { peak, expected, seconds }) =>
      `${name} took ${numberText(peak)} ms in the median over ${spanText(seconds)}, where ${numberText(expected)} ms are usual`,
  }),
};

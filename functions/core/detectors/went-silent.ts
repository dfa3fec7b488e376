/**
 * Sees: a function with a pace of its own that is not called any more.
 * Why: who takes a function out of action hides what it would have done: a logger, a check, an alarm.
 * What is usual follows from the function's own weeks (`core/baseline/usage`, `docs/detection-quality.md`); the first one is
 * silent.
 */
import type { UsageDetector } from "./detector";
import { numberText, spanText, usageEpisodes } from "./usage-sighting";

export const wentSilent: UsageDetector = {
  type: "WentSilent",
  judges: "usage",
  source: "metrics",
  title: "A function that should have run did not",
  severity: "medium",
  misses:
    "Functions that are called at no times of their own; a nightly job that stops, in its first two weeks, and then for three days; a weekly or monthly one that stops; the first week.",
  reference: "https://attack.mitre.org/techniques/T1489/",
  mitre: ["T1489", "T1562"],
  mayComeOfDeploy: true,
  lookAt: "Is its trigger still there and enabled? Is reserved concurrency 0? Who changed it last?",
  ...usageEpisodes("Invocations", "silence", {
    base: 3.5,
    title: (name, { expected, seconds }) =>
      `${name} went silent: ${numberText(expected)} invocations did not come in ${spanText(seconds)}`,
    what: (name, { expected, seconds }) =>
      `${name} was not invoked for ${spanText(seconds)}, in which some ${numberText(expected)} invocations are usual at the least`,
  }),
};

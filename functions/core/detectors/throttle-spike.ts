/**
 * Sees: a larger share of invocations throttled than usual.
 * Why: somebody uses up the concurrency: that of the function, or of the account.
 * What is usual follows from the function's own weeks (`core/baseline/usage`, `docs/detection-quality.md`); the first one is
 * silent.
 */
import type { UsageDetector } from "./detector";
import { numberText, spanText, usageEpisodes } from "./usage-sighting";

export const throttleSpike: UsageDetector = {
  type: "ThrottleSpike",
  judges: "usage",
  source: "metrics",
  title: "A larger share of throttled invocations than usual",
  severity: "low",
  misses: "A few throttles among few calls; the first week.",
  reference: "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html",
  mitre: ["T1499"],
  mayComeOfDeploy: true,
  lookAt: "Is it the function's own concurrency, or the account's? Who else runs?",
  ...usageEpisodes("Throttles", "failures", {
    base: 2.5,
    title: (name, { peak, expected, seconds }) =>
      `${numberText(peak)} invocations of ${name} were throttled in ${spanText(seconds)}, where ${numberText(expected)} are usual`,
    what: (name, { peak, expected, seconds }) =>
      `${numberText(peak)} invocations of ${name} were throttled in ${spanText(seconds)}, where ${numberText(expected)} are usual for as many attempts`,
  }),
};

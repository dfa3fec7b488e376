/**
 * Sees: a larger share of invocations fails than usual.
 * Why: probing and injected code fail where the function's own code does not.
 * What is usual follows from the function's own weeks (`core/baseline/usage`, `docs/detection-quality.md`); the first one is
 * silent.
 */
import type { UsageDetector } from "./detector";
import { numberText, spanText, usageEpisodes } from "./usage-sighting";

export const errorSpike: UsageDetector = {
  type: "ErrorSpike",
  judges: "usage",
  source: "metrics",
  title: "A larger share of failing invocations than usual",
  severity: "low",
  misses: "Errors that the function handles itself; a few errors among few calls; the first week.",
  reference: "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html",
  mitre: ["T1499", "T1190"],
  mayComeOfDeploy: true,
  lookAt: "What do the logs say at that time? Did somebody deploy?",
  ...usageEpisodes("Errors", "failures", {
    base: 2.5,
    title: (name, { peak, expected, seconds }) =>
      `${numberText(peak)} invocations of ${name} failed in ${spanText(seconds)}, where ${numberText(expected)} are usual`,
    what: (name, { peak, expected, seconds }) =>
      `${numberText(peak)} invocations of ${name} failed in ${spanText(seconds)}, where ${numberText(expected)} are usual for as many calls`,
  }),
};

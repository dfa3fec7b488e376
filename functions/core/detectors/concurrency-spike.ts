/**
 * Sees: far more executions at a time than usual.
 * Why: calls that come faster, or take longer, use up the account's concurrency, and others are throttled.
 * What is usual follows from the function's own weeks (`core/baseline/usage`, `docs/detection-quality.md`); the first one is
 * silent.
 */
import type { UsageDetector } from "./detector";
import { numberText, spanText, usageEpisodes } from "./usage-sighting";

export const concurrencySpike: UsageDetector = {
  type: "ConcurrencySpike",
  judges: "usage",
  source: "metrics",
  title: "Far more executions at a time than usual",
  severity: "low",
  misses:
    "What CloudWatch does not tell: the metric is there only where something runs at the minute's sample; the first week.",
  reference: "https://attack.mitre.org/techniques/T1499/",
  mitre: ["T1499"],
  mayComeOfDeploy: true,
  lookAt: "Do its invocations rise, or its duration? Is reserved concurrency set, so that others are safe?",
  ...usageEpisodes("ConcurrentExecutions", "spike", {
    base: 2.5,
    title: (name, { peak, expected }) =>
      `${name} runs ${numberText(peak)} times at once, where ${numberText(expected)} are usual`,
    what: (name, { peak, expected, seconds }) =>
      `${name} ran ${numberText(peak)} times at once at most (added up over ${spanText(seconds)}), where ${numberText(expected)} are usual`,
  }),
};

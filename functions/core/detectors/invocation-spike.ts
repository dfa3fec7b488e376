/**
 * Sees: far more invocations than usual at this time of day and week, in 5 minutes, 15 minutes or an hour.
 * Why: abuse of a public endpoint, a loop, or denial of wallet, which costs money with each call.
 * Where the bill is running away, it says so, by the usual duration of a call (`run-away.ts`).
 * What is usual follows from the function's own weeks (`core/baseline/usage`, `docs/detection-quality.md`); the first one is
 * silent.
 */
import { usualCalls, usualDuration } from "../baseline/usage-pace";
import { HOUR } from "../time";
import type { UsageDetector } from "./detector";
import { numberText, spanText, usageEpisodes } from "./usage-sighting";

export const invocationSpike: UsageDetector = {
  type: "InvocationSpike",
  judges: "usage",
  source: "metrics",
  title: "Far more invocations than usual",
  severity: "medium",
  misses:
    "Growth that is slow enough to be learned; less than twice the usual; the first week; functions that are called so seldom that no pace can be told.",
  reference: "https://attack.mitre.org/techniques/T1496/",
  mitre: ["T1499", "T1496"],
  mayComeOfDeploy: true,
  lookAt: "Who calls it: the trigger, the URL's or API's access log, the queue? What does it cost by now?",
  ...usageEpisodes("Invocations", "spike", {
    base: 2.5,
    paces: ({ peak, expected, seconds }, baseline) => {
      const milliseconds = usualDuration(baseline);
      const pace = (calls: number) => ({ calls: (calls * HOUR) / seconds, milliseconds });
      const mean = { calls: usualCalls(baseline) ?? 0, milliseconds };
      return { now: pace(peak), usual: pace(expected), mean };
    },
    title: (name, { peak, expected, seconds }) =>
      `${name} is invoked ${numberText(peak)} times in ${spanText(seconds)}, where ${numberText(expected)} are usual`,
    what: (name, { peak, expected, seconds }) =>
      `${name} was invoked ${numberText(peak)} times in ${spanText(seconds)}, where ${numberText(expected)} are usual`,
  }),
};

/** All metrics of a function together, through `watch`: what is told, what is weak, and how often that coincides by chance. */
import { functionEntity } from "../../functions/core/attribution/entity";
import type { Usage } from "../../functions/core/attribution/usage";
import { EMPTY_BASELINE } from "../../functions/core/baseline/baseline";
import { coincidences } from "../../functions/core/coincidence";
import { detectionConfig } from "../../functions/core/config";
import type { FindingRecord } from "../../functions/core/finding";
import type { MetricName } from "../../functions/core/telemetry/metric-data";
import { NO_THREAT_LISTS } from "../../functions/core/threat-list";
import { watch, weakSignals } from "../../functions/core/watch";
import { timeOf } from "./attacks";
import { chance } from "./chance";
import { averageDurations, callsAtATime, failedCalls } from "./others";
import { KINDS, type Kind, POINTS_A_DAY, type QuietFunction, quietFunction } from "./quiet";

export interface TogetherResult {
  readonly findings: number;
  /** Weak signals by type of what they would be. */
  readonly weak: Map<string, number>;
  /** Weak signals that became findings. */
  readonly raised: number;
}

/** Nobody attacks `functions` for so many days. */
export function benchTogether(seed: number, functions: number, days: number): TogetherResult {
  const result = { findings: 0, weak: new Map<string, number>(), raised: 0 };
  for (let i = 0; i < functions; i++) {
    const own = seed * 100_003 + i;
    const { findings, weak } = watched(quietFunction(own, KINDS[i % KINDS.length] as Kind, days), own);
    result.findings += findings.length;
    for (const { type } of weak) result.weak.set(type, (result.weak.get(type) ?? 0) + 1);
    result.raised += new Set(coincidences(weak, findings).map(({ signal }) => signal.id)).size;
  }
  return result;
}

function watched(fn: QuietFunction, seed: number): { findings: FindingRecord[]; weak: FindingRecord[] } {
  const calls = fn.counts;
  const values: readonly (readonly [MetricName, Float64Array])[] = [
    ["Invocations", calls],
    ["Errors", failedCalls(fn, chance(seed + 2222)).failed],
    ["ConcurrentExecutions", callsAtATime(fn, chance(seed + 3333))],
    ["Duration", averageDurations(fn, chance(seed + 1111))],
  ];
  const context = {
    entity: functionEntity(`arn:aws:lambda:us-east-1:111122223333:function:f${seed}`),
    config: detectionConfig.parse({}),
    threats: NO_THREAT_LISTS,
    account: null,
  };
  const findings = new Map<string, FindingRecord>();
  const weak = new Map<string, FindingRecord>();
  let baseline = EMPTY_BASELINE;
  for (let from = 0; from < calls.length; from += POINTS_A_DAY) {
    const usage = values.map(([metric, all]): Usage => {
      const points = [...all.subarray(from, from + POINTS_A_DAY)].flatMap((value, n) =>
        value < 0 ? [] : [{ at: timeOf(fn, from + n), value, tried: calls[from + n] as number }],
      );
      return { kind: "usage", metric, points, size: null };
    });
    const seen = watch(usage, baseline, context);
    baseline = seen.baseline;
    for (const finding of seen.findings) findings.set(finding.id, finding);
    for (const signal of weakSignals(baseline, context)) weak.set(signal.id, signal);
  }
  return { findings: [...findings.values()], weak: [...weak.values()] };
}

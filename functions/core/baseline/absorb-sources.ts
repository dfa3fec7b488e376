/** What sources that told, or were asked whether they do, add to the baseline of an account. */
import type { DetectionConfig } from "../config";
import type { Notice, SourceCheck } from "../telemetry/source";
import { hourOf } from "../time";
import { type Baseline, withFacets } from "./baseline";
import { mergeFacets } from "./facets";
import { hasToldIn, hoursTold, type SourceFacet, sourceToldIn, type ToldStall } from "./source-facets";
import { openStall } from "./stalls";

/** A baseline with the hours in which sources told, and with what checks found. */
export function withSources(
  before: Baseline,
  notices: readonly Notice[],
  checks: readonly SourceCheck[],
  config: DetectionConfig,
): Baseline {
  let after = before;
  for (const { source, at } of notices) {
    const known = after.sources.get(source);
    if (known !== undefined && hasToldIn(known, hourOf(at))) continue;
    const told = sourceToldIn(source, hourOf(at));
    after = withFacets(after, [known === undefined ? told : mergeFacets(known, told, config.retentionDays)]);
  }
  for (const check of checks) {
    const known = after.sources.get(check.source);
    if (known !== undefined && check.isLive) after = withFacets(after, [checked(known, check, config)]);
  }
  return after;
}

/** With the stall that goes on noted, and those that were told and are over. */
function checked(facet: SourceFacet, check: SourceCheck, config: DetectionConfig): SourceFacet {
  const now = hourOf(check.at);
  const last = hoursTold(facet).at(-1) ?? now;
  const over = Object.entries(facet.told)
    .filter(([after, { over }]) => Number(after) < last && over === 0)
    .map(([after, { until }]): [string, ToldStall] => [after, { until, over: now }]);
  const stall = openStall(facet, check, config);
  const open: [string, ToldStall][] = stall === null ? [] : [[String(stall.after), { until: now, over: 0 }]];
  if (over.length + open.length === 0) return facet;
  return mergeFacets(facet, { ...facet, told: Object.fromEntries([...over, ...open]) }, config.retentionDays);
}

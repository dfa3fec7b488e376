/** What observations add to a baseline, whatever source they come from. */
import type { Act } from "../attribution/act";
import type { Connection } from "../attribution/attribute";
import type { Usage } from "../attribution/usage";
import { isSameJson } from "../canonical";
import type { DetectionConfig } from "../config";
import type { Notice, SourceCheck } from "../telemetry/source";
import { withActs } from "./absorb-acts";
import { withConnections } from "./absorb-connections";
import { withSources } from "./absorb-sources";
import { withUsage } from "./absorb-usage";
import { type Baseline, type BaselineChanges, counterpart, facetsOf } from "./baseline";
import type { Facet } from "./facets";
import type { TrailFacet } from "./trail-facets";

/** Adds observations to a baseline: the baseline after, and what of it is new. `account` is what its account has. */
export function absorb(
  before: Baseline,
  observations: readonly (Connection | Act | Usage | Notice | SourceCheck)[],
  config: DetectionConfig,
  account: TrailFacet | null = null,
): { after: Baseline; changes: BaselineChanges } {
  const connections = observations.filter((one) => one.kind === "connection");
  const notices = observations.filter((one) => one.kind === "notice");
  const checks = observations.filter((one) => one.kind === "check");
  const done = observations.filter((one) => one.kind === "call" || one.kind === "change");
  const acts = [...notices.filter(({ source }) => source === "trail"), ...done];
  const usage = observations.filter((one) => one.kind === "usage");
  const met =
    connections.length === 0 ? { after: before, surplus: [] } : withConnections(before, connections, config);
  const told =
    acts.length === 0 ? { after: met.after, surplus: [] } : withActs(met.after, acts, config, account);
  const after = withSources(withUsage(told.after, usage), notices, checks, config);
  const merged = facetsOf(after).filter((facet) => !isSame(facet, counterpart(before, facet)));
  const dropped = [...met.surplus, ...told.surplus]
    .filter((facet) => counterpart(before, facet) != null)
    .map(({ facet }) => facet);
  return { after, changes: { merged, dropped } };
}

const isSame = (a: Facet, b: Facet | null | undefined) => a === b || (b != null && isSameJson(a, b));

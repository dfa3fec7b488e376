/** What was called before, of a baseline: services and their actions as histories. */
import type { Baseline } from "./baseline";
import { type History, mergeHistory } from "./history";
import type { CallFacet } from "./trail-facets";

/** Actions that were called and not denied, with the days on which they were. */
export const calledActions = ({ actions }: CallFacet): [action: string, history: History][] =>
  Object.entries(actions).flatMap(([action, { called }]) => (called === null ? [] : [[action, called]]));

/** When anything of a service was called; `null` where it was only tried. */
export const serviceHistory = (facet: CallFacet, retentionDays: number): History | null =>
  calledActions(facet)
    .map(([, history]) => history)
    .reduce<History | null>((a, b) => (a === null ? b : mergeHistory(a, b, retentionDays)), null);

/** Services that were called, with the days on which they were. */
export const calledServices = (
  { calls }: Baseline,
  retentionDays: number,
): [service: string, history: History][] =>
  [...calls].flatMap(([service, facet]) => {
    const history = serviceHistory(facet, retentionDays);
    return history === null ? [] : [[service, history]];
  });

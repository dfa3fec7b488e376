/**
 * What is known of an entity, in facets: each is one item, kept and forgotten by itself. Every merge is a union, a
 * minimum or a maximum: idempotent and free of order, so deliveries may repeat, overtake each other and run side by
 * side. Each source has its own kinds.
 */
import type { FacetKind } from "./facet-kind";
import { FLOW_FACETS, type HourFacet, type PeerFacet, type ProfileFacet } from "./flow-facets";
import { SOURCE_FACETS, type SourceFacet } from "./source-facets";
import { type CallFacet, TRAIL_FACETS, type TrailDayFacet, type TrailFacet } from "./trail-facets";
import { USAGE_FACETS, type UsageFacet } from "./usage-facets";

export type Facet =
  | ProfileFacet
  | PeerFacet
  | HourFacet
  | TrailFacet
  | CallFacet
  | TrailDayFacet
  | UsageFacet
  | SourceFacet;

const KINDS = [
  ...FLOW_FACETS,
  ...TRAIL_FACETS,
  ...USAGE_FACETS,
  ...SOURCE_FACETS,
] as readonly FacetKind<unknown>[] as readonly FacetKind<Facet>[];

/** What another version stored is nothing to this one. */
const UNKNOWN: FacetKind<Facet> = {
  is: () => true,
  merge: (a) => a,
  lastDay: () => Number.NEGATIVE_INFINITY,
  keptDays: (retentionDays) => retentionDays,
};

const kindOf = ({ facet: name }: Facet): FacetKind<Facet> => KINDS.find((one) => one.is(name)) ?? UNKNOWN;

/** Merges two states of one facet. What was forgotten before the other began (a store deletes late) adds nothing. */
export function mergeFacets<F extends Facet>(a: F, b: F, retentionDays: number): F {
  if (isForgotten(a, facetLastDay(b), retentionDays)) return b;
  if (isForgotten(b, facetLastDay(a), retentionDays)) return a;
  return kindOf(a).merge(a, b, retentionDays) as F;
}

export const isProfile = (facet: Facet): facet is ProfileFacet => facet.facet === "PROFILE";
export const isPeer = (facet: Facet): facet is PeerFacet => facet.facet.startsWith("PEER#");
export const isTrail = (facet: Facet): facet is TrailFacet => facet.facet === "TRAIL";
export const isCalls = (facet: Facet): facet is CallFacet => facet.facet.startsWith("CALL#");
export const isUsage = (facet: Facet): facet is UsageFacet => facet.facet.startsWith("USAGE#");
export const isSource = (facet: Facet): facet is SourceFacet => facet.facet.startsWith("SOURCE#");
export const isTrailDay = (facet: Facet): facet is TrailDayFacet =>
  isPassing(facet) && facet.facet.endsWith("#TRAIL");
export const isHour = (facet: Facet): facet is HourFacet => isPassing(facet) && !isTrailDay(facet);
/** Whether it tells of one hour or day only: what such facets add up to is judged as it is stored. */
export const isPassing = (facet: Facet): boolean => facet.facet.startsWith("AT#");

/** The last UTC day on which a facet was seen. */
export const facetLastDay = (facet: Facet): number => kindOf(facet).lastDay(facet);

/** For how many days a facet is kept after it was last seen. */
export const keptDays = (facet: Facet, retentionDays: number): number =>
  kindOf(facet).keptDays(retentionDays);

/** Whether a facet was not seen within the time for which it is kept, up to `day`. */
export const isForgotten = (facet: Facet, day: number, retentionDays: number): boolean =>
  facetLastDay(facet) <= day - keptDays(facet, retentionDays);

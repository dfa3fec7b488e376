/** What calls and changes, as CloudTrail tells of them, add to a baseline. */
import type { Act, Call, Change } from "../attribution/act";
import { endedBy } from "../attribution/grant";
import type { DetectionConfig } from "../config";
import { own } from "../own";
import { hasRegion } from "../telemetry/global-services";
import type { TrailEvent } from "../telemetry/trail-event";
import { isDeploy, isFunctionChange } from "../telemetry/watched-changes";
import { dayOf } from "../time";
import { type Baseline, counterpart, serviceOf, withFacets } from "./baseline";
import { isDenial, isUsuallyDenied } from "./denials";
import { standingOf } from "./deployers";
import { type Facet, mergeFacets } from "./facets";
import { isSeenOn, seenOn } from "./history";
import {
  type CallFacet,
  type Denial,
  type Deployer,
  EMPTY_TRAIL,
  firstCall,
  type KeyUse,
  type TrailDayFacet,
  type TrailFacet,
  trailDay,
} from "./trail-facets";

/** More services than AWS has: who invents some cannot push out those that were called first. */
const MAX_SERVICES = 400;

/** A baseline with calls and changes in it, and the services that gave way. */
export function withActs(
  before: Baseline,
  acts: readonly Act[],
  config: DetectionConfig,
  account: TrailFacet | null,
): { after: Baseline; surplus: CallFacet[] } {
  const calls = acts.filter((act) => act.kind === "call");
  const changes = acts.filter((act) => act.kind === "change");
  const newDays = new Set(acts.map((act) => dayOf(timeOf(act))).filter((day) => !isDayKnown(day, before)));
  const told = merging(before, [...newDays].map(activityOf), config);
  const unheard = calls.filter((call) => !isToldAlready(call, told));
  const called = merging(told, [...unheard.map(trailOfCall), ...unheard.map(facetOfCall)], config);
  // Who is usual follows from the days before, so the changes of one delivery can be judged in any order.
  const changed = merging(
    called,
    changes.map((change) => trailOfChange(change, called, account, config)),
    config,
  );
  const days = merging(
    changed,
    calls.map((call) => dayOfCall(call, changed, config)).filter((facet) => facet !== null),
    config,
  );
  return withoutSurplus(days);
}

function merging(baseline: Baseline, facets: readonly Facet[], { retentionDays }: DetectionConfig): Baseline {
  if (facets.length === 0) return baseline;
  const merged = new Map<string, Facet>();
  for (const facet of facets) {
    const known = merged.get(facet.facet) ?? counterpart(baseline, facet);
    merged.set(facet.facet, known == null ? facet : mergeFacets(known, facet, retentionDays));
  }
  return withFacets(baseline, [...merged.values()]);
}

const timeOf = (act: Act) => (act.kind === "notice" ? act.at : act.event.at);

const isDayKnown = (day: number, { trail }: Baseline) => isSeenOn(trail?.activity, day);

const activityOf = (day: number): TrailFacet => ({ ...EMPTY_TRAIL, activity: seenOn(day) });

/** Whether merging would change nothing: so it is for next to all calls. */
function isToldAlready({ event, place }: Call, { trail, calls }: Baseline): boolean {
  const day = dayOf(event.at);
  const action = own(calls.get(event.service)?.actions, event.action);
  const history = isDenial(event) ? action?.denied : action?.called;
  return (
    isSeenOn(history ?? undefined, day) &&
    (!hasRegion(event) || isSeenOn(own(trail?.regions, event.region), day)) &&
    isSeenOn(own(trail?.places, place.key), day)
  );
}

function trailOfCall({ event, place }: Call): TrailFacet {
  const seen = seenOn(dayOf(event.at));
  return {
    ...EMPTY_TRAIL,
    activity: seen,
    regions: hasRegion(event) ? { [event.region]: seen } : {},
    places: { [place.key]: seen },
  };
}

function facetOfCall({ event, version }: Call): CallFacet {
  const seen = seenOn(dayOf(event.at));
  const action = isDenial(event)
    ? { called: null, denied: seen, version: null }
    : { called: seen, denied: null, version };
  return { facet: `CALL#${event.service}`, actions: { [event.action]: action }, manyActions: false };
}

function trailOfChange(
  { event, by }: Change,
  baseline: Baseline,
  account: TrailFacet | null,
  config: DetectionConfig,
): TrailFacet {
  const { id, at, action } = event;
  const day = dayOf(at);
  const deployer: Deployer = { name: by.name, isPerson: by.isPerson, history: seenOn(day) };
  const ended = endedBy(event);
  const isUnusual = standingOf(by, day, baseline.trail ?? EMPTY_TRAIL, account, config) === "unusual";
  return {
    ...EMPTY_TRAIL,
    activity: seenOn(day),
    deployers: isFunctionChange(event) ? { [by.key]: deployer } : {},
    deploys: isDeploy(event) ? [{ id, at, action, by: by.name, isUsual: !isUnusual }] : [],
    ended: ended === null ? {} : { [ended]: at },
  };
}

/** Denials that are not usual, and the first use of an access key at a place. */
function dayOfCall(call: Call, baseline: Baseline, config: DetectionConfig): TrailDayFacet | null {
  const { event, times, place } = call;
  const { identity } = event;
  const day = dayOf(event.at);
  const known = baseline.trailDays.get(day);
  const isCounted = isDenial(event) && !isUsuallyDenied(event, baseline, config);
  const denied = isCounted ? Object.fromEntries(times.map(({ at, id }) => [id, denialOf(event, at)])) : {};
  const key = identity.accessKeyId;
  const use = key === null ? undefined : own(own(known?.keys, key), place.key);
  const isNewUse = key !== null && (use === undefined || isBefore(event, use));
  const keys = isNewUse ? { [key]: { [place.key]: useOf(call) } } : {};
  return isCounted || isNewUse ? trailDay(day, { denied, keys }) : null;
}

const isBefore = (a: { at: number; id: string }, b: { at: number; id: string }) =>
  a.at < b.at || (a.at === b.at && a.id < b.id);

function denialOf(
  { eventSource, eventName, region, sourceIp, identity, errorCode }: TrailEvent,
  at: number,
): Denial {
  return { at, eventSource, eventName, region, sourceIp, accessKeyId: identity.accessKeyId, errorCode };
}

function useOf({ event, place }: Call): KeyUse {
  const { at, id, eventSource, eventName, region, sourceIp, userAgent, errorCode } = event;
  const { name, isHome, isForeign } = place;
  return {
    at,
    id,
    eventSource,
    eventName,
    region,
    sourceIp,
    userAgent,
    errorCode,
    place: name,
    isHome,
    isForeign,
  };
}

function withoutSurplus(baseline: Baseline): { after: Baseline; surplus: CallFacet[] } {
  if (baseline.calls.size <= MAX_SERVICES) return { after: baseline, surplus: [] };
  const ranked = [...baseline.calls.values()].sort(
    (a, b) => firstCall(a) - firstCall(b) || (a.facet < b.facet ? -1 : 1),
  );
  const kept = ranked.slice(0, MAX_SERVICES);
  const calls = new Map(kept.map((facet) => [serviceOf(facet), facet]));
  return { after: { ...baseline, calls }, surplus: ranked.slice(MAX_SERVICES) };
}

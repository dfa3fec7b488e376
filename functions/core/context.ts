/** What lies around a finding and moves it: deploys before it, and other findings beside it. Merging is free of order. */
import { type Deploy, mergeDeploys } from "./baseline/trail-facets";
import { type Coincidence, coincidenceStep, mergeCoincidences } from "./coincidence";
import { deployStep } from "./deploy-context";
import type { FindingRecord } from "./finding";
import { nextBand, severityOf } from "./severity";

export interface FindingContext {
  readonly deploys: readonly Deploy[];
  /** Ids of findings that it belongs together with. */
  readonly related: readonly string[];
  readonly coincides?: readonly Coincidence[];
}

const MAX_RELATED = 20;

/** A record with more of what lies around it. */
export const withContext = (record: FindingRecord, more: Partial<FindingContext>): FindingRecord => {
  const coincides = mergeCoincidences(record.coincides, more.coincides);
  return inContext({
    ...record,
    deploys: mergeDeploys(record.deploys, more.deploys ?? []),
    related: [...new Set([...record.related, ...(more.related ?? [])])].sort().slice(0, MAX_RELATED),
    ...(coincides.length > 0 && { coincides }),
  });
};

/** A record as its sighting described it, moved by what lies around it. */
export function inContext(record: FindingRecord): FindingRecord {
  const deploy = deployStep(record);
  let { score, explanation } = record.described;
  for (const one of [deploy, coincidenceStep(record, deploy)]) {
    if (one === null) continue;
    const moved = one.step === 0 ? score : nextBand(score, one.step);
    const so =
      moved === score
        ? ""
        : `, so its severity is one step ${one.step < 0 ? "lower" : "higher"}: score ${moved} (${severityOf(moved)})`;
    explanation = `${explanation} ${one.why}${so}.`;
    score = moved;
  }
  return { ...record, score, severity: severityOf(score), explanation };
}

/** What the detectors of calls say alike: what was called, from where, with which key, and where it is written. */
import type { Call } from "../attribution/act";
import { type Entity, entityName } from "../attribution/entity";
import { MAX_EVIDENCE, MAX_OCCURRENCES } from "../finding";
import { plural } from "../text";
import { iso } from "../time";
import type { Sighting } from "./detector";

export interface CallJudgement
  extends Pick<Sighting, "deviation" | "score" | "title" | "baseline" | "learnedFrom" | "weight"> {
  /** Sentences that say why, after the one that says what happened. */
  readonly reasons: readonly string[];
  readonly mitre?: readonly string[];
}

/** A sighting of something in a call: the judgement with the facts and the evidence. */
export function callSighting(call: Call, entity: Entity, { reasons, ...judgement }: CallJudgement): Sighting {
  const { event, times } = call;
  return {
    ...judgement,
    subject: callSubject(event),
    explanation: [what(call, entity), ...reasons].join(" "),
    firstSeen: event.at,
    lastSeen: times.at(-1)?.at ?? event.at,
    occurrences: times.slice(0, MAX_OCCURRENCES).map(({ at }) => at),
    evidence: times
      .slice(0, MAX_EVIDENCE)
      .map(({ at, id }) => ({ source: "cloudtrail", ref: id, at: iso(at) })),
  };
}

interface Called {
  readonly eventSource: string;
  readonly eventName: string;
  readonly region: string;
  readonly sourceIp: string | null;
  readonly errorCode: string | null;
}

export const callSubject = ({
  eventSource,
  eventName,
  region,
  sourceIp,
  errorCode,
  ...rest
}: Called & { identity: { accessKeyId: string | null } }) => ({
  eventSource,
  eventName,
  region,
  sourceIp,
  accessKeyId: rest.identity.accessKeyId,
  errorCode,
});

function what({ event, times, place, version }: Call, entity: Entity): string {
  const { service, action, region, errorCode, sourceIp } = event;
  const by = version === null ? "" : ` (version ${version})`;
  const often = times.length === 1 ? "" : `, ${plural(times.length, "time")} in one delivery`;
  const fate = errorCode === null ? "" : ` It was answered with ${errorCode}.`;
  const from = sourceIp === null || place.name.includes(sourceIp) ? place.name : `${sourceIp}, ${place.name}`;
  return `${entityName(entity)}${by} called ${service}:${action} in ${region} from ${from} at ${iso(event.at)}${often}.${fate}`;
}

/**
 * Which function ran behind which interface. Where a trail records Lambda's data events, each invocation names the
 * interface that it was given (`customerEniId`): the one way to tell functions apart that share one. Such events may be
 * recorded for some functions only, so they narrow a group down, and do not make it one function.
 */
import { PERIOD } from "../baseline/usage/parameters";
import { groupBy } from "../group";
import { textAt } from "../telemetry/json-fields";
import type { TrailEvent } from "../telemetry/trail-event";
import { HOUR } from "../time";
import type { EntityConnections } from "./attribute";
import { functionArnOf } from "./function-arn";

export interface Invocation {
  readonly interfaceId: string;
  readonly functionArn: string;
  /** Hours since 1970. */
  readonly hour: number;
}

/** The invocations that events tell of, each once an hour. */
export function invocationsIn(events: readonly TrailEvent[]): Invocation[] {
  const all = events.flatMap((event): Invocation[] => {
    if (event.service !== "lambda" || event.action !== "Invoke") return [];
    const interfaceId = textAt(event.additional, "customerEniId", 40);
    const functionArn = functionArnOf(textAt(event.request, "functionName", 400), event);
    return interfaceId === null || functionArn === null || !/^eni-[0-9a-f]+$/.test(interfaceId)
      ? []
      : [{ interfaceId, functionArn, hour: Math.floor(event.at / HOUR) }];
  });
  return [...new Map(all.map((one) => [`${one.hour} ${one.interfaceId} ${one.functionArn}`, one])).values()];
}

/** The hours that connections lie in: first and last. */
export function hoursOf(groups: readonly EntityConnections[]): { from: number; to: number } | null {
  const hours = groups.flatMap(({ connections }) =>
    connections.map(({ flow }) => Math.floor(flow.firstSeen / HOUR)),
  );
  return hours.length === 0
    ? null
    : { from: hours.reduce((a, b) => Math.min(a, b)), to: hours.reduce((a, b) => Math.max(a, b)) };
}

/** A group with word of which of its candidates were invoked in the hours of its connections. */
export function withInvocations(
  group: EntityConnections,
  invocations: readonly Invocation[],
): EntityConnections {
  const { entity, connections } = group;
  if (entity.attribution !== "ambiguous" || invocations.length === 0) return group;
  const byPlace = groupBy(invocations, ({ interfaceId, hour }) => `${interfaceId} ${hour}`);
  const told = connections.map(({ flow }) =>
    byPlace.get(`${flow.interfaceId} ${Math.floor(flow.firstSeen / HOUR)}`),
  );
  const invoked = new Set(told.flatMap((some) => (some ?? []).map(({ functionArn }) => functionArn)));
  const isWhole = told.every((some) => some !== undefined);
  const candidates = entity.candidates.map((candidate) => ({
    ...candidate,
    invoked: invoked.has(candidate.functionArn) ? true : isWhole ? false : candidate.invoked,
  }));
  return { entity: { ...entity, candidates }, connections };
}

/** How long an invocation may run, in seconds: who was invoked before may still have been at it. */
export const LONGEST_RUN = 15 * 60;

/** Whether invocations that may have run at one of `times` are among `points`, each a `PERIOD` long; `null` without any series. */
export function invokedAround(
  points: ReadonlyMap<number, number> | undefined,
  times: readonly number[],
): boolean | null {
  if (points === undefined) return null;
  return times.some((time) => {
    for (let slot = slotOf(time - LONGEST_RUN); slot <= time; slot += PERIOD)
      if ((points.get(slot) ?? 0) > 0) return true;
    return false;
  });
}

const slotOf = (time: number) => Math.floor(time / PERIOD) * PERIOD;

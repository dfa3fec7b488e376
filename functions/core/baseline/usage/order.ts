/** Whether a point may be taken: each once, in order, from a clock that does not jump. */
import { JUMP_POINTS } from "./parameters";

/** Where a line stands in time, in points since 1970. */
export interface Order {
  /** The first point, and the last that was taken; -1 before any. */
  since: number;
  upTo: number;
  /** Points that were refused: late, repeated, or no number; and points that never came. */
  refused: number;
  missing: number;
  /** A point that was refused because it lay too far ahead; -1 without one. */
  ahead: number;
}

export const noOrder = (): Order => ({ since: -1, upTo: -1, refused: 0, missing: 0, ahead: -1 });

/** `restarted`: the clock jumped for good, so what was learned no longer tells what time of the week it is. */
export type Place = "next" | "after a gap" | "restarted" | "refused";

/** Judges the point `slot` and, unless it is refused, takes it. */
export function take(order: Order, slot: number, value: number): Place {
  if (!Number.isSafeInteger(slot) || slot < 0 || !Number.isFinite(value) || value < 0) return refuse(order);
  if (order.upTo < 0) return start(order, slot, "next");
  if (slot <= order.upTo) return refuse(order);
  if (slot - order.upTo > JUMP_POINTS) {
    const follows = order.ahead >= 0 && slot > order.ahead && slot - order.ahead <= JUMP_POINTS;
    if (follows) return start(order, slot, "restarted");
    order.ahead = slot;
    return refuse(order);
  }
  const gap = slot - order.upTo - 1;
  order.upTo = slot;
  order.ahead = -1;
  order.missing += gap;
  return gap === 0 ? "next" : "after a gap";
}

function start(order: Order, slot: number, place: Place): Place {
  order.since = slot;
  order.upTo = slot;
  order.ahead = -1;
  return place;
}

function refuse(order: Order): Place {
  order.refused++;
  return "refused";
}

/** Invocations of a fleet: false alarms while nobody attacks, and what is found of attacks. */
import { count, countLine } from "../../functions/core/baseline/usage/counts";
import { decode, encode } from "../../functions/core/baseline/usage/item";
import { ATTACKS, type Attack, isVisible, LATE, strikesOn, timeOf, underAttack } from "./attacks";
import { chance } from "./chance";
import { KINDS, type Kind, type QuietFunction, quietFunction } from "./quiet";
import { type Tally, tell } from "./tally";

export interface CallsResult {
  readonly spikes: Map<Kind, number>;
  readonly silences: Map<Kind, number>;
  /** By `band|attack`. */
  readonly found: Map<string, Tally>;
  /** Characters of the largest item. */
  readonly largestItem: number;
}

const STRIKES = 5;

export function benchCalls(seed: number, functions: number, days: number, attacked: boolean): CallsResult {
  const result = {
    spikes: new Map<Kind, number>(),
    silences: new Map<Kind, number>(),
    found: new Map<string, Tally>(),
    largestItem: 0,
  };
  for (let i = 0; i < functions; i++) {
    const own = seed * 100_003 + i;
    const fn = quietFunction(own, KINDS[i % KINDS.length] as Kind, days);
    const strikes = attacked ? strikesOn(fn, STRIKES, chance(own + 7777)) : [];
    const line = countLine();
    for (let point = 0; point < fn.counts.length; point++) {
      while (strikes[0]?.point === point) {
        const { band } = strikes.shift() as (typeof strikes)[number];
        const item = encode(line);
        for (const attack of ATTACKS) {
          if (isVisible(fn, attack, point))
            tell(result.found, `${band}|${attack.name}`, strike(fn, attack, point, item));
        }
      }
      const { begins } = count(line, timeOf(fn, point), fn.counts[point] as number);
      if (begins) result.spikes.set(fn.kind, (result.spikes.get(fn.kind) ?? 0) + 1);
      if (line.silence.begins) result.silences.set(fn.kind, (result.silences.get(fn.kind) ?? 0) + 1);
    }
    result.largestItem = Math.max(result.largestItem, JSON.stringify(encode(line)).length);
  }
  return result;
}

/** Minutes until an attack that begins at `point` is told, or `null`. What is open from before does not count. */
function strike(fn: QuietFunction, attack: Attack, point: number, item: object): number | null {
  const line = decode(countLine(), item);
  if (line === null) throw new Error("An item that was written cannot be read");
  line.spike.active = false;
  for (let since = 0; since < attack.lasts + LATE; since++) {
    const at = point + since;
    const { begins } = count(line, timeOf(fn, at), underAttack(fn, attack, since, at));
    if (attack.factor === 0 ? line.silence.begins : begins) return (since + 1) * 5;
  }
  return null;
}

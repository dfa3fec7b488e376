import { cleanText } from "../../functions/core/text";
import type { Facts, Gathered } from "./facts";

/** What is wrong, and what to do about it. */
export interface Remark {
  /** A `problem` makes Plumbline blind or mute; a `warning` makes it see less. */
  readonly mark: "warning" | "problem";
  readonly says: string;
  readonly fix: string;
}

/** One line of the doctor's answer; `unknown`: it could not be looked at. */
export interface Diagnosis {
  readonly id: string;
  readonly mark: "ok" | "warning" | "problem" | "unknown";
  readonly says: string;
  /** What to do; `null` where there is nothing to do. */
  readonly fix: string | null;
}

export interface CheckSpec<Name extends keyof Facts> {
  readonly id: string;
  readonly needs: readonly Name[];
  /** What is so where nothing is to be remarked. */
  readonly fine: string;
  /** `null`: there is nothing that it could look at. */
  look(facts: Pick<Facts, Name>): Remark[] | null;
}

export interface Check {
  readonly id: string;
  /** Nothing where the check does not apply: a fact that it needs was not asked for, or there is nothing to look at. */
  examine(gathered: Gathered): Diagnosis[];
}

/** Names in facts were given by others: this is where the doctor's sentences are cleaned. */
const clean = (text: string) => cleanText(text, 1000);

/** A check that looks only where all that it needs is known, and else says what kept it from looking. */
export function check<Name extends keyof Facts>({ id, needs, fine, look }: CheckSpec<Name>): Check {
  return {
    id,
    examine(gathered) {
      const facts: Partial<Record<Name, unknown>> = {};
      const missing = new Set<string>();
      for (const name of needs) {
        const fact = gathered[name];
        if (fact === undefined) return [];
        if ("missing" in fact) missing.add(fact.missing);
        else facts[name] = fact.value;
      }
      if (missing.size > 0) {
        const says = clean(`Could not look: ${[...missing].join("; ")}.`);
        return [{ id, mark: "unknown", says, fix: null }];
      }
      const remarks = look(facts as Pick<Facts, Name>);
      if (remarks === null) return [];
      if (remarks.length === 0) return [{ id, mark: "ok", says: fine, fix: null }];
      return remarks.map(({ mark, says, fix }) => ({ id, mark, says: clean(says), fix: clean(fix) }));
    },
  };
}

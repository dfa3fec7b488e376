/** Something that takes what others wrote, and how it is held against that: the same seed gives the same inputs. */
import fc from "fast-check";
import { expectCleanPrototypes } from "./invariants";

export interface Target {
  readonly name: string;
  /** Milliseconds of CPU that one input may take: what else the machine does makes no difference. */
  readonly most: number;
  /** Inputs for each one that was asked for: what is slow by nature gets fewer. */
  readonly share: number;
  check(seed: number, runs: number): Promise<Outcome>;
}

export interface Outcome {
  readonly runs: number;
  /** Milliseconds of CPU of the slowest input, and of all. */
  readonly slowest: number;
  readonly total: number;
  /** What went wrong, with the smallest input that shows it; `null` where all holds. */
  readonly failure: string | null;
}

type Limits = Partial<Pick<Target, "most" | "share">>;

/** What is taken from `inputs` is given to `use`, which throws where something does not hold. */
export const target = <T>(
  name: string,
  inputs: fc.Arbitrary<T>,
  use: (input: T) => unknown,
  limits: Limits = {},
): Target => targetOn(name, async () => ({ stop: async () => {} }), inputs, use, limits);

/** The same with something that is opened before all inputs and stopped after them. */
export function targetOn<T, R extends { stop(): Promise<void> }>(
  name: string,
  open: () => Promise<R>,
  inputs: fc.Arbitrary<T>,
  use: (input: T, opened: R) => unknown,
  { most = 1_000, share = 1 }: Limits = {},
): Target {
  return {
    name,
    most,
    share,
    async check(seed, runs) {
      let [slowest, total] = [0, 0];
      const opened = await open();
      const details = await fc
        .check(
          fc.asyncProperty(inputs, async (input) => {
            const began = process.cpuUsage();
            await use(input, opened);
            const { user, system } = process.cpuUsage(began);
            const took = (user + system) / 1_000;
            total += took;
            slowest = Math.max(slowest, took);
            expectCleanPrototypes();
            if (took > most) throw new Error(`It took ${Math.round(took)} ms, and may take ${most}`);
          }),
          { seed, numRuns: Math.max(1, Math.ceil(runs * share)), endOnFailure: most > 1_000 },
        )
        .finally(() => opened.stop());
      const failure = details.failed
        ? `${details.errorInstance}\n  with ${fc.stringify(details.counterexample).slice(0, 2_000)}`
        : null;
      return { runs: details.numRuns, slowest, total, failure };
    },
  };
}

/** A run that reads as a list of sentences: each with what it took, each ok or failed. */

export interface Sentences {
  /** Runs `prove`, which throws where the sentence is not true. What it gives is passed on. */
  say<T>(sentence: string, prove: () => Promise<T> | T): Promise<T>;
  /** Like `say`, for what nothing that follows needs: a failure is told, and the run goes on. */
  check(sentence: string, prove: () => Promise<unknown> | unknown): Promise<void>;
  readonly passed: number;
  readonly failed: number;
}

/** Thrown after a sentence failed that the rest builds on; what failed was printed already. */
export class CannotGoOn extends Error {}

export function sentences(print: (line: string) => void): Sentences {
  const counts = { passed: 0, failed: 0 };
  async function tell<T>(sentence: string, prove: () => Promise<T> | T): Promise<{ value: T } | null> {
    const began = performance.now();
    const took = () => `${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s`;
    try {
      const value = await prove();
      counts.passed++;
      print(`ok     ${took()}  ${sentence}`);
      return { value };
    } catch (error) {
      counts.failed++;
      print(`failed ${took()}  ${sentence}`);
      const text = error instanceof Error ? error.message : String(error);
      for (const line of text.split("\n")) print(`                 ${line}`);
      return null;
    }
  }
  return {
    async say(sentence, prove) {
      const told = await tell(sentence, prove);
      if (told === null) throw new CannotGoOn(sentence);
      return told.value;
    },
    async check(sentence, prove) {
      await tell(sentence, prove);
    },
    get passed() {
      return counts.passed;
    },
    get failed() {
      return counts.failed;
    },
  };
}

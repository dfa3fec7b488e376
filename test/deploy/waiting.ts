/** Things in a cloud happen in their own time: they are looked for until they are there, or it took too long. */

const BETWEEN = 250;

/** Asks until the answer is not `null`; throws, naming what it waited for, after `seconds`. */
export async function eventually<T>(what: string, seconds: number, ask: () => Promise<T | null>): Promise<T> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (Date.now() > until) throw new Error(`After ${seconds} seconds there was still not: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, BETWEEN));
  }
}

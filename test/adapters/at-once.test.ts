import { eachAtOnce } from "../../functions/adapters/at-once";

/** Tasks that wait until they are let go. */
function gate() {
  const waiting: (() => void)[] = [];
  return {
    waiting,
    wait: () => new Promise<void>((resolve) => waiting.push(resolve)),
    async open() {
      while (waiting.length > 0) {
        waiting.shift()?.();
        await new Promise(setImmediate);
      }
    },
  };
}

test("all are done, and never more than so many at a time", async () => {
  const { wait, waiting, open } = gate();
  const done: number[] = [];
  const running = eachAtOnce([1, 2, 3, 4, 5], 2, async (item) => {
    await wait();
    done.push(item);
  });
  expect(waiting).toHaveLength(2);
  await open();
  await running;
  expect(done).toEqual([1, 2, 3, 4, 5]);
});

test("one at a time is one after the other", async () => {
  const told: string[] = [];
  await eachAtOnce(["a", "b"], 1, async (item) => {
    told.push(`${item} begins`);
    await Promise.resolve();
    told.push(`${item} ends`);
  });
  expect(told).toEqual(["a begins", "a ends", "b begins", "b ends"]);
});

test("after a failure nothing further is begun", async () => {
  const begun: number[] = [];
  const running = eachAtOnce([1, 2, 3], 1, async (item) => {
    begun.push(item);
    if (item === 2) throw new Error("no");
  });
  await expect(running).rejects.toThrow("no");
  expect(begun).toEqual([1, 2]);
});

test("of nothing there is nothing to do", async () => {
  await expect(eachAtOnce([], 3, () => Promise.reject(new Error("never")))).resolves.toBeUndefined();
});

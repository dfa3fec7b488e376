import {
  type Asking,
  type Block,
  type BlockOrder,
  beyond,
  confirmBlock,
  endBlock,
  expired,
  holds,
  isSettled,
  orderBlock,
} from "../../../functions/core/containment/block";
import { HOUR, iso } from "../../../functions/core/time";
import { T0 } from "../../support/flow-log";

const ORDER: BlockOrder = {
  mode: "enforce",
  action: "stopFunction",
  resource: "arn",
  target: "arn",
  before: { reservedConcurrency: 7 },
};
const asking = (more: Partial<Asking> = {}): Asking => ({
  by: "finding f1",
  isPerson: false,
  finding: "f1",
  at: T0,
  until: T0 + 24 * HOUR,
  ...more,
});
const byTime = { by: "schedule", isPerson: false, why: "its time was over" };
const BLOCK = orderBlock(null, ORDER, asking());
const story = ({ audit }: Block) => audit.map(({ by, what }) => `${by}: ${what}`);

test("it tells who asked, when it came, when it was to end, how it ended, and when it was gone", () => {
  const put = confirmBlock(BLOCK, T0 + 1);
  const ended = endBlock(put, T0 + 24 * HOUR, byTime);
  const gone = confirmBlock(ended, T0 + 24 * HOUR + 1);
  expect(story(gone)).toEqual([
    "finding f1: asked for until 2026-10-02T00:00:00Z",
    "reconcile: in place",
    "schedule: its time was over",
    "reconcile: removed",
  ]);
  expect([BLOCK, put, ended, gone].map((one) => [holds(one), isSettled(one)])).toEqual([
    [true, false],
    [true, false],
    [false, false],
    [false, true],
  ]);
});

test("the same finding again changes nothing, also later", () => {
  expect(orderBlock(BLOCK, ORDER, asking({ at: T0 + HOUR, until: T0 + 25 * HOUR }))).toBe(BLOCK);
});

test.each([
  ["another finding", { finding: "f2", by: "finding f2" }],
  ["a person", { finding: "f1", by: "arn:aws:iam::1:user/eve", isPerson: true }],
])("%s makes it last longer, never shorter", (_, more) => {
  const longer = orderBlock(BLOCK, ORDER, asking({ ...more, at: T0 + HOUR, until: T0 + 30 * HOUR }));
  expect(longer.until).toBe(iso(T0 + 30 * HOUR));
  const shorter = orderBlock(BLOCK, ORDER, asking({ ...more, at: T0 + HOUR, until: T0 + 2 * HOUR }));
  expect(shorter.until).toBe(BLOCK.until);
});

test("one that ended and is gone begins anew, with what is there then to be put back, and its story goes on", () => {
  const gone = confirmBlock(endBlock(BLOCK, T0 + HOUR, byTime), T0 + HOUR);
  const anew = orderBlock(
    gone,
    { ...ORDER, before: { reservedConcurrency: 3 } },
    asking({ at: T0 + 2 * HOUR }),
  );
  expect(anew).toMatchObject({ endedAt: null, removedAt: null, before: { reservedConcurrency: 3 } });
  expect(anew.audit).toHaveLength(4);
});

test("one that ended and is not yet gone keeps what was there before it: what is there now is its own work", () => {
  const ended = endBlock(BLOCK, T0 + HOUR, byTime);
  const anew = orderBlock(ended, { ...ORDER, before: { reservedConcurrency: 0 } }, asking({ at: T0 + HOUR }));
  expect(anew.before).toEqual({ reservedConcurrency: 7 });
});

test("what has ended stays as it ended, and what was confirmed was so when it was first seen", () => {
  const ended = endBlock(BLOCK, T0 + HOUR, byTime);
  expect(endBlock(ended, T0 + 2 * HOUR, { ...byTime, isPerson: true })).toBe(ended);
  const put = confirmBlock(BLOCK, T0 + 1);
  expect(confirmBlock(put, T0 + 2)).toBe(put);
});

test("time is over at its end, not before", () => {
  expect(expired([BLOCK], T0 + 24 * HOUR - 1)).toEqual([]);
  expect(expired([BLOCK], T0 + 24 * HOUR)).toEqual([BLOCK]);
});

test("with more than there is room for, the oldest give way", () => {
  const three = [2, 0, 1].map((hours) =>
    orderBlock(null, { ...ORDER, target: `t${hours}` }, asking({ at: T0 + hours * HOUR })),
  );
  expect(beyond(three, 2).map(({ target }) => target)).toEqual(["t0"]);
  expect(beyond(three, 3)).toEqual([]);
});

test("its story has an end", () => {
  let block = BLOCK;
  for (let i = 1; i <= 100; i++)
    block = orderBlock(block, ORDER, asking({ isPerson: true, at: T0 + i, until: T0 + 24 * HOUR + i }));
  expect(block.audit).toHaveLength(50);
});

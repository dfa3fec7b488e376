import fc from "fast-check";
import { BusyError } from "../../../functions/adapters/containment/responder";
import { isPrivate, parseAddress } from "../../../functions/core/address";
import { holds } from "../../../functions/core/containment/block";
import { HOUR, iso } from "../../../functions/core/time";
import { type ContainedAccount, containedAccount, Killed } from "../../support/contained-account";
import { beacon, policyOf } from "../../support/containment";
import { T0 } from "../../support/flow-log";

const NUMBERS = { first: 10, last: 12 };
const own = ({ entries }: ContainedAccount) =>
  entries
    .filter(({ RuleNumber }) => RuleNumber < 100)
    .map(({ RuleNumber, Egress, CidrBlock }) => `${RuleNumber} ${Egress ? "out" : "in"} ${CidrBlock}`)
    .sort();

/** Finds something about an address, and has it answered. */
async function find(account: ContainedAccount, address: string, more: object = {}) {
  const finding = beacon(address, more);
  if (!account.findings.has(finding.id)) account.findings.set(finding.id, finding);
  await account.responder().respond(finding.id);
  return account.findings.get(finding.id);
}

test("an alert ends in a deny, both ways, and in an alert that tells of it; the same again in nothing more", async () => {
  const account = containedAccount(policyOf());
  const record = await find(account, "203.0.113.7");
  expect(own(account)).toEqual(["10 in 203.0.113.7/32", "10 out 203.0.113.7/32"]);
  expect(record?.containment).toMatchObject({ where: ["acl-1"], until: iso(T0 + 24 * HOUR), refused: null });
  account.now += HOUR;
  await find(account, "203.0.113.7");
  expect(account.blocks.size).toBe(1);
  expect(account.alerts.map(({ attributes }) => attributes.containment)).toEqual(["enforce"]);
});

test("a dry run tells the same, and touches nothing", async () => {
  const account = containedAccount(policyOf({ mode: "dryRun" }));
  const record = await find(account, "203.0.113.7");
  expect(record?.containment).toMatchObject({ mode: "dryRun", target: "203.0.113.7/32", refused: null });
  expect(own(account)).toEqual([]);
  expect(account.alerts[0]?.text).toMatch(/dry run, would be a deny for 203\.0\.113\.7\/32/);
});

test("a refusal is written into the finding and told once, however often it is refused", async () => {
  const account = containedAccount(policyOf());
  const record = await find(account, "52.216.1.1");
  expect(record?.containment?.refused).toMatch(/AWS's own addresses/);
  account.now += HOUR;
  await find(account, "52.216.1.1");
  expect(account.alerts.map(({ attributes }) => attributes.containment)).toEqual(["refused"]);
});

test("a finding that no rule is about is left alone", async () => {
  const account = containedAccount(policyOf());
  expect((await find(account, "203.0.113.7", { severity: "medium" }))?.containment).toBeUndefined();
  expect([account.blocks.size, account.alerts.length]).toEqual([0, 0]);
});

test("it ends when its time is over, by the schedule", async () => {
  const account = containedAccount(policyOf());
  await find(account, "203.0.113.7");
  account.now += 24 * HOUR - 1;
  await account.responder().reconcile();
  expect(own(account)).toHaveLength(2);
  account.now += 1;
  expect(await account.responder().reconcile()).toMatchObject({ ended: 1, problems: [] });
  expect(own(account)).toEqual([]);
});

test("a person ends it before, and it is not made again because of the same finding", async () => {
  const account = containedAccount(policyOf());
  await find(account, "203.0.113.7");
  const [block] = await account.responder().list();
  account.now += HOUR;
  const ended = await account.responder().undo(block?.id as string, "arn:aws:iam::111122223333:user/eve");
  expect(own(account)).toEqual([]);
  expect(ended.audit.map(({ by, what }) => `${by}: ${what}`)).toEqual([
    "finding beacon-203.0.113.7: asked for until 2026-10-02T00:00:00Z",
    "reconcile: in place",
    "arn:aws:iam::111122223333:user/eve: undone",
    "reconcile: removed",
  ]);
  const again = await find(account, "203.0.113.7");
  expect(again?.containment?.refused).toMatch(/A person undid this block/);
  expect(own(account)).toEqual([]);
});

test("with every rule number taken the oldest gives way, and its story says so", async () => {
  const account = containedAccount(policyOf({ ruleNumbers: NUMBERS, blocksPerHour: 100 }));
  for (let i = 1; i <= 4; i++) {
    account.now += 60;
    await find(account, `203.0.113.${i}`);
  }
  expect(own(account).filter((entry) => entry.includes("out"))).toEqual([
    "10 out 203.0.113.4/32",
    "11 out 203.0.113.2/32",
    "12 out 203.0.113.3/32",
  ]);
  const [first] = (await account.responder().list()).filter(({ target }) => target === "203.0.113.1/32");
  expect(first?.audit.at(-2)?.what).toMatch(/gave way/);
});

test.each<[string, (account: ContainedAccount) => void]>([
  ["removed by somebody", ({ entries }) => void entries.splice(2, 1)],
  [
    "left behind under another number",
    ({ entries }) =>
      void entries.push({
        RuleNumber: 15,
        Egress: true,
        CidrBlock: "203.0.113.7/32",
        RuleAction: "deny",
        Protocol: "-1",
      }),
  ],
])("an entry that was %s is put right", async (_, drift) => {
  const account = containedAccount(policyOf());
  await find(account, "203.0.113.7");
  const right = own(account);
  drift(account);
  expect(own(account)).not.toEqual(right);
  expect(await account.responder().reconcile()).toMatchObject({ holding: 1, problems: [] });
  expect(own(account)).toEqual(right);
});

test("two do not work at the same time", async () => {
  const account = containedAccount(policyOf());
  const both = await Promise.allSettled([account.responder().reconcile(), account.responder().reconcile()]);
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(both.find((one) => one.status === "rejected")?.reason).toBeInstanceOf(BusyError);
});

test.each([
  ["a finding", (account: ContainedAccount) => account.responder().contain(asked("none")), /no finding none/],
  ["a block", (account: ContainedAccount) => account.responder().undo("none", "eve"), /no block none/],
])("what a person asks about %s that is not there ends in words", async (_, ask, message) => {
  await expect(ask(containedAccount(policyOf()))).rejects.toThrow(message);
});

const asked = (findingId: string) =>
  ({ findingId, action: "networkAcl", mode: "enforce", by: "eve", isConfirmed: false }) as const;

test("a person cannot have in earnest what is deployed as a dry run", async () => {
  const account = containedAccount(policyOf({ mode: "dryRun" }));
  const { id } = beacon();
  account.findings.set(id, beacon());
  await expect(account.responder().contain(asked(id))).rejects.toThrow(/deployed as a dry run/);
});

describe("killed between any two steps", () => {
  test.each(Array.from({ length: 16 }, (_, i) => i + 1))(
    "after step %i, the next runs make of it what would have been",
    async (fuse) => {
      const account = containedAccount(policyOf());
      account.fuse = fuse;
      const killed = await find(account, "203.0.113.7").then(
        () => false,
        (error) => error instanceof Killed,
      );
      expect(killed || account.fuse > 0).toBe(true);
      account.fuse = Number.POSITIVE_INFINITY;
      account.now += 600;
      // The queue delivers the alert again; the schedule runs, too.
      const record = await find(account, "203.0.113.7");
      await account.responder().reconcile();
      expect(own(account)).toEqual(["10 in 203.0.113.7/32", "10 out 203.0.113.7/32"]);
      expect(account.blocks.size).toBe(1);
      expect(record?.containment).toMatchObject({ refused: null });
      expect(account.alerts.length).toBeGreaterThan(0);
      expect(account.alerts.length).toBeLessThan(3);
    },
  );
});

const ADDRESSES = [
  "203.0.113.1",
  "203.0.113.2",
  "203.0.113.3",
  "203.0.113.4",
  "10.0.0.9",
  "52.216.1.1",
  "8.8.8.8",
];

const event = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("finding" as const), address: fc.constantFrom(...ADDRESSES) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("time" as const), hours: fc.integer({ min: 1, max: 30 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("reconcile" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("undo" as const), which: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("drift" as const), which: fc.nat(9) }) },
);
/** After how many steps of it the process is killed, if it is. */
const events = fc.array(fc.tuple(event, fc.option(fc.integer({ min: 1, max: 14 }))), { maxLength: 14 });

test("whatever comes, in whatever order, with whatever kills: the ACL holds exactly the blocks that the table says", async () => {
  await fc.assert(
    fc.asyncProperty(events, async (story) => {
      const account = containedAccount(policyOf({ ruleNumbers: NUMBERS, blocksPerHour: 3 }));
      for (const [one, fuse] of story) {
        account.fuse = fuse ?? Number.POSITIVE_INFINITY;
        await happen(account, one).catch((error) => {
          if (!(error instanceof Killed)) throw error;
        });
        account.fuse = Number.POSITIVE_INFINITY;
        account.now += 301; // until the lease of a killed process is over
        for (const { RuleNumber, CidrBlock } of account.entries.filter(
          ({ RuleNumber }) => RuleNumber < 100,
        )) {
          expect(RuleNumber >= NUMBERS.first && RuleNumber <= NUMBERS.last).toBe(true);
          expect(CidrBlock).toMatch(/^203\.0\.113\.\d\/32$/);
          expect(isPrivate(parseAddress(CidrBlock.replace("/32", "")) as never)).toBe(false);
        }
      }
      await account.responder().reconcile();
      const holding = [...account.blocks.values()].filter(holds);
      expect(holding.length).toBeLessThanOrEqual(3);
      const wanted = holding.flatMap(({ target }) => [`in ${target}`, `out ${target}`]).sort();
      expect(
        own(account)
          .map((entry) => entry.replace(/^\d+ /, ""))
          .sort(),
      ).toEqual(wanted);
      for (const block of account.blocks.values())
        expect(holds(block) ? block.confirmedAt : block.removedAt).not.toBeNull();
    }),
    { numRuns: 300 },
  );
});

type Happening = typeof event extends fc.Arbitrary<infer T> ? T : never;

async function happen(account: ContainedAccount, one: Happening) {
  if (one.kind === "finding") await find(account, one.address);
  if (one.kind === "time") account.now += one.hours * HOUR;
  if (one.kind === "reconcile") await account.responder().reconcile();
  if (one.kind === "undo") {
    const [...ids] = account.blocks.keys();
    const id = ids[one.which % Math.max(1, ids.length)];
    if (id !== undefined) await account.responder().undo(id, "eve");
  }
  if (one.kind === "drift") {
    const index = account.entries.findIndex(({ RuleNumber }) => RuleNumber < 100);
    if (index >= 0) account.entries.splice(index, 1);
  }
}

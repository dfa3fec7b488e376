/** A few schedules of `npm run test:faults`, and that its verdict would say so if something did not hold. */
import { type Campaign, campaign } from "./campaign";
import { NAMES } from "./deployment";
import { complaints } from "./verdict";

jest.setTimeout(120_000);

let bench: Campaign;
beforeAll(async () => {
  bench = await campaign();
});

test("the undisturbed day has findings of every source, one that ended, and one of a group", () => {
  const { outcome, tables } = bench.undisturbed;
  const findings = tables[NAMES.findings] ?? [];
  const types = findings.map(({ type }) => type);
  expect(types).toEqual(
    expect.arrayContaining(["ConnectionScan", "UnusualApiCall", "InvocationSpike", "RoleChange"]),
  );
  expect(findings.filter(({ status }) => status === "resolved").length).toBeGreaterThan(1);
  expect(findings.some(({ attribution }) => attribution === "ambiguous")).toBe(true);
  expect(outcome.published).toHaveLength(findings.length);
  expect(outcome.deadLetters).toHaveLength(3);
});

test.each([
  ["in memory", 8, false],
  ["in memory", 101, false],
  ["on the wire", 20, true],
])("a random schedule %s (seed %i) ends like the undisturbed day", async (_, seed, isOnWire) => {
  const { complaints, outcome } = await bench.run(seed, isOnWire);
  expect(complaints).toEqual([]);
  expect([...outcome.faults.values()].reduce((a, b) => a + b, 0)).toBeGreaterThan(10);
});

test("what is lost, repeated, different or set aside for nothing is complained of", () => {
  const { undisturbed } = bench;
  const { outcome, tables } = undisturbed;
  const [first, ...others] = outcome.published;
  const [finding, ...rest] = tables[NAMES.findings] ?? [];
  const said = (day: Partial<typeof outcome>, findings = tables[NAMES.findings] ?? []) =>
    complaints(
      { outcome: { ...outcome, ...day }, tables: { ...tables, [NAMES.findings]: findings } },
      undisturbed,
      new Set(outcome.deadLetters),
    ).join("\n");
  expect(said({})).toBe("");
  expect(said({ published: others })).toContain(`The alert of ${first?.type} ${first?.id} was lost`);
  expect(
    said({
      published: [...others, first as (typeof outcome.published)[0], first as (typeof outcome.published)[0]],
    }),
  ).toContain("was published 2 times, where 1 are explained");
  expect(said({}, rest)).toContain(`The finding ${finding?.id} is missing`);
  expect(said({}, [{ ...finding, count: 99 }, ...rest])).toContain("count is 99, not");
  expect(said({ deadLetters: [...outcome.deadLetters, "{}"] })).toContain("Set aside, but no poison: {}");
  expect(said({ deadLetters: outcome.deadLetters.slice(1) })).toContain("Poison that was not set aside");
});

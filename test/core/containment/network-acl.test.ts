import fc from "fast-check";
import { type AclEntry, type NetworkAcl, planAcl } from "../../../functions/core/containment/network-acl";
import { aclOf, deny } from "../../support/containment";

const NUMBERS = { first: 10, last: 12 };
const A = "203.0.113.1/32";
const B = "203.0.113.2/32";
const C = "2001:db8::3/128";
const both = (number: number, cidr: string) => [deny(number, true, cidr), deny(number, false, cidr)];

/** The ACL with a plan carried out; refuses what AWS refuses. */
function applied(acl: NetworkAcl, wanted: string[], known = new Set([...wanted, A, B, C])) {
  const { remove, create, refused } = planAcl(acl, wanted, known, NUMBERS);
  const entries: AclEntry[] = acl.entries.filter((entry) => !remove.includes(entry));
  for (const entry of create) {
    if (entries.some(({ number, egress }) => number === entry.number && egress === entry.egress))
      throw new Error(`NetworkAclEntryAlreadyExists ${entry.number}`);
    entries.push(entry);
  }
  return { acl: { ...acl, entries }, changes: remove.length + create.length, refused };
}
const own = (acl: NetworkAcl) =>
  acl.entries
    .filter(({ number }) => number < 100)
    .map(({ number, egress, cidr }) => `${number} ${egress ? "out" : "in"} ${cidr}`)
    .sort();

test("a block takes one rule number in both directions, in front of what allows", () => {
  const { acl } = applied(aclOf("acl-1", []), [A, C]);
  expect(own(acl)).toEqual([`10 in ${A}`, `10 out ${A}`, `11 in ${C}`, `11 out ${C}`]);
});

test.each<[string, AclEntry[], string[], string[]]>([
  ["what is no more wanted goes", [...both(10, A), ...both(11, B)], [B], [`11 in ${B}`, `11 out ${B}`]],
  ["half a block is made whole", [deny(11, true, A)], [A], [`11 in ${A}`, `11 out ${A}`]],
  [
    "a block that is there twice stays once",
    [...both(10, A), ...both(12, A)],
    [A],
    [`10 in ${A}`, `10 out ${A}`],
  ],
  [
    "two halves that share a number are put apart",
    [deny(10, true, A), deny(10, false, B)],
    [A, B],
    [`10 in ${A}`, `10 out ${A}`, `11 in ${B}`, `11 out ${B}`],
  ],
])("%s", (_, entries, wanted, expected) => {
  const { acl, refused } = applied(aclOf("acl-1", [], entries), wanted);
  expect([own(acl), refused]).toEqual([expected, null]);
});

test.each<[string, AclEntry[], string[], RegExp]>([
  [
    "an entry of somebody else's",
    [deny(11, true, "192.0.2.9/32")],
    [A],
    /1 entry that Plumbline did not make/,
  ],
  [
    "an entry that denies one port only",
    [{ ...deny(11, true, A), protocol: "6" }],
    [A],
    /did not make among its rule numbers 10 to 12 \(11\)/,
  ],
  ["an allow in the range", [{ ...deny(11, true, A), allows: true }], [A], /did not make/],
  [
    "an allow in front of it",
    [{ ...deny(5, true, "0.0.0.0/0"), allows: true }],
    [A],
    /allows by rule 5, which stands in front/,
  ],
  ["more blocks than numbers", [], [A, B, C, "203.0.113.4/32"], /room for 3 blocks, and 4 are wanted/],
  [
    "rules of the owner up to AWS's quota",
    Array.from({ length: 18 }, (_, i) => deny(200 + i, true, `192.0.2.${i}/32`)),
    [A],
    /20 rules of its own outbound, and AWS allows 20/,
  ],
])("refused: %s", (_, entries, wanted, reason) => {
  const acl = aclOf("acl-1", [], entries);
  const plan = planAcl(acl, wanted, new Set(wanted), NUMBERS);
  expect(plan.refused).toMatch(reason);
  expect([plan.create, plan.remove]).toEqual([[], []]);
});

test("what is its own and not wanted goes even where nothing can be added", () => {
  const acl = aclOf("acl-1", [], [...both(10, A), deny(11, true, "192.0.2.9/32")]);
  expect(planAcl(acl, [], new Set([A]), NUMBERS).remove).toEqual(both(10, A));
});

test("whatever is there of its own, one plan makes it right, and the next has nothing to do", () => {
  const targets = [A, B, C];
  const entry = fc.record({
    number: fc.integer({ min: 10, max: 12 }),
    egress: fc.boolean(),
    cidr: fc.constantFrom(...targets),
  });
  const entries = fc.uniqueArray(entry, { selector: ({ number, egress }) => `${number} ${egress}` });
  fc.assert(
    fc.property(entries, fc.subarray(targets), (there, wanted) => {
      const acl = aclOf(
        "acl-1",
        [],
        there.map(({ number, egress, cidr }) => deny(number, egress, cidr)),
      );
      const once = applied(acl, wanted);
      const cidrs = once.acl.entries.filter(({ number }) => number < 100);
      for (const egress of [true, false])
        expect(
          cidrs
            .filter((one) => one.egress === egress)
            .map(({ cidr }) => cidr)
            .sort(),
        ).toEqual([...wanted].sort());
      expect(new Set(cidrs.map(({ number, cidr }) => `${number} ${cidr}`)).size).toBe(wanted.length);
      expect(applied(once.acl, wanted).changes).toBe(0);
    }),
  );
});

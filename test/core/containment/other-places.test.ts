import { planIpSet } from "../../../functions/core/containment/ip-set";
import { planConcurrency } from "../../../functions/core/containment/reserved-concurrency";

test.each<[string, string[], string[], string[], string[] | null]>([
  ["an address is added to what others put there", ["a"], ["b"], [], ["a", "b"]],
  ["what is over goes, what others put there stays", ["a", "b"], [], ["b"], ["a"]],
  ["what is over for one and wanted for another stays", ["b"], ["b"], ["b"], null],
  ["nothing is written where it is right", ["a", "b"], ["b"], ["c"], null],
])("IP set: %s", (_, addresses, wanted, over, expected) => {
  expect(planIpSet(addresses, wanted, over)).toEqual({ addresses: expected, refused: null });
});

test("IP set: AWS's quota is not overrun", () => {
  const full = Array.from({ length: 10_000 }, (_, i) => `address ${i}`);
  expect(planIpSet(full, ["one more"], [])).toEqual({
    addresses: null,
    refused: expect.stringMatching(/full/),
  });
});

test.each<[string, number | null, boolean, number | null, number | null | "keep"]>([
  ["a function is stopped", null, true, null, 0],
  ["one with a reserve is stopped", 7, true, 7, 0],
  ["one that is stopped stays so", 0, true, 7, "keep"],
  ["one that somebody started meanwhile is stopped again while the block holds", 3, true, 7, 0],
  ["it has its reserve back", 0, false, 7, 7],
  ["it has no reserve again", 0, false, null, null],
  ["one that was at 0 before stays at 0", 0, false, 0, "keep"],
  ["what somebody set meanwhile is theirs", 3, false, 7, "keep"],
])("concurrency: %s", (_, current, isStopped, before, expected) => {
  expect(planConcurrency(current, isStopped, before)).toBe(expected);
});

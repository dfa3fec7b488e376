import { entityName, entityOf } from "../../../functions/core/attribution/entity";
import {
  inventoryOf,
  type NetworkInterface,
  type Valid,
} from "../../../functions/core/attribution/inventory";
import { reconcile } from "../../../functions/core/attribution/reconcile";
import { parseFunctions, parseInterfaces, type Snapshot } from "../../../functions/core/attribution/snapshot";
import { arnOf, lambdaFunction, lambdaInterface, named, networkInterface } from "../../support/account";

const snapshot = (functions: object[] | null, interfaces: object[] | null): Snapshot => ({
  functions: functions && parseFunctions({ Functions: functions }).items,
  interfaces: interfaces && parseInterfaces({ NetworkInterfaces: interfaces }).items,
});

/** What is stored after the changes: a record of the same id and beginning replaces the one before. */
function apply(stored: readonly Valid[], changes: readonly Valid[]): Valid[] {
  const key = (item: Valid) =>
    `${item.kind === "function" ? item.functionArn : item.interfaceId}@${item.validFrom}`;
  return [...new Map([...stored, ...changes].map((item) => [key(item), item])).values()];
}

const lookedAt = (...looks: [number, Snapshot][]): Valid[] =>
  looks.reduce<Valid[]>((stored, [at, look]) => apply(stored, reconcile(stored, look, at)), []);

const candidatesAt = (stored: Valid[], id: string, at: number) =>
  inventoryOf(stored).interfaceAt(id, at)?.candidates;

describe("an interface belongs to the functions with its subnet and exactly its security groups", () => {
  const eni = lambdaInterface("eni-1", "10.0.1.5", "sg-1", {
    Groups: [{ GroupId: "sg-2" }, { GroupId: "sg-1" }],
  });
  test.each<[string, object[], string[]]>([
    [
      "the same set in another order",
      [lambdaFunction("F", ["subnet-x", "subnet-a"], ["sg-1", "sg-2"])],
      ["F"],
    ],
    ["a part of the set", [lambdaFunction("F", ["subnet-a"], ["sg-1"])], []],
    ["more than the set", [lambdaFunction("F", ["subnet-a"], ["sg-1", "sg-2", "sg-3"])], []],
    ["another subnet", [lambdaFunction("F", ["subnet-b"], ["sg-1", "sg-2"])], []],
    [
      "two functions with the same",
      [
        lambdaFunction("G", ["subnet-a"], ["sg-1", "sg-2"]),
        lambdaFunction("F", ["subnet-a"], ["sg-2", "sg-1"]),
      ],
      ["F", "G"],
    ],
    [
      "an old version that still has it",
      [
        lambdaFunction("F", ["subnet-new"], ["sg-9"]),
        lambdaFunction("F", ["subnet-a"], ["sg-1", "sg-2"], { FunctionArn: `${arnOf("F")}:3` }),
      ],
      ["F"],
    ],
  ])("%s", (_, functions, expected) => {
    const stored = lookedAt([0, snapshot(functions, [eni])]);
    expect(candidatesAt(stored, "eni-1", 0)).toEqual(expected.map((name) => arnOf(name)));
  });
});

test.each<[string, string[], string, string]>([
  ["one candidate is certain", ["F"], "certain", arnOf("F")],
  ["several are a group", ["F", "G"], "ambiguous", "group:vpc-1:sg-1"],
  ["none is nobody's, and still an entity", [], "unattributed", "group:vpc-1:sg-1"],
])("%s", (_, names, attribution, id) => {
  const functions = names.map((name) => lambdaFunction(name, ["subnet-a"], ["sg-1"]));
  const stored = lookedAt([0, snapshot(functions, [lambdaInterface("eni-1", "10.0.1.5", "sg-1")])]);
  const entity = entityOf(inventoryOf(stored).interfaceAt("eni-1", 0) as NetworkInterface);
  expect(entity).toMatchObject({ attribution, id, accountId: "111122223333", region: "us-east-1" });
  expect(entity.candidates.map((candidate) => candidate.functionName)).toEqual(names);
  expect(entity.functionName).toBe(names.length === 1 ? names[0] : null);
});

test("a group with many functions names a few in words and at most 200 as candidates", () => {
  const functions = Array.from({ length: 300 }, (_, i) => lambdaFunction(`F${i}`, ["subnet-a"], ["sg-1"]));
  const stored = lookedAt([0, snapshot(functions, [lambdaInterface("eni-1", "10.0.1.5", "sg-1")])]);
  const entity = entityOf(inventoryOf(stored).interfaceAt("eni-1", 0) as NetworkInterface);
  expect(entity.candidates).toHaveLength(200);
  expect(entityName(entity)).toBe("F0, F1, F10 or 197 other functions");
});

describe("over time", () => {
  const F = lambdaFunction("F", ["subnet-a"], ["sg-1"]);
  const G = lambdaFunction("G", ["subnet-a"], ["sg-1"]);
  const old = lambdaInterface("eni-old", "10.0.1.5", "sg-1");
  const young = lambdaInterface("eni-young", "10.0.1.6", "sg-1");

  test("the same look again changes nothing", () => {
    const stored = lookedAt([100, snapshot([F], [old])]);
    expect(reconcile(stored, snapshot([F], [old]), 200)).toEqual([]);
  });

  test("an interface that is gone is closed and still known for late telemetry", () => {
    const stored = lookedAt([100, snapshot([F], [old])], [200, snapshot([F], [young])]);
    const inventory = inventoryOf(stored);
    expect(inventory.interfaceAt("eni-old", 190)).toMatchObject({ candidates: [arnOf("F")] });
    expect(inventory.interfaceAt("eni-old", 900)).toMatchObject({ candidates: [arnOf("F")] });
    expect(inventory.interfaceAt("eni-young", 50)).toMatchObject({ candidates: [arnOf("F")] });
    expect([...inventory.lambdaInterfaces.keys()].sort()).toEqual(["eni-old", "eni-young"]);
    expect(stored.find((item) => item.kind === "interface" && item.interfaceId === "eni-old")).toMatchObject({
      validFrom: 100,
      validTo: 200,
    });
  });

  test("a second function on an interface counts from when it came", () => {
    const stored = lookedAt([100, snapshot([F], [old])], [200, snapshot([F, G], [old])]);
    expect(candidatesAt(stored, "eni-old", 199)).toEqual([arnOf("F")]);
    expect(candidatesAt(stored, "eni-old", 200)).toEqual([arnOf("F"), arnOf("G")]);
  });

  test("an interface that outlives its function still carries that function's traffic", () => {
    const stored = lookedAt([100, snapshot([F], [old])], [200, snapshot([], [old])]);
    expect(candidatesAt(stored, "eni-old", 250)).toEqual([arnOf("F")]);
  });

  test("an interface whose security groups were edited keeps whom it served", () => {
    const edited = { ...old, Groups: [{ GroupId: "sg-other" }] };
    const stored = lookedAt([100, snapshot([F], [old])], [200, snapshot([F], [edited])]);
    expect(candidatesAt(stored, "eni-old", 250)).toEqual([arnOf("F")]);
  });

  test("a part that was not looked at stays as it was", () => {
    const stored = lookedAt([100, snapshot([F], [old])]);
    expect(reconcile(stored, snapshot(null, [old]), 200)).toEqual([]);
    expect(reconcile(stored, snapshot([F], null), 200)).toEqual([]);
  });

  test("an address that is used again belongs to whom it belonged at the time", () => {
    const first = networkInterface("eni-a", "10.0.9.9", named("first"));
    const second = networkInterface("eni-b", "10.0.9.9", named("second"));
    const inventory = inventoryOf(lookedAt([100, snapshot([], [first])], [200, snapshot([], [second])]));
    const nameAt = (at: number) => inventory.holderAt("10.0.9.9", "vpc-1", at)?.resource.name;
    expect([50, 199, 200, 900].map(nameAt)).toEqual(["first", "first", "second", "second"]);
  });

  test("an address whose holder was seen to be gone is nobody's, until it is seen again", () => {
    const first = networkInterface("eni-a", "10.0.9.9", named("first"));
    const second = networkInterface("eni-b", "10.0.9.9", named("second"));
    const looks: [number, Snapshot][] = [
      [100, snapshot([], [first])],
      [200, snapshot([], [])],
    ];
    expect(inventoryOf(lookedAt(...looks)).holderAt("10.0.9.9", "vpc-1", 250)).toBeNull();
    const again = inventoryOf(lookedAt(...looks, [300, snapshot([], [second])]));
    expect(again.holderAt("10.0.9.9", "vpc-1", 250)?.resource.name).toBe("second");
  });

  test("an address of another VPC is taken only where no two have it", () => {
    const here = networkInterface("eni-a", "10.0.9.9", { ...named("here"), VpcId: "vpc-2" });
    const there = networkInterface("eni-b", "10.0.9.9", { ...named("there"), VpcId: "vpc-3" });
    expect(
      inventoryOf(lookedAt([0, snapshot([], [here])])).holderAt("10.0.9.9", "vpc-1", 0)?.resource.name,
    ).toBe("here");
    expect(
      inventoryOf(lookedAt([0, snapshot([], [here, there])])).holderAt("10.0.9.9", "vpc-1", 0),
    ).toBeNull();
  });
});

test("a function that was stored before its memory was told is stored anew once it is, and stays without", () => {
  const before = snapshot([lambdaFunction("F", [], [])], []);
  const after = snapshot([lambdaFunction("F", [], [], { MemorySize: 512 })], []);
  const stored = lookedAt([0, before]);
  expect(reconcile(stored, before, 60)).toEqual([]);
  const size = { memoryMb: 512, architecture: "x86_64" };
  expect(reconcile(stored, after, 60)).toMatchObject([{ validTo: 60 }, { validFrom: 60, size }]);
  expect(inventoryOf(lookedAt([0, before], [60, after])).functionOf(arnOf("F"))).toMatchObject({ size });
});

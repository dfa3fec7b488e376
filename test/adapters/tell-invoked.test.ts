import { findingStore } from "../../functions/adapters/dynamodb/finding-store";
import { tellInvoked } from "../../functions/adapters/tell-invoked";
import { groupsIn } from "../../functions/core/attribution/entity";
import { inventoryOf } from "../../functions/core/attribution/inventory";
import { reconcile } from "../../functions/core/attribution/reconcile";
import { parseFunctions, parseInterfaces } from "../../functions/core/attribution/snapshot";
import { iso } from "../../functions/core/time";
import { arnOf, lambdaFunction, lambdaInterface } from "../support/account";
import { DAY, T0 } from "../support/flow-log";
import { type Pipeline, startPipeline } from "../support/pipeline";
import { days, GROUP, live } from "../support/watch";

const inventory = inventoryOf(
  reconcile(
    [],
    {
      functions: parseFunctions({
        Functions: [
          lambdaFunction("A", ["subnet-a"], ["sg-1"]),
          lambdaFunction("B", ["subnet-a"], ["sg-1"]),
          lambdaFunction("Alone", ["subnet-a"], ["sg-2"]),
        ],
      }).items,
      interfaces: parseInterfaces({
        NetworkInterfaces: [
          lambdaInterface("eni-1", "10.0.1.1", "sg-1"),
          lambdaInterface("eni-2", "10.0.1.2", "sg-2"),
        ],
      }).items,
    },
    T0,
  ),
);

let pipeline: Pipeline;
beforeEach(async () => {
  pipeline = await startPipeline();
});
afterEach(() => pipeline.stop());

/** Of a group, on the ninth day at one o'clock. */
const [FINDING] = live([...days(8, { to: "users-db" }), [{ to: "ledger-db" }]], {}, GROUP).get(8) ?? [];
const SEEN = T0 + 8 * DAY + 3600;

const calls = (functionName: string, ...times: number[]) => ({
  functionName,
  metric: "Invocations" as const,
  points: new Map(times.map((at) => [at, 1])),
});

/** What is known of A and B once the hour from `from` on was told. */
async function told(series: ReturnType<typeof calls>[], from = SEEN - 1800, known = FINDING) {
  if (known === undefined) throw new Error("no finding");
  const { client, tables } = pipeline.database;
  const findings = findingStore(client, tables.findings, 365);
  await findings.merge(known, iso(SEEN));
  await tellInvoked(series, from, from + 3600, [GROUP.id], inventory, findings);
  return (await findings.get(known.id))?.candidates.map(({ invoked }) => invoked);
}

test("groups are the entities of shared interfaces", () => {
  expect([...groupsIn(inventory, T0)]).toEqual(["group:vpc-1:sg-1"]);
});

test.each([
  ["who was invoked then, and who was not", [calls("A", SEEN), calls("B", SEEN + 600)], [true, false]],
  ["only what is told of", [calls("A", SEEN)], [true, null]],
  ["an invocation that may still have run", [calls("A", SEEN - 900), calls("B", SEEN - 1200)], [true, false]],
  ["no other function", [calls("C", SEEN)], [null, null]],
])("a finding on a group says %s", async (_, series, expected) => {
  expect(await told(series)).toEqual(expected);
});

test("an hour in which not all of what may have run began says nothing", async () => {
  expect(await told([calls("A", SEEN), calls("B")], SEEN - 600)).toEqual([null, null]);
});

test("a later time adds to what is known, and the same again changes nothing", async () => {
  const later = { ...(FINDING as NonNullable<typeof FINDING>), occurrences: [SEEN + 1200] };
  expect(await told([calls("A", SEEN), calls("B", SEEN + 1200)])).toEqual([true, false]);
  expect(await told([calls("A", SEEN), calls("B", SEEN + 1200)], SEEN - 1800, later)).toEqual([true, true]);
  expect(await told([calls("A", SEEN), calls("B")], SEEN - 1800)).toEqual([true, true]);
});

test("what CloudTrail's data events told stands", async () => {
  const candidates = ["A", "B"].map((name) => ({
    functionArn: arnOf(name),
    functionName: name,
    invoked: name === "A",
  }));
  const known = { ...(FINDING as NonNullable<typeof FINDING>), candidates };
  expect(await told([calls("A", SEEN), calls("B", SEEN)], SEEN - 1800, known)).toEqual([true, false]);
});

import type { LambdaFunction, Valid } from "../../../functions/core/attribution/inventory";
import { inventoryOf } from "../../../functions/core/attribution/inventory";
import { hasFunctions, noticesOf, sourceChecks } from "../../../functions/core/attribution/source-checks";
import { usageOf } from "../../../functions/core/attribution/usage";
import { SOURCES } from "../../../functions/core/telemetry/source";
import { ACCOUNT, arnOf, REGION, storedFunction } from "../../support/account";
import { atHour } from "../../support/sources";

const item = (name: string, more: Partial<Valid<LambdaFunction>> = {}) =>
  storedFunction(name, { validFrom: 100, ...more });
const vpc = [{ subnets: ["subnet-a"], securityGroups: ["sg-1"] }];

const asked = (...items: Valid<LambdaFunction>[]) =>
  sourceChecks(inventoryOf(items), 1000, SOURCES).map(({ entity, checks }) => [
    entity.id,
    ...checks.map(({ source, since }) => `${source} since ${since}`),
  ]);

const account = `account:${ACCOUNT}:${REGION}`;

test.each<[string, Valid<LambdaFunction>[], string[][]]>([
  [
    "all sources, since the first function",
    [item("A", { vpc }), item("B", { validFrom: 50 })],
    [[account, "flow since 100", "trail since 50", "metrics since 50"]],
  ],
  ["no flow logs outside VPCs, and no metrics of one function", [item("A")], [[account, "trail since 100"]]],
  ["nothing where all functions are gone", [item("A", { vpc, validTo: 500 })], []],
  [
    "each account and Region by itself",
    [item("A"), item("B", { functionArn: arnOf("B", ACCOUNT, "eu-west-1") })],
    [
      [`account:${ACCOUNT}:eu-west-1`, "trail since 100"],
      [account, "trail since 100"],
    ],
  ],
])("asks about %s", (_, items, expected) => {
  expect(asked(...items)).toEqual(expected);
});

test("an account has functions where it has some now", () => {
  const inventory = inventoryOf([
    item("A"),
    item("B", { functionArn: arnOf("B", ACCOUNT, "eu-west-1"), validTo: 5 }),
  ]);
  expect(hasFunctions(inventory, ACCOUNT, REGION)).toBe(true);
  expect(hasFunctions(inventory, ACCOUNT, "eu-west-1")).toBe(false);
  expect(hasFunctions(inventory, "999988887777", REGION)).toBe(false);
});

test("metrics tell of the hours in which some function was used", () => {
  const series = ["A", "B"].map((functionName, i) => ({
    functionName,
    metric: "Invocations" as const,
    points: new Map([
      [atHour(i) + 300, 5],
      [atHour(1), 1],
      [atHour(2), 0],
    ]),
  }));
  const used = usageOf(series, atHour(0), atHour(3), inventoryOf([item("A"), item("B")]), {
    accountId: ACCOUNT,
    region: REGION,
  });
  expect(noticesOf(used)).toEqual([
    {
      entity: expect.objectContaining({ id: account }),
      notices: [
        { kind: "notice", source: "metrics", at: atHour(0) + 300 },
        { kind: "notice", source: "metrics", at: atHour(1) },
      ],
    },
  ]);
});

import type { EntityConnections } from "../../../functions/core/attribution/attribute";
import { attributionNote } from "../../../functions/core/attribution/entity";
import {
  type Invocation,
  invocationsIn,
  invokedAround,
  withInvocations,
} from "../../../functions/core/attribution/invocation";
import { readTrailEvent, type TrailEvent } from "../../../functions/core/telemetry/trail-event";
import { arnOf } from "../../support/account";
import { ENI, HOUR_0, T0 } from "../../support/flow-log";
import { asRole, onDay, trailRecord } from "../../support/trail";
import { connection, GROUP } from "../../support/watch";

const invoke = (functionName: string, additionalEventData: unknown, at = onDay(0)) =>
  readTrailEvent(
    trailRecord(at, "Invoke", {
      eventSource: "lambda.amazonaws.com",
      userIdentity: asRole(),
      requestParameters: { functionName },
      additionalEventData,
    }),
  ) as TrailEvent;

test("a data event tells which function ran behind which interface, once an hour", () => {
  const eni = { customerEniId: ENI, functionVersion: "7" };
  const events = [invoke("A", eni), invoke(`${arnOf("A")}:7`, eni), invoke("B", eni, onDay(0, 7300))];
  expect(invocationsIn(events)).toEqual([
    { interfaceId: ENI, functionArn: arnOf("A"), hour: HOUR_0 + 1 },
    { interfaceId: ENI, functionArn: arnOf("B"), hour: HOUR_0 + 2 },
  ]);
});

test.each([[null], [{}], [{ customerEniId: null }], [{ customerEniId: "eni-<script>" }], ["x"]])(
  "without an interface (%j) it tells nothing",
  (additional) => {
    expect(invocationsIn([invoke("A", additional)])).toEqual([]);
  },
);

const group: EntityConnections = { entity: GROUP, connections: [connection(0, { to: "db" })] };
const ran = (name: string, hour = HOUR_0 + 1): Invocation => ({
  interfaceId: ENI,
  functionArn: arnOf(name),
  hour,
});
const invoked = (invocations: Invocation[]) =>
  withInvocations(group, invocations).entity.candidates.map((candidate) => candidate.invoked);

test.each<[string, Invocation[], (boolean | null)[]]>([
  ["nothing is known", [], [null, null]],
  ["one ran in that hour", [ran("A")], [true, false]],
  ["both did", [ran("A"), ran("B")], [true, true]],
  ["one ran in another hour", [ran("A", HOUR_0 + 5)], [null, null]],
  ["another function ran", [ran("C")], [false, false]],
])("of a group: %s", (_, invocations, expected) => {
  expect(invoked(invocations)).toEqual(expected);
});

test("a finding on the group names who ran", () => {
  expect(attributionNote(withInvocations(group, [ran("A")]).entity)).toMatch(
    /cannot tell which of them it was.* CloudTrail tells of invocations behind it in that hour of A\.$/,
  );
  expect(attributionNote(GROUP)).not.toContain("CloudTrail");
});

describe("as metrics have it, in points of five minutes", () => {
  const points = new Map([[T0 + 3600, 4]]);
  test.each<[string, number, boolean]>([
    ["in that point, it was invoked", 3650, true],
    ["a quarter of an hour after its begin, it may still have run", 3600 + 900, true],
    ["a quarter of an hour after its end, it did not", 3600 + 300 + 900, false],
    ["before, it did not", 3599, false],
  ])("%s", (_, at, expected) => {
    expect(invokedAround(points, [T0 + at])).toBe(expected);
  });

  test("once of several times is enough; without any series nothing is known", () => {
    expect(invokedAround(points, [T0, T0 + 3600])).toBe(true);
    expect(invokedAround(new Map(), [T0])).toBe(false);
    expect(invokedAround(undefined, [T0])).toBeNull();
  });
});

/** Ties the events of CloudTrail to functions and accounts: what a function called, and what was changed by whom. */
import { groupBy } from "../group";
import { textAt } from "../telemetry/json-fields";
import type { Notice } from "../telemetry/source";
import type { TrailEvent } from "../telemetry/trail-event";
import { isWatchedChange } from "../telemetry/watched-changes";
import { dayOf, hourOf } from "../time";
import { callerOf } from "./caller";
import { accountEntity, type Entity, functionEntity } from "./entity";
import { functionArnOf } from "./function-arn";
import type { Inventory } from "./inventory";
import type { Networks } from "./network";
import { type Place, placeOf } from "./place";
import { type Principal, principalOf } from "./principal";

/** A function called an API. Like calls of one delivery are one observation. */
export interface Call {
  readonly kind: "call";
  /** The first of them. */
  readonly event: TrailEvent;
  /** Seconds since 1970 and event id of each, in order of time. */
  readonly times: readonly { readonly at: number; readonly id: string }[];
  readonly place: Place;
  /** Version of the function, `null` where it is not told. */
  readonly version: string | null;
}

/** Somebody changed a function, or what Plumbline works by; a call that failed changed nothing, and is none. */
export interface Change {
  readonly kind: "change";
  readonly event: TrailEvent;
  readonly by: Principal;
}

export type Act = Call | Change | Notice;

export interface EntityActs {
  readonly entity: Entity;
  readonly acts: readonly Act[];
}

export interface AttributedEvents {
  /** What was changed in each account and Region, whatever it was. */
  readonly accounts: readonly EntityActs[];
  /** What functions called, and what was changed of them. */
  readonly functions: readonly EntityActs[];
}

/** Sorts events by entity. An event that is delivered twice counts once. */
export function attributeEvents(
  events: readonly TrailEvent[],
  inventory: Inventory,
  networks: Networks,
): AttributedEvents {
  const distinct = [...new Map(events.map((event) => [event.id, event])).values()].sort(byTime);
  const accounts = new Map<string, { entity: Entity; acts: Act[] }>();
  const functions = new Map<string, { entity: Entity; acts: Act[] }>();
  const actsOf = (entities: typeof accounts, id: string, entity: () => Entity) => {
    const known = entities.get(id) ?? { entity: entity(), acts: [] };
    entities.set(id, known);
    return known.acts;
  };
  for (const { acts, accountId, region } of changesByAccount(distinct)) {
    actsOf(accounts, `${accountId} ${region}`, () => accountEntity(accountId, region)).push(...acts);
    for (const change of acts) {
      for (const functionArn of change.kind === "change" ? changedFunctions(change.event, inventory) : [])
        actsOf(functions, functionArn, () => functionEntity(functionArn)).push(change);
    }
  }
  for (const { functionArn, ...call } of callsIn(distinct, inventory, networks)) {
    actsOf(functions, functionArn, () => functionEntity(functionArn)).push(call);
  }
  return { accounts: [...accounts.values()], functions: [...functions.values()] };
}

function changesByAccount(events: readonly TrailEvent[]) {
  const known = events.filter((event) => event.accountId !== null);
  return [...groupBy(known, ({ accountId, region }) => `${accountId} ${region}`).values()].map((some) => {
    const { accountId, region } = some[0] as TrailEvent & { accountId: string };
    const notices = [...groupBy(some, ({ at }) => hourOf(at)).values()].map(
      ([first]): Notice => ({ kind: "notice", source: "trail", at: (first as TrailEvent).at }),
    );
    const changes = some
      .filter((event) => event.errorCode === null && isWatchedChange(event))
      .map((event): Change => ({ kind: "change", event, by: principalOf(event) }));
    return { accountId, region, acts: [...notices, ...changes] as (Notice | Change)[] };
  });
}

/** Most functions of one role that a change of it is told of. */
const MOST_OF_A_ROLE = 5;

/** The functions that an event changed. */
function changedFunctions(event: TrailEvent, inventory: Inventory): readonly string[] {
  if (event.service === "lambda") {
    const arn =
      functionArnOf(textAt(event.request, "functionName", 400), event) ??
      functionArnOf(textAt(event.response, "functionArn", 400), event);
    return arn === null ? [] : [arn];
  }
  const role = event.service === "iam" ? textAt(event.request, "roleName") : null;
  if (role === null) return [];
  const suffix = new RegExp(`^arn:[\\w-]+:iam::${event.accountId}:role/(.+/)?${escaped(role)}$`);
  return inventory.functions
    .filter((one) => one.role !== null && suffix.test(one.role))
    .slice(0, MOST_OF_A_ROLE)
    .map(({ functionArn }) => functionArn);
}

const escaped = (text: string) => text.replace(/[^\w]/g, "\\$&");

function callsIn(
  events: readonly TrailEvent[],
  inventory: Inventory,
  networks: Networks,
): (Call & { functionArn: string })[] {
  const made = events.flatMap((event) => {
    const caller = callerOf(event, inventory);
    return caller === null ? [] : [{ event, caller }];
  });
  const alike = groupBy(made, ({ event, caller }) =>
    [
      caller.functionArn,
      caller.version,
      event.region,
      event.eventSource,
      event.eventName,
      event.errorCode,
      event.sourceIp,
      event.vpcEndpointId,
      event.identity.accessKeyId,
      dayOf(event.at),
    ].join(" "),
  );
  return [...alike.values()].map((some) => {
    const { event, caller } = some[0] as (typeof some)[number];
    return {
      kind: "call",
      functionArn: caller.functionArn,
      version: caller.version,
      event,
      times: some.map((one) => ({ at: one.event.at, id: one.event.id })),
      place: placeOf(event, caller.functionArn, inventory, networks),
    };
  });
}

const byTime = (a: TrailEvent, b: TrailEvent) => a.at - b.at || (a.id < b.id ? -1 : 1);

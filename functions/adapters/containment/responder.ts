/**
 * Cuts off, and lets go again. The record comes first, the act second, the confirmation third, and what is there is
 * always made to match the records as a whole: so one path blocks, lifts, expires and repairs, and may be killed between
 * any two steps.
 */
import {
  type Asking,
  type Block,
  beyond,
  blockId,
  confirmBlock,
  endBlock,
  expired,
  holds,
  orderBlock,
} from "../../core/containment/block";
import type { Action, Containment } from "../../core/containment/containment";
import { decide, type Request, ruleFor } from "../../core/containment/decide";
import { capacityOf } from "../../core/containment/network-acl";
import { type ContainmentPolicy, mayEnforce } from "../../core/containment/policy";
import { type FindingRecord, withContainment } from "../../core/finding";
import { groupBy } from "../../core/group";
import { HOUR, iso } from "../../core/time";
import type { AlertPublisher, BlockStore, Clock, FindingStore, Log, Place } from "../ports";
import { publishAlert } from "../watch-entity";
import { type FactSources, gatherFacts } from "./facts";

export interface ResponderDependencies extends FactSources {
  readonly policy: ContainmentPolicy;
  readonly blocks: BlockStore;
  readonly places: Readonly<Record<Action, Place>>;
  readonly findings: FindingStore;
  readonly alerts: AlertPublisher;
  readonly clock: Clock;
  readonly log: Log;
}

/** What a person asks for. */
export interface PersonsRequest extends Pick<Request, "action" | "mode" | "by" | "isConfirmed"> {
  readonly findingId: string;
  /** `undefined`: as the policy has it. */
  readonly hours?: number | undefined;
}

/** What a run did to blocks. */
export interface Reconciled {
  readonly holding: number;
  readonly ended: number;
  /** Places that are not as they shall be, and why. */
  readonly problems: readonly string[];
}

export interface Responder {
  /** Does about a finding what the owner's rules say; `null` where they say nothing. */
  respond(findingId: string): Promise<FindingRecord | null>;
  /** Does what a person asks for. Rejects where there is no such finding. */
  contain(request: PersonsRequest): Promise<FindingRecord>;
  /** Ends a block before its time. Rejects where there is no such block. */
  undo(id: string, by: string): Promise<Block>;
  /** Ends what is over, and makes every place hold what the records say. */
  reconcile(): Promise<Reconciled>;
  /** Those that hold first, the latest first. */
  list(): Promise<Block[]>;
}

/** Another run holds the lease; whoever asked may ask again. */
export class BusyError extends Error {
  constructor() {
    super("Containment is at work on something else: try again in a minute");
  }
}

export function responder(dependencies: ResponderDependencies): Responder {
  const { policy, blocks, places, findings, alerts, clock, log } = dependencies;

  /** One at a time: what is there is read, and then changed by what was read. */
  async function alone<T>(act: () => Promise<T>): Promise<T> {
    const release = await blocks.lease(clock());
    if (release === null) throw new BusyError();
    try {
      return await act();
    } finally {
      await release();
    }
  }

  async function act(finding: FindingRecord, request: Request): Promise<FindingRecord> {
    await endExpired(await blocks.all());
    const facts = await gatherFacts(finding, request.action, request.at, dependencies);
    const known = await blocks.all();
    const { containment, orders } = decide(finding, request, { ...facts, blocks: known }, policy);
    const asking: Asking = { ...request, finding: finding.id };
    const made: Block[] = [];
    for (const order of orders)
      made.push(await blocks.change(blockId(order), (stored) => orderBlock(stored, order, asking)));
    const resources = [...groupBy(made, ({ resource }) => resource).keys()];
    const refusals = await settle(resources);
    if (refusals.length > 0) {
      // All or nothing: what could be put in place is taken back.
      for (const { id } of made) await end(id, "reconcile", "could not be put in place");
      await settle(resources);
    }
    const done =
      refusals.length === 0 ? standing(containment, made) : { ...containment, refused: refusals.join(" ") };
    const record = await findings.amend(finding.id, (stored) =>
      withContainment(stored, done, iso(request.at)),
    );
    if (record === null) throw new Error(`Finding ${finding.id} is gone`);
    await publishAlert(record, { findings, alerts });
    return record;
  }

  const end = (id: string, by: string, why: string) =>
    blocks.change(id, (stored) => endBlock(stored as Block, clock(), { by, isPerson: false, why }));

  async function endExpired(all: readonly Block[]): Promise<number> {
    const over = expired(all, clock());
    for (const { id } of over) await end(id, "schedule", "its time was over");
    return over.length;
  }

  /** Makes places hold what the records say; those of dry runs are nowhere. */
  async function settle(resources: Iterable<string>): Promise<string[]> {
    const problems: string[] = [];
    for (const resource of resources) {
      const ofPlace = async () =>
        (await blocks.all()).filter((block) => block.resource === resource && block.mode === "enforce");
      for (const { id } of overfull(await ofPlace()))
        await end(id, "reconcile", "gave way to a later one: no rule number was left");
      const now = await ofPlace();
      const [first] = now;
      if (first === undefined) continue;
      const problem = await places[first.action].settle(resource, now);
      if (problem === null)
        for (const { id } of now) await blocks.change(id, (one) => confirmBlock(one as Block, clock()));
      else problems.push(problem);
    }
    return problems;
  }

  function overfull(ofPlace: readonly Block[]): Block[] {
    return ofPlace[0]?.action === "networkAcl" ? beyond(ofPlace, capacityOf(policy.ruleNumbers)) : [];
  }

  return {
    async respond(findingId) {
      const finding = await findings.get(findingId);
      const rule = finding && ruleFor(finding, policy);
      if (finding === null || rule === null) return null;
      const at = clock();
      const until = at + policy.ttlHours * HOUR;
      return alone(() =>
        act(finding, { ...rule, by: `finding ${findingId}`, isPerson: false, isConfirmed: false, at, until }),
      );
    },

    async contain({ findingId, hours = policy.ttlHours, ...request }) {
      const finding = await findings.get(findingId);
      if (finding === null)
        throw new Error(`There is no finding ${findingId}: plumbline findings list shows them`);
      if (request.mode === "enforce" && !mayEnforce(policy))
        throw new Error("Containment is deployed as a dry run: set its mode to enforce, and deploy again");
      const at = clock();
      return alone(() => act(finding, { ...request, isPerson: true, at, until: at + hours * HOUR }));
    },

    undo: (id, by) =>
      alone(async () => {
        const known = (await blocks.all()).find((block) => block.id === id);
        if (known === undefined)
          throw new Error(`There is no block ${id}: plumbline contain list shows them`);
        const ended = await blocks.change(id, (stored) =>
          endBlock(stored as Block, clock(), { by, isPerson: true, why: "undone" }),
        );
        for (const finding of ended.findings)
          await findings.amend(finding, (stored) => endedAt(stored, ended));
        const problems = await settle([ended.resource]);
        if (problems.length > 0)
          throw new Error(`The block ${id} ended, but is not gone yet: ${problems.join(" ")}`);
        return (await blocks.all()).find((block) => block.id === id) ?? ended;
      }),

    reconcile: () =>
      alone(async () => {
        const ended = await endExpired(await blocks.all());
        const all = await blocks.all();
        const problems = await settle(groupBy(all, ({ resource }) => resource).keys());
        for (const problem of problems) log.warn("A place is not as the blocks say", { problem });
        return { holding: all.filter(holds).length, ended, problems };
      }),

    async list() {
      const all = await blocks.all();
      return all.sort((a, b) => Number(holds(b)) - Number(holds(a)) || (a.from < b.from ? 1 : -1));
    },
  };
}

/** The times of the blocks that stand, which are those of the first time that they were asked for. */
function standing(containment: Containment, made: readonly Block[]): Containment {
  const [first] = made;
  return first === undefined ? containment : { ...containment, from: first.from, until: first.until };
}

/** A finding whose containment ended before its time. */
function endedAt(stored: FindingRecord, { endedAt }: Block): FindingRecord {
  const { containment } = stored;
  if (containment === undefined || endedAt === null || endedAt >= containment.until) return stored;
  return { ...stored, containment: { ...containment, until: endedAt } };
}

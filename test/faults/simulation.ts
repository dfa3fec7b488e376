/**
 * A day of the deployed pipeline in simulated time: queues, schedules and containers, of which one step at a time is let go
 * on. Which one, and what becomes of it, is drawn from a seed; undisturbed, everything happens in order and at once.
 */

import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { LOOK_BACK } from "../../functions/metrics";
import type { Random } from "../../samples/random";
import type { Answer } from "./command";
import { Container, type Step } from "./container";
import { deploy, type Handler, type Worker, type World } from "./deployment";
import { drawFault, type Fault, throttled, timedOut, unavailable } from "./faults";
import { type Plan, UNDISTURBED } from "./plan";
import { type Message, type Queue, queue } from "./queue";
import { type Scenario, today } from "./scenario";
import { type Published, services } from "./services";
import { staleness } from "./staleness";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** As `lib/plumbline.ts` has it: visibility is six times the function's timeout. */
const QUEUES = {
  "flow-logs": { visibility: 30 * MINUTE, batch: 5, workers: 3 },
  cloudtrail: { visibility: 12 * MINUTE, batch: 100, workers: 2 },
  inventory: { visibility: 30 * MINUTE, batch: 1000, workers: 2 },
} as const;
type QueueName = keyof typeof QUEUES;
const MAX_RECEIVES = 5;

const METRICS_EVERY = 15 * MINUTE;
const SWEEP_EVERY = 5 * MINUTE;
const INVENTORY_EVERY = 30 * MINUTE;

/** Nothing goes wrong from here on, and no further metrics are read from `LAST_METRICS` on. */
export const CALM = today(14, 30) * SECOND;
const BEGIN = today(10) * SECOND;
const LAST_METRICS = today(14, 50) * SECOND;

export interface Outcome {
  readonly published: readonly Published[];
  /** By id: how often it was published without the outbox being told, by a fault. */
  readonly repeatable: ReadonlyMap<string, number>;
  readonly deadLetters: readonly string[];
  readonly sent: number;
  readonly deleted: number;
  readonly faults: ReadonlyMap<string, number>;
  /** Kills by the step before which they struck. */
  readonly kills: ReadonlyMap<string, number>;
  readonly steps: number;
}

interface Invocation {
  readonly worker: Worker;
  readonly container: Container;
  readonly handler: Handler;
  readonly messages: readonly Message[];
  /** Until when its call takes, in milliseconds. */
  wakesAt: number;
  /** Findings whose alerts were published, and are not noted as sent. */
  readonly inHand: Set<string>;
  /** Of metrics: which half of the functions is asked for all of them in this run. */
  readonly half: number;
}

interface Warm {
  readonly container: Container;
  readonly handler: Handler;
}

type Items = Readonly<Record<string, readonly Record<string, unknown>[]>>;

/** Runs the day on tables that hold `past`. `luck` is not asked where the plan is undisturbed. */
export async function simulate(
  scenario: Scenario,
  store: Answer,
  past: Items,
  plan: Plan,
  luck: Random,
): Promise<Outcome> {
  let now = BEGIN;
  /** When all metrics of each half of the functions were last told, in milliseconds. */
  const lastMetrics = [BEGIN, BEGIN];
  let lastWork = BEGIN;
  const { published, ...aws } = services(scenario, () => now / SECOND);
  const { watched, stale } = staleness(store, past, () => now);
  const world: World = {
    ...aws,
    tables: watched,
    now: () => now / SECOND,
    threatList: scenario.threatList,
    metricsEvery: METRICS_EVERY / SECOND,
  };
  const queues = Object.fromEntries(
    Object.entries(QUEUES).map(([name, { visibility }]) => [
      name,
      queue(name, { visibility, maxReceives: MAX_RECEIVES }),
    ]),
  ) as Record<QueueName, Queue>;
  const warm = new Map<Worker, Warm[]>();
  let running: Invocation[] = [];
  const ticks: { readonly worker: Worker; readonly at: number }[] = [];
  const faults = new Map<string, number>();
  const kills = new Map<string, number>();
  const repeatable = new Map<string, number>();
  let steps = 0;
  let made = 0;

  const isCalm = () => now >= CALM;
  const happens = (share: number) => share > 0 && luck.next() < share;
  const note = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);

  for (const { queue: name, at, body } of scenario.deliveries) {
    const copies = happens(plan.twice) ? 2 : 1;
    if (copies === 2) note(faults, "delivered twice");
    const lateness = () => (plan.late === 0 ? 0 : luck.whole(0, plan.late * MINUTE));
    queues[name].send(
      body,
      Array.from({ length: copies }, () => at * SECOND + lateness()),
    );
    if (plan.late > 0) note(faults, "delivered late");
  }
  scheduleTicks("metrics", METRICS_EVERY, 5 * MINUTE, LAST_METRICS);
  scheduleTicks("inventory", INVENTORY_EVERY, 0, LAST_METRICS);
  ticks.sort((a, b) => a.at - b.at);
  let nextSweep = BEGIN + MINUTE;

  while (true) {
    await beginWhatIsDue();
    const able = running.filter(({ wakesAt }) => wakesAt <= now);
    if (able.length > 0) {
      const next = able.length === 1 || plan === UNDISTURBED ? able[0] : luck.pick(able);
      await step(next as Invocation);
      now += plan === UNDISTURBED ? 10 : luck.whole(5, 40);
      continue;
    }
    const next = nextTime();
    if (next === null) break;
    now = Math.max(now, next);
  }
  return {
    published,
    repeatable,
    deadLetters: Object.values(queues).flatMap(({ deadLetters }) => deadLetters.map(({ body }) => body)),
    sent: Object.values(queues).reduce((sum, { counts }) => sum + counts.sent, 0),
    deleted: Object.values(queues).reduce((sum, { counts }) => sum + counts.deleted, 0),
    faults,
    kills,
    steps,
  };

  function scheduleTicks(worker: Worker, every: number, offset: number, until: number): void {
    for (let at = BEGIN + offset; at <= until; at += every) {
      ticks.push({ worker, at });
      if (at >= CALM || !happens(plan.twice / 5)) continue;
      ticks.push({ worker, at });
      note(faults, "scheduled twice");
    }
  }

  /** When something happens next, in milliseconds; `null` once all is done and swept. */
  function nextTime(): number | null {
    const work = [
      ...running.map(({ wakesAt }) => wakesAt),
      ...(Object.keys(QUEUES) as QueueName[]).filter(hasRoom).map((name) => queues[name].nextAt()),
      ...ticks.slice(0, 1).map(({ at }) => at),
    ].reduce((a, b) => Math.min(a, b), Infinity);
    if (work === Infinity && now > Math.max(lastWork, CALM) + 3 * SWEEP_EVERY) return null;
    return Math.min(work, nextSweep);
  }

  function hasRoom(name: QueueName): boolean {
    return running.filter(({ worker }) => worker === name).length < QUEUES[name].workers;
  }

  async function beginWhatIsDue(): Promise<void> {
    for (const name of Object.keys(QUEUES) as QueueName[]) {
      while (hasRoom(name) && queues[name].nextAt() <= now) {
        const most = plan === UNDISTURBED ? 1 : luck.whole(1, QUEUES[name].batch);
        const messages = queues[name].receive(now, most);
        if (messages.length > 0) await begin(name, messages);
      }
    }
    while ((ticks[0]?.at ?? Infinity) <= now) await begin((ticks.shift() as { worker: Worker }).worker, []);
    if (nextSweep <= now) {
      nextSweep += SWEEP_EVERY;
      await begin("alerts", []);
      if (happens(isCalm() ? 0 : plan.twice / 5)) {
        note(faults, "scheduled twice");
        await begin("alerts", []);
      }
    }
  }

  async function begin(worker: Worker, messages: readonly Message[]): Promise<void> {
    const { container, handler } = containerFor(worker);
    const invocation: Invocation = {
      worker,
      container,
      handler,
      messages,
      wakesAt: now,
      inHand: new Set(),
      half: Math.floor(now / METRICS_EVERY) % 2,
    };
    running.push(invocation);
    if (worker !== "alerts") lastWork = now;
    const event = { Records: messages.map(({ messageId, body }) => ({ messageId, body }) as SQSRecord) };
    await container.invoke(() => handler(event as SQSEvent));
    if (container.result !== null) finish(invocation);
  }

  function containerFor(worker: Worker): Warm {
    const idle = (warm.get(worker) ?? []).filter(({ container }) => !isCalm() || container.clockSkew === 0);
    const one = happens(isCalm() ? 0 : plan.cold) ? undefined : idle.shift();
    warm.set(worker, idle);
    if (one !== undefined) return one;
    // The clock of metrics tells which half hour is whose: it is taken to be right.
    const behind = plan.behind > 0 && !isCalm() && worker !== "metrics" ? luck.whole(0, plan.behind * 60) : 0;
    if (behind > 0) note(faults, "clock behind");
    const container = new Container(`${worker}-${made++}`, -behind);
    return { container, handler: deploy(worker, container, world) };
  }

  /** Faults that fail an invocation are held back from a message's last receive, and where metrics would be gone for good. */
  function isSpared({ worker, messages, half }: Invocation): boolean {
    return (
      isCalm() ||
      messages.some(({ receives }) => receives === MAX_RECEIVES) ||
      (worker === "metrics" && now - (lastMetrics[half] as number) > METRICS_SPARED_AFTER)
    );
  }

  function faultFor(invocation: Invocation, { command }: Step): Fault | null {
    if (isCalm() || plan === UNDISTURBED) return null;
    const fault = drawFault(command, plan.rates, luck);
    const isHarmless = fault === "slow" || fault === "stale read" || fault === "done twice";
    return isHarmless || !isSpared(invocation) ? fault : null;
  }

  async function step(invocation: Invocation): Promise<void> {
    const { container } = invocation;
    const call = (plan === UNDISTURBED ? container.steps[0] : luck.pick(container.steps)) as Step;
    steps++;
    const fault = faultFor(invocation, call);
    if (fault !== null) note(faults, fault);
    if (fault === "slow") {
      invocation.wakesAt = now + luck.whole(1, 45) * SECOND;
      return;
    }
    if (fault === "killed") {
      kill(invocation, call.label);
      return;
    }
    await container.goOn(call, await outcomeOf(call, fault, invocation));
    if (container.result !== null) finish(invocation);
  }

  async function outcomeOf(call: Step, fault: Fault | null, invocation: Invocation) {
    const isPublish = call.label === "sns Publish";
    const { from, until } = plan.snsDown;
    if (isPublish && now >= from * SECOND && now < until * SECOND) {
      note(faults, "SNS down");
      return { error: unavailable() };
    }
    if (fault === "throttled") {
      drop(invocation);
      return { error: throttled() };
    }
    try {
      if (fault === "stale read") return { value: await stale(call.command) };
      if (fault === "done twice") await call.perform();
      let value: unknown;
      try {
        value = await call.perform();
      } finally {
        const { id } = published.at(-1) ?? {};
        if (isPublish && id !== undefined) {
          invocation.inHand.add(id);
          if (fault === "done twice") note(repeatable, id);
        }
      }
      if (fault === "answer lost") {
        drop(invocation);
        return { error: timedOut() };
      }
      const { Item } = call.command.input as { Item?: Record<string, unknown> };
      if (Item?.id !== undefined && Item.alertDue === undefined) invocation.inHand.delete(String(Item.id));
      return { value };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException))
        note(faults, `refused: ${(error as Error).name}`);
      return { error: error as Error };
    }
  }

  /** What was in hand may be published once more. */
  function drop(invocation: Invocation): void {
    for (const id of invocation.inHand) note(repeatable, id);
    invocation.inHand.clear();
  }

  function kill(invocation: Invocation, before: string): void {
    note(kills, `${invocation.worker}: ${before}`);
    drop(invocation);
    running = running.filter((one) => one !== invocation);
  }

  function finish(invocation: Invocation): void {
    const { worker, container, handler, messages } = invocation;
    if (plan !== UNDISTURBED && !isSpared(invocation) && happens(plan.rates.killed ?? 0)) {
      note(faults, "killed");
      kill(invocation, "its answer");
      return;
    }
    running = running.filter((one) => one !== invocation);
    drop(invocation);
    if (worker !== "alerts") lastWork = now;
    warm.set(worker, [...(warm.get(worker) ?? []), { container, handler }]);
    const { result } = container;
    if (worker === "metrics" && result !== null && "value" in result) lastMetrics[invocation.half] = now;
    if (!(worker in QUEUES) || result === null) return;
    // The inventory's queue has no partial answers: an error fails all.
    const all = messages.map(({ messageId }) => messageId);
    const answer = "value" in result ? (result.value as SQSBatchResponse | undefined) : null;
    const failed =
      answer === null ? all : (answer?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
    queues[worker as QueueName].settle(messages, new Set(failed));
  }
}

/** Longer ago than this the last whole run of the metrics must not be, or points are lost. */
const METRICS_SPARED_AFTER = LOOK_BACK * SECOND - 75 * MINUTE;

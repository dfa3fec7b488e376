/** What events of CloudTrail take, as EventBridge delivers them: each in a message of its own, a hundred at once. */
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { cloudTrailHandler } from "../../functions/cloudtrail";
import { NO_NETWORKS } from "../../functions/core/attribution/network";
import { BEGIN, type Calls, trailRecord } from "../trail-events";
import type { FunctionDay } from "./flow-logs";
import { withMeter } from "./meter";
import { runtimeOn, SILENT } from "./runtime";

const DAYS = 10;
const BATCH = 100;
const OF: Calls = { events: 100_000, functions: 50, seconds: DAYS * 86_400 };
const EVENTS_A_DAY = OF.events / DAYS;

export interface TrailWork {
  readonly cpuSecondsPer1000Events: number;
  /** Of a function with five kinds of calls; its CPU is in the events. */
  readonly functionDay: Omit<FunctionDay, "cpuSeconds">;
}

/** The tenth day of functions that make the calls that they always make. */
export function measureTrail(): Promise<TrailWork> {
  return withMeter(async (meter) => {
    const runtime = runtimeOn(meter);
    const handle = cloudTrailHandler({
      ...runtime,
      networks: NO_NETWORKS,
      notAfter: runtime.clock,
      report() {},
      log: SILENT,
    });
    runtime.setClock(BEGIN);
    await runtime.look(OF.functions);
    runtime.setClock(BEGIN + (DAYS + 1) * 86_400);
    for (let from = 0; from < OF.events - EVENTS_A_DAY; from += BATCH) await handle(delivery(from));
    // Made beforehand: to write JSON is not the function's work.
    const lastDay: SQSEvent[] = [];
    for (let from = OF.events - EVENTS_A_DAY; from < OF.events; from += BATCH) lastDay.push(delivery(from));
    meter.start();
    for (const event of lastDay) await handle(event);
    const { cpuSeconds, ...work } = meter.taken();
    const each = (count: number) => count / OF.functions;
    return {
      cpuSecondsPer1000Events: cpuSeconds / (EVENTS_A_DAY / 1000),
      functionDay: {
        reads: each(work.reads),
        writes: each(work.writes),
        readUnits: each(work.readUnits),
        writeUnits: each(work.writeUnits),
        storedBytes: each(await runtime.storedBytes()),
      },
    };
  });
}

function delivery(from: number): SQSEvent {
  const message = (_: unknown, i: number) => ({
    messageId: String(from + i),
    body: JSON.stringify({
      "detail-type": "AWS API Call via CloudTrail",
      source: "aws.s3",
      detail: trailRecord(from + i, OF),
    }),
  });
  return { Records: Array.from({ length: BATCH }, message) as SQSRecord[] };
}

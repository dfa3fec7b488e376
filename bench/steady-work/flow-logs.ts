/** What flow logs take: CPU by the gigabyte of their text, and by the day of a function whose peers are known. */
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { NO_NETWORKS } from "../../functions/core/attribution/network";
import { flowLogsHandler } from "../../functions/flow-logs";
import { CONTENDERS } from "../contenders";
import { textFile, textSize } from "../data-files";
import { dataSets } from "../data-set";
import { type Taken, withMeter } from "./meter";
import { runtimeOn, SILENT } from "./runtime";
import { BEGIN, flowLogOf, type Traffic } from "./steady-account";

const DAY = 86_400;
const PERIOD = 300;
const RECORDS = 500_000;
const PASSES = 7;

export interface ScanWork {
  /** CPU seconds for a gigabyte of text, as if all of it were of Lambda's interfaces, or none. */
  readonly lambda: number;
  readonly others: number;
  /** Bytes of gzip for a byte of text. */
  readonly compressed: number;
}

/** A scan of version 5 records, warm; from 5 and 100 % of Lambda's interfaces follow 0 and 100 %. */
export async function measureScan(): Promise<ScanWork> {
  const scans: { percent: number; cpuPerGigabyte: number; compressed: number }[] = [];
  for (const set of dataSets(RECORDS).filter(({ format }) => format === "v5")) {
    const file = await textFile(set);
    const { text, gzip } = await textSize(file);
    const cpu: number[] = [];
    for (let pass = 0; pass < PASSES; pass++) {
      const before = process.cpuUsage();
      await CONTENDERS.plumbline?.(file);
      const { user, system } = process.cpuUsage(before);
      cpu.push((user + system) / 1e6);
    }
    // The first passes compile; what else the machine does only adds to one.
    const least = Math.min(...cpu.slice(2));
    scans.push({
      percent: set.lambdaPercent,
      cpuPerGigabyte: least / (text / 1e9),
      compressed: gzip / text,
    });
  }
  const [few, all] = scans as [(typeof scans)[0], (typeof scans)[0]];
  const slope = (all.cpuPerGigabyte - few.cpuPerGigabyte) / (all.percent - few.percent);
  return {
    lambda: all.cpuPerGigabyte,
    others: few.cpuPerGigabyte - slope * few.percent,
    compressed: Math.max(few.compressed, all.compressed),
  };
}

export interface FunctionDay extends Taken {
  readonly storedBytes: number;
}

/** The third day of functions that do what they did on the two before, a day of one function. */
export function measureFlowLogDay(traffic: Traffic): Promise<FunctionDay> {
  return withMeter(async (meter) => {
    const runtime = runtimeOn(meter);
    runtime.setClock(BEGIN);
    await runtime.look(traffic.functions);
    let object: ReturnType<typeof flowLogOf> | undefined;
    const handle = flowLogsHandler({
      ...runtime,
      objects: {
        open: async () =>
          (async function* () {
            yield object?.body as Uint8Array;
          })(),
      },
      networks: NO_NETWORKS,
      notAfter: runtime.clock,
      report() {},
      log: SILENT,
    });
    for (let at = BEGIN; at < BEGIN + 3 * DAY; at += PERIOD) {
      if (at === BEGIN + 2 * DAY) meter.start();
      object = flowLogOf(traffic, at);
      runtime.setClock(at + DAY);
      await handle(notificationOf(object.key));
    }
    const taken = meter.taken(traffic.functions);
    return { ...taken, storedBytes: (await runtime.storedBytes()) / traffic.functions };
  });
}

function notificationOf(key: string): SQSEvent {
  const s3 = { bucket: { name: "flow-logs" }, object: { key } };
  return { Records: [{ messageId: key, body: JSON.stringify({ Records: [{ s3 }] }) } as SQSRecord] };
}

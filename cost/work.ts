/** What Plumbline's work takes, as measured by `npm run bench:work`. */
import { z } from "zod";
import measured from "./measured-work.json";

const number = z.number().nonnegative();
const calls = {
  reads: number,
  writes: number,
  /** Of DynamoDB, as it bills them: 4 kB read, 1 kB written. */
  readUnits: number,
  writeUnits: number,
};
const taken = z.object({ cpuSeconds: number, ...calls });
/** A day of one function, and the bytes that are kept of it. */
const functionDay = taken.extend({ storedBytes: number });

const measuredWork = z.object({
  measuredOn: z.string(),
  machine: z.string(),
  command: z.string(),
  /** CPU seconds for a gigabyte of text, and bytes of gzip for one of text. */
  scan: z.object({ lambda: number, others: number, compressed: number }),
  /** Functions that talk to peers they know. */
  quietFlowLogs: functionDay,
  /** Functions that send so much that their volume is kept, in every object. */
  sendingFlowLogs: functionDay,
  trail: z.object({ cpuSecondsPer1000Events: number, functionDay: functionDay.omit({ cpuSeconds: true }) }),
  metrics: z.object({ functionDay, runs: number }),
  /** For a thousand functions with an interface each. */
  inventory: z.object({ look: taken, load: taken }),
});

export type MeasuredWork = z.infer<typeof measuredWork>;

export const MEASURED_WORK: MeasuredWork = measuredWork.parse(measured);

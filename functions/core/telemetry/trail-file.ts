/** CloudTrail as it arrives: a file with many records, or one record in an event of EventBridge. */
import { cleanText } from "../text";
import { fieldsOf } from "./json-fields";
import { readTrailEvent, type TrailEvent } from "./trail-event";

export interface TrailScan {
  readonly events: readonly TrailEvent[];
  readonly coverage: TrailCoverage;
  /** Why it could not be read at all; `null` where it could. */
  readonly problem: string | null;
}

/** What became of the records. */
export interface TrailCoverage {
  records: number;
  /** Records that are no call of an API: sign-ins, insights, events of services, copies at VPC endpoints. */
  otherRecords: number;
  /** Records without time, source or name. */
  malformed: number;
}

export const emptyTrailCoverage = (): TrailCoverage => ({ records: 0, otherRecords: 0, malformed: 0 });

/** Nothing that could be read, and why. */
export const unreadableTrail = (problem: string): TrailScan => ({ ...scanOf([]), problem });

/** Reads the text of a file, `{"Records": [...]}`. Never throws. */
export function readTrailFile(text: string): TrailScan {
  const json = parse(text);
  if ("problem" in json) return unreadableTrail(json.problem);
  const { Records: records } = fieldsOf(json.value);
  // What validates a trail's files lies beside them.
  if (!Array.isArray(records))
    return unreadableTrail('it is no CloudTrail file: expected {"Records": [...]}');
  return scanOf(records);
}

/** Reads an event as EventBridge delivers it: the record is its `detail`. Never throws. */
export function readTrailDelivery(body: string): TrailScan {
  const json = parse(body);
  if ("problem" in json) return unreadableTrail(json.problem);
  const { detail } = fieldsOf(json.value);
  return detail === undefined
    ? unreadableTrail("it is no event of EventBridge: it has no detail")
    : scanOf([detail]);
}

function scanOf(records: readonly unknown[]): TrailScan {
  const coverage = emptyTrailCoverage();
  const events: TrailEvent[] = [];
  for (const record of records) {
    const read = readTrailEvent(record);
    coverage.records++;
    if (read === "other") coverage.otherRecords++;
    else if (read === "malformed") coverage.malformed++;
    else events.push(read);
  }
  return { events, coverage, problem: null };
}

function parse(text: string): { value: unknown } | { problem: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: `it cannot be read as JSON (${cleanText((error as Error).message, 120)})` };
  }
}

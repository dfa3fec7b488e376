/**
 * Which management events a trail keeps, after what `PutEventSelectors` asks for.
 *
 * Source: docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html
 */
import { fieldsOf, flagAt, type JsonFields, listOf, textAt } from "./json-fields";

interface Kept {
  readonly reads: boolean;
  readonly writes: boolean;
}

const NOTHING: Kept = { reads: false, writes: false };

/** What the selectors of a request keep together; `null` where there are none that can be read. */
export function managementEventsKept(request: JsonFields): Kept | null {
  const basic = listOf(request.eventSelectors).filter(isObject).map(fieldsOf);
  const advanced = listOf(request.advancedEventSelectors).filter(isObject).map(fieldsOf);
  const kept = [...basic.map(keptByBasic), ...advanced.map(keptByAdvanced)];
  if (kept.length === 0) return null;
  return { reads: kept.some(({ reads }) => reads), writes: kept.some(({ writes }) => writes) };
}

const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);

function keptByBasic(selector: JsonFields): Kept {
  if (flagAt(selector, "includeManagementEvents") === false) return NOTHING;
  const type = textAt(selector, "readWriteType");
  return { reads: type !== "WriteOnly", writes: type !== "ReadOnly" };
}

/** One that asks for single services, names or callers keeps next to nothing; one that leaves some out, most. */
function keptByAdvanced(selector: JsonFields): Kept {
  const fields = listOf(selector.fieldSelectors).map(fieldsOf);
  const valuesOf = (name: string) =>
    fields.filter((one) => one.field === name).flatMap((one) => listOf(one.equals));
  if (!valuesOf("eventCategory").includes("Management")) return NOTHING;
  const isNarrow = fields.some(
    (one) =>
      one.field !== "eventCategory" &&
      one.field !== "readOnly" &&
      [one.equals, one.startsWith, one.endsWith].some((values) => listOf(values).length > 0),
  );
  if (isNarrow) return NOTHING;
  const readOnly = valuesOf("readOnly").map(String);
  return {
    reads: readOnly.length === 0 || readOnly.includes("true"),
    writes: readOnly.length === 0 || readOnly.includes("false"),
  };
}

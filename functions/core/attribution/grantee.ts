/** Whom a policy lets in, as its principal names them. */
import { fieldsOf, listOf } from "../telemetry/json-fields";

/** AWS principals: `*`, ids of accounts, ARNs. A principal is a text, or `{"AWS": ...}`, of one or of several. */
export const awsPrincipals = (principal: unknown): string[] => [
  ...textsOf(principal),
  ...textsOf(fieldsOf(principal).AWS),
];

/** Services, by their names (`sns.amazonaws.com`). */
export const servicePrincipals = (principal: unknown): string[] =>
  [...textsOf(principal), ...textsOf(fieldsOf(principal).Service)].filter((text) =>
    /^[\w.-]{1,100}\.amazonaws\.com(\.cn)?$/.test(text),
  );

/** The account in an id or an ARN; a service has none. */
export const accountIn = (text: string | null): string | null =>
  text?.match(/^(?:arn:[\w-]+:[\w-]*:[\w-]*:)?(\d{12})(?::|$)/)?.[1] ?? null;

const textsOf = (value: unknown): string[] =>
  (typeof value === "string" ? [value] : listOf(value))
    .filter((text) => typeof text === "string")
    .map((text) => text.slice(0, 400).trim());

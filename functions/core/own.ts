/** The value that a record itself has under `key`. Keys come from telemetry, and may be `constructor` or `__proto__`. */
export const own = <T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;

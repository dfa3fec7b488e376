/** What must hold after a disturbed day, held against the undisturbed one. `docs/reliability.md` says it in words. */
import type { Candidate } from "../../functions/core/attribution/entity";
import { canonicalJson, isSameJson } from "../../functions/core/canonical";
import type { Item } from "./command";
import { NAMES } from "./deployment";
import type { Tables } from "./past";
import type { Outcome } from "./simulation";

export interface Day {
  readonly outcome: Outcome;
  readonly tables: Tables;
}

/** One sentence for each thing that does not hold; none where all does. */
export function complaints(day: Day, undisturbed: Day, poison: ReadonlySet<string>): string[] {
  return [
    ...differences("finding", findings(day, undisturbed), findings(undisturbed, undisturbed), ({ id }) =>
      String(id),
    ),
    ...differences(
      "facet",
      baselines(day),
      baselines(undisturbed),
      ({ entity, facet }) => `${entity} ${facet}`,
    ),
    ...differences("inventory item", inventory(day), inventory(undisturbed), (item) => JSON.stringify(item)),
    ...alertComplaints(day.outcome, undisturbed.outcome),
    ...messageComplaints(day.outcome, poison),
  ];
}

function differences(
  what: string,
  ours: readonly Item[] = [],
  theirs: readonly Item[] = [],
  keyOf: (item: Item) => string,
): string[] {
  const [seen, expected] = [ours, theirs].map(
    (items) => new Map(items.map((item) => [keyOf(item), item])),
  ) as [Map<string, Item>, Map<string, Item>];
  return [
    ...[...expected].flatMap(([key, item]) => {
      const other = seen.get(key);
      if (other === undefined) return [`The ${what} ${key} is missing (${item.title ?? ""})`];
      return isSameJson(other, item)
        ? []
        : [`The ${what} ${item.type ?? ""} ${key} differs: ${fieldsThatDiffer(other, item)}`];
    }),
    ...[...seen]
      .filter(([key]) => !expected.has(key))
      .map(([key, { title }]) => `The ${what} ${key} is one too many (${title ?? ""})`),
  ];
}

const fieldsThatDiffer = (seen: Item, expected: Item) =>
  [...new Set([...Object.keys(seen), ...Object.keys(expected)])]
    .filter((name) => name !== "rev" && JSON.stringify(seen[name]) !== JSON.stringify(expected[name]))
    .map((name) => `${name} is ${short(seen[name])}, not ${short(expected[name])}`)
    .join("; ");

const short = (value: unknown) => String(JSON.stringify(value)).slice(0, 300);

/**
 * What was told last of a finding may be its begin. Until then it seemed to come after a change that came after it: that it
 * was tied to that is not taken back, and changes nothing else. And who was invoked stays unknown where each run over
 * metrics that could have told of it was cut off.
 */
function findings({ tables }: Day, undisturbed: Day): Item[] {
  const expected = new Map(undisturbed.tables[NAMES.findings]?.map((item) => [item.id, item]));
  return (tables[NAMES.findings] ?? []).map(({ rev: _, ...item }) => {
    const ties = ["related", "deploys"].flatMap((name) => {
      const seen = (item[name] ?? []) as object[];
      const wanted = (expected.get(item.id)?.[name] ?? []) as object[];
      const hasAll = wanted.every((tie) => seen.some((one) => isSameJson(one, tie)));
      return hasAll ? [[name, wanted] as const] : [];
    });
    return { ...item, ...Object.fromEntries(ties), ...invokedAsFarAsKnown(item, expected.get(item.id)) };
  });
}

function invokedAsFarAsKnown(item: Item, expected: Item | undefined): Item {
  const wanted = (expected?.candidates ?? []) as Candidate[];
  const candidates = ((item.candidates ?? []) as Candidate[]).map((candidate, i) =>
    candidate.invoked === null ? { ...candidate, invoked: wanted[i]?.invoked ?? null } : candidate,
  );
  const invokedFrom = item.invokedFrom ?? expected?.invokedFrom;
  return { candidates, ...(invokedFrom !== undefined && { invokedFrom }) };
}

/**
 * Of a function that is not invoked any more, all but invocations are asked for an hour longer: how far those lines come is
 * left to when the last run was.
 */
const baselines = ({ tables }: Day): Item[] =>
  (tables[NAMES.baselines] ?? []).filter(
    ({ entity, facet }) =>
      !(String(entity).endsWith(":Left") && /^USAGE#(?!Invocations)/.test(String(facet))),
  );

/**
 * Who looked at the account when is left to chance; what was seen there is not. Two looks at once may record the same thing
 * twice, of which the next one closes one.
 */
function inventory({ tables }: Day): Item[] {
  const isOpen = new Map<string, boolean>();
  for (const { key: _, validFrom: __, validTo, expiresAt: ___, ...item } of tables[NAMES.inventory] ?? []) {
    if (item.kind !== "function" && item.kind !== "interface") continue;
    const text = canonicalJson(item);
    isOpen.set(text, isOpen.get(text) === true || validTo === null);
  }
  return [...isOpen].map(([text, open]) => ({ ...JSON.parse(text), isOpen: open }));
}

function alertComplaints({ published, repeatable }: Outcome, undisturbed: Outcome): string[] {
  const [seen, expected] = [published, undisturbed.published].map((all) => {
    const counts = new Map<string, number>();
    for (const { id, type } of all) counts.set(`${type} ${id}`, (counts.get(`${type} ${id}`) ?? 0) + 1);
    return counts;
  }) as [Map<string, number>, Map<string, number>];
  return [
    ...[...expected.keys()].filter((name) => !seen.has(name)).map((name) => `The alert of ${name} was lost`),
    ...[...seen].flatMap(([name, times]) => {
      const most = (expected.get(name) ?? 0) + (repeatable.get(name.split(" ")[1] as string) ?? 0);
      return times <= most
        ? []
        : [`The alert of ${name} was published ${times} times, where ${most} are explained`];
    }),
  ];
}

function messageComplaints({ deadLetters, sent, deleted }: Outcome, poison: ReadonlySet<string>): string[] {
  const dead = new Set(deadLetters);
  return [
    ...[...dead]
      .filter((body) => !poison.has(body))
      .map((body) => `Set aside, but no poison: ${body.slice(0, 200)}`),
    ...[...poison]
      .filter((body) => !dead.has(body))
      .map((body) => `Poison that was not set aside: ${body.slice(0, 200)}`),
    ...(sent === deleted + deadLetters.length
      ? []
      : [`Of ${sent} messages ${deleted} were handled and ${deadLetters.length} set aside`]),
  ];
}

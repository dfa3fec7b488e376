/**
 * What a read that is not consistent may give: an item as it was before the last second's write. An index lags likewise.
 */
import type { Answer, Item } from "./command";

const LAG = 1000;

interface Written {
  readonly table: string;
  readonly key: string;
  readonly at: number;
  readonly before: Item | undefined;
}

const keyOf = ({ id, entity, facet, kind, key }: Item) =>
  JSON.stringify(id === undefined ? [entity, facet, kind, key] : id);

/** Watches writes of `tables`; `now` is in milliseconds. */
export function staleness(
  tables: Answer,
  initial: Readonly<Record<string, readonly Item[]>>,
  now: () => number,
) {
  const items = new Map(
    Object.entries(initial).flatMap(([table, all]) =>
      all.map((item) => [`${table} ${keyOf(item)}`, item] as const),
    ),
  );
  let written: Written[] = [];

  const recently = (table: string) => written.filter((one) => one.table === table && one.at > now() - LAG);
  /** The oldest of what was replaced within the last second, by key. */
  const past = (table: string) =>
    new Map(
      recently(table)
        .reverse()
        .map(({ key, before }) => [key, before]),
    );

  const watched: Answer = async (command) => {
    const answer = await tables(command);
    if (command.name === "PutCommand") {
      const [table, item] = [String(command.input.TableName), command.input.Item as Item];
      const key = keyOf(item);
      written = [
        ...written.filter(({ at }) => at > now() - LAG),
        { table, key, at: now(), before: items.get(`${table} ${key}`) },
      ];
      items.set(`${table} ${key}`, item);
    }
    return answer;
  };

  const stale: Answer = async (command) => {
    const table = String(command.input.TableName);
    const answer = (await tables(command)) as { Item?: Item; Items?: Item[] };
    const before = past(table);
    if (command.name === "GetCommand") {
      const key = keyOf(command.input.Key as Item);
      return before.has(key) ? { Item: before.get(key) } : answer;
    }
    const as = (item: Item) => (before.has(keyOf(item)) ? before.get(keyOf(item)) : item);
    return { ...answer, Items: (answer.Items ?? []).map(as).filter((item) => item !== undefined) };
  };
  return { watched, stale };
}

/** What must hold whatever came in. Told here in other words than in the product, so that one does not excuse the other. */

/** Controls, halves of characters, separators of lines, marks that turn the direction of text. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]/u;

/** Throws where a text, however deep in `value`, would do something to whoever prints it. `breaks`: lines may end. */
export function expectPrintable(value: unknown, what: string, breaks = false): void {
  const seen = new Set<unknown>();
  const open: [unknown, string][] = [[value, what]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [one, path] = next;
    if (typeof one === "string") {
      const found = UNPRINTABLE.exec(breaks ? one.replaceAll("\n", " ") : one);
      if (found !== null)
        throw new Error(
          `${path} holds U+${found[0].charCodeAt(0).toString(16).padStart(4, "0")}: ${JSON.stringify(one.slice(0, 200))}`,
        );
    } else if (typeof one === "object" && one !== null && !seen.has(one)) {
      seen.add(one);
      const entries = one instanceof Map ? [...one] : Object.entries(one);
      for (const [name, part] of entries) open.push([name, `a key of ${path}`], [part, `${path}.${name}`]);
    }
  }
}

const PROTOTYPES = { Object, Array, Function, String, Number, Map, Promise };
const propertiesNow = () =>
  Object.entries(PROTOTYPES)
    .map(([name, { prototype }]) => `${name}: ${Object.getOwnPropertyNames(prototype).sort()}`)
    .join("\n");
const PROPERTIES = propertiesNow();

/** Throws where something was put on a prototype that everything inherits from. */
export function expectCleanPrototypes(): void {
  if (propertiesNow() === PROPERTIES && Object.keys({}).length === 0) return;
  for (const name of Object.keys(Object.prototype))
    delete (Object.prototype as Record<string, unknown>)[name];
  throw new Error(`A prototype was changed:\n${propertiesNow()}`);
}

/** Runs `use`; an error is fine if its message matches, since that is the contract there. */
export function orNamed<T>(named: RegExp, use: () => T): T | null {
  try {
    return use();
  } catch (error) {
    expectNamed(named, error);
    return null;
  }
}

/** Throws an error on, unless it is one that names the thing. */
export function expectNamed(named: RegExp, error: unknown): void {
  if (!(error instanceof Error) || error.constructor !== Error || !named.test(error.message)) throw error;
  expectPrintable(error.message, "the error's message", true);
}

export function expectThat(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

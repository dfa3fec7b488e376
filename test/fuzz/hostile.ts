/** What an attacker writes: texts that mean something to whoever prints or evaluates them, and real shapes with such in them. */
import fc from "fast-check";

const ESC = "\u001b";

export const HOSTILE_TEXTS = [
  // Names that objects of JavaScript have already.
  ...["__proto__", "constructor", "prototype", "hasOwnProperty", "toString", "valueOf"],
  // What a terminal acts on: clears, retitles, links, colours (by C1, too); what turns or hides text.
  ...[
    `${ESC}[2J${ESC}]0;owned\u0007`,
    `${ESC}]8;;https://evil.example${ESC}\\click`,
    "\u009b31mred",
    "\b\b\bgone",
  ],
  ...["\u202egnp.exe", "\u061cmark", "\u2066isolate", "\ufeffmark", "zero\u0000byte"],
  // What would begin another line of a log or mail.
  ...['ok\r\n{"level":"INFO","message":"all is well"}', "line\nline", "line\u2028line", "line\u0085line"],
  // What a browser would run, and what a spreadsheet would.
  ...[
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</article><h1>",
  ],
  ...["=cmd|' /C calc'!A0", "+1+1", "@SUM(1)", "\t=1"],
  // Broken halves of a character, and where a cut may break one.
  ...["\ud800", "\udc00tail", `${"a".repeat(79)}💥💥`, "💥".repeat(400)],
  ...[
    "",
    " ",
    "-",
    "*",
    "#",
    "/",
    "..",
    "../../etc/passwd",
    "%",
    "%00",
    "%E0%A4%A",
    "null",
    "NaN",
    "1e309",
    "0x10",
  ],
  ...[
    "a".repeat(10_000),
    "é".repeat(5_000),
    "1".repeat(400),
    "-1",
    "9007199254740993",
    "18446744073709551616",
  ],
  ...["0.0.0.0", "255.255.255.255", "::", "::ffff:10.0.0.1", "fe80::1%eth0", "10.0.0.1/33", "010.0.0.1"],
  ...["+275760-09-13T00:00:00Z", "-271821-04-20T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z"],
  ...[
    "arn:aws:lambda:us-east-1:111122223333:function:__proto__",
    "arn:aws:iam::111122223333:user/constructor",
  ],
];

export const hostileText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...HOSTILE_TEXTS), fc.constantFrom(...HOSTILE_TEXTS))
      .map((two) => two.join("")),
  },
);

const deep = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

/** Values as JSON has them, some of which `JSON.stringify` could not write. */
const HOSTILE_JSON = [
  ...[
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-1",
    "1e308",
    "-1e308",
    "1e999",
    "9007199254740993",
    "1.5",
    "[]",
    "{}",
    '""',
  ],
  ...[
    '{"__proto__":{"polluted":true}}',
    '{"constructor":{"prototype":{"polluted":true}}}',
    '{"toString":1,"valueOf":2}',
  ],
  ...[`[${"null,".repeat(300)}null]`, `[${"{},".repeat(300)}{}]`],
  ...[deep("[", "]", 200), deep("[", "]", 20_000), deep('{"a":', "}", 20_000).replace(":}", ":1}")],
];

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Change = {
  readonly at: number;
  readonly how: "replace" | "remove" | "rename" | "add" | "repeat";
  readonly text: string;
  readonly json: string | null;
};

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(),
  how: fc.constantFrom("replace", "replace", "replace", "remove", "rename", "add", "repeat"),
  text: hostileText,
  json: fc.option(fc.constantFrom(...HOSTILE_JSON)),
});

/** One of the shapes as JSON text, with up to six changes anywhere in it. */
export const mutatedJson = (...shapes: readonly object[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...shapes), fc.array(change, { maxLength: 6 }))
    .map(([shape, changes]) => changes.reduce(changed, { root: structuredClone(shape) as Json, raw: [] }))
    .map(({ root, raw }) =>
      JSON.stringify(root).replace(/"@@json:(\d+)@@"/g, (_, i) => raw[Number(i)] as string),
    );

interface Draft {
  root: Json;
  /** JSON that is put in place of its number once the rest is written. */
  raw: string[];
}

function changed(draft: Draft, { at, how, text, json }: Change): Draft {
  const value = json === null ? text : `@@json:${draft.raw.push(json) - 1}@@`;
  const places = placesIn(draft.root);
  const place = places[at % (places.length + 1)];
  if (place === undefined) return { ...draft, root: value };
  const { holder, name } = place;
  const before = (holder as Record<string, Json>)[name] as Json;
  if (how === "replace") put(holder, name, value);
  else if (how === "remove") delete (holder as Record<string, Json>)[name];
  else if (Array.isArray(holder)) holder.push(how === "add" ? value : before);
  else if (how === "add") put(holder, text, value);
  else put(holder, text, before);
  return draft;
}

/** An own property, whatever its name. */
const put = (holder: Json[] | Record<string, Json>, name: string, value: Json) =>
  Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });

function placesIn(root: Json): { holder: Json[] | Record<string, Json>; name: string }[] {
  const places: { holder: Json[] | Record<string, Json>; name: string }[] = [];
  const open: Json[] = [root];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== "object" || next === null) continue;
    for (const [name, value] of Object.entries(next)) {
      places.push({ holder: next as never, name });
      open.push(value);
    }
  }
  return places;
}

const splice = fc.record({ at: fc.nat(), drop: fc.nat({ max: 40 }), put: fc.option(hostileText) });

/** One of the texts, with up to eight cuts and insertions. */
export const mutatedText = (...shapes: readonly string[]): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom(...shapes), fc.array(splice, { maxLength: 8 })).map(([shape, splices]) =>
    splices.reduce((text, { at, drop, put }) => {
      const from = at % (text.length + 1);
      return text.slice(0, from) + (put ?? "") + text.slice(from + drop);
    }, shape),
  );

const byteChange = fc.record({
  at: fc.nat(),
  // Of all values, those that make a count or a length large are the ones that matter.
  bytes: fc.oneof(
    fc.constantFrom([0xff], [0x7f], [0x80], [0], [0xfe, 0xff, 0xff, 0xff, 0x0f], [0xff, 0xff, 0xff, 0x7f]),
    fc.array(fc.nat({ max: 255 }), { minLength: 1, maxLength: 4 }),
  ),
});

/** One of the byte strings, with up to six places overwritten, and sometimes without its end. */
export const mutatedBytes = (...shapes: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(
      fc.constantFrom(...shapes),
      fc.array(byteChange, { maxLength: 6 }),
      fc.option(fc.nat(), { freq: 4 }),
    )
    .map(([shape, changes, end]) => {
      const bytes = Buffer.from(shape);
      for (const { at, bytes: some } of changes)
        bytes.set(some.slice(0, bytes.length), at % Math.max(1, bytes.length - some.length + 1));
      return end === null ? bytes : bytes.subarray(0, end % (bytes.length + 1));
    });

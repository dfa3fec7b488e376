/** The sample's flow logs several times over: the same bytes in more records, more connections, or more functions. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { ACCOUNT } from "../../samples/account";
import { BEGIN } from "../../samples/traffic";

/** What there is more of. */
export const MULTIPLIED = ["records", "connections", "functions"] as const;
export type Multiplied = (typeof MULTIPLIED)[number];

/** Columns in the sample's format. */
const [SOURCE_PORT, TARGET_PORT, PACKETS, BYTES] = [5, 6, 8, 9] as const;
const EPHEMERAL = 1024;
const EPHEMERAL_PORTS = 64_000;

/** Writes flow logs of the first days and the inventory of `from`, `times` over, to `to`; the bytes of the flow logs' text. */
export async function multiply(
  from: string,
  to: string,
  what: Multiplied,
  times: number,
  days: number,
): Promise<{ bytes: number; objects: number }> {
  const copies = Array.from({ length: times }, (_, copy) => copy);
  const copyOf = {
    records: (record: string, copy: number) => otherConnection(record, copy, times),
    connections: (record: string, copy: number) => otherConnection(record, copy, 1),
    functions: otherFunction,
  }[what];
  let bytes = 0;
  let objects = 0;
  const after = new Date((BEGIN + days * 86_400) * 1000).toISOString().slice(0, 10).replaceAll("-", "/");
  for (const name of await readdir(from, { recursive: true })) {
    let body: Buffer | string;
    if (name.endsWith(".log.gz")) {
      if ((/\d{4}.\d\d.\d\d(?=.[^/]+$)/.exec(name)?.[0] ?? after) >= after) continue;
      const [header, ...records] = gunzipSync(await readFile(join(from, name)))
        .toString()
        .trimEnd()
        .split("\n");
      const all = records.flatMap((record) => copies.map((copy) => copyOf(record, copy)));
      const text = `${[header, ...all].join("\n")}\n`;
      bytes += text.length;
      objects++;
      body = gzipSync(text);
    } else if (/^inventory\b.*\.json$/.test(name)) {
      body = await readFile(join(from, name), "utf8");
      if (what === "functions") body = manyTimes(body, copies);
    } else continue;
    await mkdir(dirname(join(to, name)), { recursive: true });
    await writeFile(join(to, name), body);
  }
  return { bytes, objects };
}

/** Another connection of the same, from another port of the function's side, with a share of its bytes. */
function otherConnection(record: string, copy: number, shares: number): string {
  const cells = record.split(" ");
  const column = cells.includes("egress") ? SOURCE_PORT : TARGET_PORT;
  const port = Number(cells[column]);
  if (Number.isNaN(port)) return record;
  cells[column] = String(EPHEMERAL + ((port + copy * 7_919) % EPHEMERAL_PORTS));
  for (const one of [PACKETS, BYTES]) cells[one] = String(Math.ceil(Number(cells[one]) / shares));
  return cells.join(" ");
}

/** The same of a function in another account, with a network of its own. */
const otherFunction = (text: string, copy: number): string =>
  copy === 0
    ? text
    : text
        .replaceAll(ACCOUNT, `${ACCOUNT.slice(0, -1)}${copy + 3}`)
        .replaceAll(/\b(eni|vpc|subnet|sg)-0/g, `$1-${copy}`)
        .replaceAll(/\b10\.0\./g, `10.${copy}.`);

/** `{"Functions": [...]}` with every entry for every copy. */
function manyTimes(json: string, copies: readonly number[]): string {
  const [[name, entries]] = Object.entries(JSON.parse(json)) as [[string, object[]]];
  const all = copies.flatMap((copy) =>
    entries.map((entry) => JSON.parse(otherFunction(JSON.stringify(entry), copy)) as object),
  );
  return JSON.stringify({ [name]: all });
}

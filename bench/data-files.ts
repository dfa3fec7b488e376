/** Files of the data sets, made once and kept in `bench/data`. */
import { createReadStream, existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import type { DataSet } from "./data-set";
import { generate } from "./generate";

export const DATA = join(__dirname, "data");

/** The gzip text of a data set. */
export const textFile = (set: DataSet): Promise<string> =>
  made(`${set.format}-${set.lambdaPercent}-${set.records}.log.gz`, (file) => generate(set, file));

/** Bytes of its text, and of its file. */
export async function textSize(file: string): Promise<{ text: number; gzip: number }> {
  let text = 0;
  for await (const chunk of createReadStream(file).pipe(createGunzip())) text += chunk.length;
  return { text, gzip: statSync(file).size };
}

/** Makes a file once; a half-made one has another name. */
export async function made(name: string, make: (file: string) => Promise<void>): Promise<string> {
  mkdirSync(DATA, { recursive: true });
  const file = join(DATA, name);
  if (!existsSync(file)) {
    await make(`${file}.part`);
    renameSync(`${file}.part`, file);
  }
  return file;
}

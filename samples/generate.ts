/** Writes the sample: fifteen days of a small account's telemetry, the same bytes in every run. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describeNetworkInterfaces, LAMBDA_INTERFACES, listFunctions, RESOURCES } from "./account";
import { connectionRecords, flowLogObject, rejectedRecord, statusRecord } from "./flow-log-file";
import { metricData } from "./metrics";
import { random } from "./random";
import { BEGIN, DAYS, REPLACED_AT, trafficOf } from "./traffic";
import { trailFile } from "./trail";

const MINUTES_PER_OBJECT = 5;

/** Writes a telemetry folder anew and gives the number of its objects. */
export async function generateSample(dir: string): Promise<number> {
  await rm(dir, { recursive: true, force: true });
  const replaced = new Date(REPLACED_AT * 1000).toISOString().slice(0, 19).replaceAll(":", "-");
  await writeJson(join(dir, "inventory/functions.json"), listFunctions());
  await writeJson(join(dir, "inventory/network-interfaces.json"), describeNetworkInterfaces("before"));
  await writeJson(join(dir, `inventory/${replaced}Z/functions.json`), listFunctions());
  await writeJson(
    join(dir, `inventory/${replaced}Z/network-interfaces.json`),
    describeNetworkInterfaces("after"),
  );

  const dice = random(20261001);
  const scanned = Object.values(LAMBDA_INTERFACES);
  let objects = 0;
  for (let minute = 0; minute < DAYS * 1440; minute += MINUTES_PER_OBJECT) {
    const at = BEGIN + minute * 60;
    const records: string[] = [];
    for (let i = 0; i < MINUTES_PER_OBJECT; i++) {
      for (const connection of trafficOf(minute + i, dice))
        records.push(...connectionRecords(connection, dice));
    }
    records.push(statusRecord(RESOURCES.secrets.id, at, "NODATA"));
    if (minute % 1440 === 605) records.push(statusRecord(LAMBDA_INTERFACES.OrderApi.id, at, "SKIPDATA"));
    if (dice.next() < 0.2) {
      const target = dice.pick(scanned);
      records.push(rejectedRecord(target.id, target.address, at + 30, dice));
    }
    const { key, body } = flowLogObject(records, at, dice);
    await write(join(dir, key), body);
    objects++;
  }
  await writeJson(join(dir, "metrics/last-fifteen-days.json"), metricData(random(20261003)));
  const chance = random(20261002);
  for (let hour = 0; hour < DAYS * 24; hour++) {
    const { key, body } = trailFile(BEGIN + hour * 3600, chance);
    await write(join(dir, key), body);
  }
  return objects + DAYS * 24;
}

const writeJson = (path: string, value: object) => write(path, `${JSON.stringify(value, null, 2)}\n`);

async function write(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** Many random schedules of the same day, each held against the undisturbed one. */

import {
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
} from "@aws-sdk/lib-dynamodb";
import { startEmbeddedDynamoDb } from "../../cli/local/embedded-dynamodb";
import { random } from "../../samples/random";
import type { Answer, Command } from "./command";
import { NAMES } from "./deployment";
import { memoryTables } from "./memory-tables";
import { everything, fill, pastOf } from "./past";
import { type Plan, planOf, UNDISTURBED } from "./plan";
import { scenario } from "./scenario";
import { type Outcome, simulate } from "./simulation";
import { complaints, type Day } from "./verdict";

export interface Schedule {
  readonly seed: number;
  readonly plan: Plan;
  readonly isOnWire: boolean;
  readonly outcome: Outcome;
  readonly complaints: readonly string[];
}

export interface Campaign {
  readonly undisturbed: Day;
  /** One schedule, in memory or on the wire of the embedded DynamoDB. */
  run(seed: number, isOnWire: boolean): Promise<Schedule>;
}

export async function campaign(): Promise<Campaign> {
  const day = scenario();
  const past = await pastOf(day);
  const poison = new Set(day.deliveries.filter(({ isPoison }) => isPoison).map(({ body }) => body));
  const undisturbed = await dayOn(memoryTables(NAMES), UNDISTURBED, 0);

  async function dayOn(tables: Answer, plan: Plan, seed: number): Promise<Day> {
    await fill(tables, past);
    const outcome = await simulate(day, tables, past, plan, random(seed));
    return { outcome, tables: await everything(tables) };
  }

  return {
    undisturbed,
    async run(seed, isOnWire) {
      const plan = planOf(random(seed));
      const of = (tables: Answer) => dayOn(tables, plan, seed + 1_000_000_007);
      const disturbed = isOnWire ? await onWire(of) : await of(memoryTables(NAMES));
      const { outcome } = disturbed;
      return { seed, plan, isOnWire, outcome, complaints: complaints(disturbed, undisturbed, poison) };
    },
  };
}

const COMMANDS = {
  GetCommand,
  PutCommand,
  DeleteCommand,
  QueryCommand,
  ScanCommand,
  BatchWriteCommand,
} as const;

/** Tables on the wire for as long as `use` takes. */
async function onWire<T>(use: (tables: Answer) => Promise<T>): Promise<T> {
  const database = await startEmbeddedDynamoDb();
  try {
    return await use(async ({ name, input }: Command) => {
      const OneCommand = COMMANDS[name as keyof typeof COMMANDS] as unknown as new (input: never) => never;
      return await database.client.send(new OneCommand(input as never));
    });
  } finally {
    await database.stop();
  }
}
